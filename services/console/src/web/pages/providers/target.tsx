import type { ProviderTargetView } from '@wami/contracts';
import type { ComponentChildren, JSX } from 'preact';
import { Link } from '../../router';
import { sandboxes } from '../../told';
import { Ago } from '../../ui/ago';
import { targetName } from '../../ui/chip';
import { Health } from '../../ui/health';
import { Command } from '../../ui/notices';
import { isUnwell } from '../../ui/target-health';
import { StartImport } from '../imports/start-import';
import { CheckTarget } from './check-target';
import { Kinds } from './kinds';
import { PauseTarget } from './pause-target';
import { ResyncTarget } from './resync-target';
import { SandboxFaults } from './sandbox-faults';
import { agreementText, holdsText, limitsText, paceText, targetLink } from './target-text';

interface Props {
  readonly target: ProviderTargetView;
  /** It is the one that the address is about. */
  readonly open: boolean;
}

export function Target({ target, open }: Props): JSX.Element {
  const { health, reason, mode, tenants, limits, quota, success, reportedAt, capabilities } = target;
  const name = targetName(target);
  return (
    <article class="panel padded" aria-label={name}>
      <div class="title">
        <h2><Link to={targetLink(target)} data-row>{name}</Link></h2>
        <Health health={health} />
        {reportedAt !== undefined && <span class="quiet">so since <Ago time={reportedAt} /></span>}
      </div>
      {reason !== undefined && <p class={isUnwell(health) ? 'trouble' : 'quiet'}>{reason}</p>}
      <p>{agreementText(success)} {success.rate !== undefined && <meter min={0} max={1} value={success.rate} aria-label={`${name}: agreement`} />}</p>
      <dl class="facts">
        <Credentials target={target} />
        <Fact name="Limits">{limits && limitsText(limits)}</Fact>
        <Fact name="Pace">{quota.length > 0 && paceText(quota)}</Fact>
        <Fact name="Mode">{mode === 'observe' && 'looked at and never written to'}</Fact>
        <Fact name="Open to">{tenants?.join(', ')}</Fact>
      </dl>
      {capabilities.length > 0 && <details open={open}><summary>{holdsText(capabilities)}</summary><Kinds target={target} /></details>}
      {open && <CheckTarget target={target} />}
      {open && <ResyncTarget target={target} />}
      {open && <PauseTarget target={target} />}
      {open && <StartImport target={target} />}
      {sandboxes.includes(name) && <SandboxFaults target={target} />}
      <p class="action section">See it: <Command line={`npx wami provider show ${name}`} /></p>
    </article>
  );
}

function Credentials({ target: { credentials } }: { readonly target: ProviderTargetView }): JSX.Element | null {
  if (credentials === undefined) return null;
  const { type, principal, expiresAt, expiresSoon } = credentials;
  return (
    <>
      <Fact name="Credentials">{type}{principal !== undefined && <>, as <code>{principal}</code></>}</Fact>
      <Fact name="They end">{expiresAt === undefined ? 'not that it is known' : <span class={expiresSoon ? 'not' : ''}>{expiresSoon && '! '}<Ago time={expiresAt} /></span>}</Fact>
    </>
  );
}

/** Left out where there is nothing to tell. */
function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element | null {
  if (children === undefined || children === false || children === '') return null;
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

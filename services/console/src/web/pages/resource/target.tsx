import type { DriftItem, ExplainedTarget, SyncState } from '@wami/contracts';
import type { JSX } from 'preact';
import { Ago, useNow } from '../../ui/ago';
import { Chip, targetName } from '../../ui/chip';
import { DriftWord, Found } from '../../ui/found';
import { Prose } from '../../ui/notices';
import { Actions } from './actions';
import { Changes } from './changes';
import { LookNow } from './look-now';

const STEPS = [['scope', 'In scope'], ['match', 'Matched'], ['difference', 'Difference'], ['plan', 'Next']] as const;

interface PanelProps {
  readonly resource: string;
  readonly target: ExplainedTarget;
  /** What somebody else was found to have changed there last. */
  readonly drift: DriftItem | undefined;
}

/** One target: its state, why it is so step by step, what differs, what was found there, and what somebody can do. */
export function TargetPanel({ resource, target, drift }: PanelProps): JSX.Element {
  const { state, match, difference } = target;
  const name = targetName(target);
  return (
    <section class="panel padded" aria-label={name}>
      <div class="title"><h3>{name}</h3>{state ? <Chip state={state.state} /> : <span class="quiet">not there</span>}{state && <span class="quiet">since <Ago time={state.updatedAt} /></span>}</div>
      {state && <Failure state={state} />}
      <ol class="steps" aria-label="Why">{STEPS.map(([step, title]) => <Step key={step} title={title} {...target[step]} hint={hintOf(target, step)} />)}</ol>
      {difference.changes.length > 0 && <Changes {...difference} />}
      <LookNow resource={resource} target={target} />
      {drift && <section aria-label={`Found at ${name}`}><p class="quiet">Somebody else changed it, found <Ago time={drift.foundAt} />. <DriftWord state={drift.state} /></p><Found {...drift} /></section>}
      {match.nativeArn !== undefined && <dl class="facts"><div><dt>There it is</dt><dd><code>{match.nativeArn}</code></dd></div></dl>}
      <Actions resource={resource} target={target} />
    </section>
  );
}

/** One remedy is said once: the last step is about what to do. */
function hintOf(target: ExplainedTarget, step: (typeof STEPS)[number][0]): string | undefined {
  const { hint } = target[step];
  return step !== 'plan' && hint === target.plan.hint ? undefined : hint;
}

interface StepProps {
  readonly title: string;
  readonly ok: boolean;
  readonly text: string;
  readonly hint?: string | undefined;
}

function Step({ title, ok, text, hint }: StepProps): JSX.Element {
  return (
    <li>
      <span class={`mark ${ok ? 'ok' : 'not'}`} aria-label={ok ? 'fine' : 'look here'} role="img">{ok ? '✓' : '!'}</span>
      <span class="step">{title}</span>
      <span>{text}</span>
      {hint !== undefined && <span class="hint">→ <Prose text={hint} /></span>}
    </li>
  );
}

function Failure({ state }: { readonly state: SyncState }): JSX.Element | null {
  const now = useNow();
  if (state.state !== 'Failed') return null;
  const { error: { code, message }, retryCount, nextRetryAt } = state;
  return (
    <p class="trouble"><strong>{code}</strong> {message} <span class="quiet">
      {retryCount > 0 && `Tried ${retryCount + 1} times. `}{nextRetryAt === undefined ? 'Not tried again by itself.' : Date.parse(nextRetryAt) <= now ? 'Its next try is due.' : <>Next try <Ago time={nextRetryAt} />.</>}
    </span></p>
  );
}

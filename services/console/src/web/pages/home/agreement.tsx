import { WORST_FIRST, type ProviderTargetView } from '@wami/contracts';
import type { JSX } from 'preact';
import type { Summary } from '../../api/schemas';
import { Link } from '../../router';
import { Chip, targetName } from '../../ui/chip';
import { Health } from '../../ui/health';
import { targetLink } from '../providers/target-text';
import { within } from './needs';
import { standings, type Standing } from './standings';

interface Props {
  readonly counts: Summary['counts'];
  readonly targets: readonly ProviderTargetView[];
  /** Only of this one and those below it. */
  readonly tenant: string | undefined;
}

/** How much agrees, target by target, each state a link to what is in it; and whether it can be called, which is another thing. */
export function Agreement({ counts, targets, tenant }: Props): JSX.Element {
  return <ul class="agreement">{standings(counts).map((one) => <Target key={one.target} {...one} told={targets.find((target) => targetName(target) === one.target)} tenant={tenant} />)}</ul>;
}

function Target({ target, total, states, told, tenant }: Standing & Pick<Props, 'tenant'> & { readonly told: ProviderTargetView | undefined }): JSX.Element {
  const agrees = states.get('Synced') ?? 0;
  return (
    <li>
      <div class="title"><h3>{told ? <Link to={targetLink(told)}>{target}</Link> : target}</h3>{told && <Health health={told.health} />}</div>
      <p>{agrees === total ? `All ${total} agree.` : `${agrees} of ${total} agree.`} <meter min={0} max={total} value={agrees} aria-label={`${target}: ${agrees} of ${total} agree`} /></p>
      <ul class="chips">{WORST_FIRST.filter((state) => states.has(state)).map((state) => <li key={state}><Link to={within(tenant, `/r?state=${state}`)}><Chip state={state} /> {states.get(state)}</Link></li>)}</ul>
    </li>
  );
}

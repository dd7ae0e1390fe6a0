import { WORST_FIRST } from '@wami/contracts';
import type { JSX } from 'preact';
import type { Summary } from '../../api/schemas';
import { Link } from '../../router';
import { Chip } from '../../ui/chip';
import { standings, type Standing } from './standings';

/** How much agrees, target by target, each state a link to what is in it. */
export function Agreement({ counts }: { readonly counts: Summary['counts'] }): JSX.Element {
  return <ul class="agreement">{standings(counts).map((one) => <Target key={one.target} {...one} />)}</ul>;
}

function Target({ target, total, states }: Standing): JSX.Element {
  const agrees = states.get('Synced') ?? 0;
  return (
    <li>
      <h3>{target}</h3>
      <p>{agrees === total ? `All ${total} agree.` : `${agrees} of ${total} agree.`} <meter min={0} max={total} value={agrees} aria-label={`${target}: ${agrees} of ${total} agree`} /></p>
      <ul class="chips">{WORST_FIRST.filter((state) => states.has(state)).map((state) => <li key={state}><Link to={`/r?state=${state}`}><Chip state={state} /> {states.get(state)}</Link></li>)}</ul>
    </li>
  );
}

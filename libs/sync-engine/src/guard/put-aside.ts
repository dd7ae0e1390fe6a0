import type { Presence } from '../bindings/binding';
import { kindNamed } from '../kinds';
import type { Action } from '../reconcile/decide';
import type { Outcome } from '../reconcile/outcome';
import type { Pass } from '../reconcile/pass';
import { isEmpty } from '../reconcile/shape';
import type { Judge } from '../record/verdict';
import { relationTake, takesOf } from './takes';

type Found = NonNullable<Presence['found']>;

/** So long what was found waits for more of the same, so that all of it is asked about together. */
const GATHER_MS = 500;

/**
 * The guard is asked when a pass is claimed. What its look finds beyond that and would be taken away (relations that somebody else made) is put aside: it
 * goes on record, and the next pass asks for it like for any other removal. Pure.
 */
export function putAside(pass: Pass, action: Action): { readonly action: Action; readonly found?: Found } {
  if (action.do !== 'update' || pass.observeOnly) return { action };
  const { work } = pass;
  const asked = new Set(takesOf(work));
  const found: Record<string, readonly string[]> = {};
  const removeFrom: Record<string, readonly string[]> = {};
  for (const [facet, names] of Object.entries(action.changes.removeFrom)) {
    const of = kindNamed(work.binding.kind).facets[facet]?.of;
    const unasked = [...work.ends].filter(([id, end]) => 'name' in end && end.kind === of && names.includes(end.name) && !asked.has(relationTake(facet, id)));
    const aside = new Set(unasked.map(([, end]) => ('name' in end ? end.name : '')));
    if (aside.size > 0) found[facet] = unasked.map(([id]) => id).sort();
    if (aside.size < names.length) removeFrom[facet] = names.filter((name) => !aside.has(name));
  }
  if (Object.keys(found).length === 0) return { action };
  const changes = { ...action.changes, removeFrom };
  const { operation, observed, takes, leaves } = action;
  const idle = isEmpty(changes) && changes.adopt === undefined && takes === undefined && leaves === undefined;
  return { found, action: idle ? { do: 'nothing', operation, observed } : { ...action, changes } };
}

/** Puts on record what was put aside; where nothing was done for another reason that stays as it was. */
export function withFound(outcome: Outcome, found: Found | undefined): Outcome {
  if (found === undefined || outcome.presence === null || outcome.is === 'refused' || (outcome.is === 'waiting' && outcome.untouched)) return outcome;
  return { ...outcome, found: true, presence: { ...outcome.presence, found } };
}

/** When the next pass asks about what was put aside by this one; null where nothing was. */
export function asksAt({ found }: Outcome, { now }: Pick<Judge, 'now'>): number | null {
  return found ? now + GATHER_MS : null;
}

import type { Observed } from '@wami/provider-port';
import type { Presence } from '../bindings/binding';
import type { Action } from '../reconcile/decide';
import type { Pass } from '../reconcile/pass';
import { observedShape, type ComparedShape } from '../reconcile/shape';
import { isOfSettings } from './held';
import { sidesOf, withParts, type Part, type Side } from './parts';
import { CHANGED_HERE, TAKING } from './reasons';
import { taken } from './taken';

const NOTHING: ComparedShape = { fields: {}, tags: {}, facets: {} };

/** What the target has otherwise than it was last agreed is to become intent; what only changed here stays as it is on both sides. Pure. */
export function pull(pass: Pass, found: Observed, now: number): Extract<Action, { do: 'take' }> {
  const { work, wanted, remembered, adoption } = pass;
  const seen = observedShape(found, remembered, work);
  const sides = sidesOf(remembered ?? NOTHING, wanted, seen).map((side) => ({ ...side, base: baseOf(pass, side) }));
  const differing = sides.filter((side) => side.found !== side.wanted);
  const pulled = taken(pass, differing.filter((side) => side.found !== side.base && !(side.found === undefined && isOfSettings(work, side))));
  const isChangedHere = differing.some((side) => side.found === side.base && !isOfSettings(work, side));
  const parts = sides.map((side): Part => ({ at: side.at, value: side.found === side.wanted ? side.wanted : side.base }));
  const reason = pulled ? TAKING : isChangedHere ? CHANGED_HERE : undefined;
  return {
    do: 'take', operation: adoption ? 'adopt' : 'update', ...(reason === undefined ? {} : { reason }),
    presence: { ...standing(pass, found, now), ...partsOnRecord(pass, remembered ?? seen, parts), ...(pulled ? { pulled } : {}) },
  };
}

/**
 * What both sides had last. Of what is seen for the first time that is what stands there, and of what it has beside nothing: that is to become intent. Of what
 * an attempt of our own may have made nobody can tell who changed it: it counts as agreed.
 */
function baseOf({ work: { lost }, remembered }: Pass, { base, wanted, found }: Side): string | undefined {
  if (lost) return found;
  return remembered !== undefined ? base : wanted === undefined ? undefined : found;
}

function partsOnRecord({ work: { binding: { presence } } }: Pass, first: ComparedShape, parts: readonly Part[]): ComparedShape {
  const { fields, tags, facets } = withParts<ComparedShape>(presence ?? first, parts);
  return { fields, tags, facets };
}

/** All of the record but its parts, as the thing is called now. */
function standing({ work: { binding: { presence } }, adoption }: Pass, { providerResourceId, nativeArn, name }: Observed, observedAt: number): Omit<Presence, 'pulled' | keyof ComparedShape> {
  const { pulled: _pulled, missing: _missing, ...rest }: Partial<Presence> = presence ?? {};
  return { ...rest, providerResourceId, nativeArn, name, observedAt, ...(adoption ? { adopted: true } : {}) };
}

import type { ConflictStrategy } from '@wami/contracts';
import type { Changes, Observed } from '@wami/provider-port';
import type { Action } from '../reconcile/decide';
import type { Pass } from '../reconcile/pass';
import { changesBetween, NO_CHANGES, observedShape, type ComparedShape } from '../reconcile/shape';
import type { Work } from '../reconcile/work';
import { isOfSettings } from './held';
import { sidesOf, withParts, type Part, type Side } from './parts';
import { isTold, differenceOf } from './pulled';
import { LEFT_BOTH, TAKING } from './reasons';
import { taken } from './taken';

type Way = 'agreed' | 'write' | 'take' | 'conflict';

/** Before something is changed here it is seen whether somebody changed it there. */
export function isBothWays({ config, binding }: Work): boolean {
  return config.direction === 'bidirectional' && binding.presence !== null;
}

/** Whichever side changed since both last agreed is made the other's too; where both did, the tenant's strategy decides. Pure. */
export function bothWays(pass: Pass, found: Observed, action: Action, now: number): Action {
  const { work, wanted, remembered = wanted } = pass;
  const { binding: { presence } } = work;
  const seen = observedShape(found, remembered, work);
  const sides = sidesOf(remembered, wanted, seen).map((side) => ({ ...side, way: wayOf(pass, side) }));
  const conflicts = sides.filter(({ way }) => way === 'conflict');
  const strategy = strategyOf(pass);
  if (conflicts.length > 0 && strategy === 'fail') return { do: 'clash', existing: found, conflicts };
  if (conflicts.length > 0 && strategy === 'skip') return { do: 'skip', reason: LEFT_BOTH, presence };
  const pulled = taken(pass, sides.filter((side) => isTaken(side, strategy)));
  const parts = sides.filter((side) => side.way === 'agreed' || isTaken(side, strategy)).map(({ at, wanted: value }): Part => ({ at, value }));
  const changes = writesOf(pass, withParts(seen, parts), action);
  if (changes) return { do: 'update', operation: 'update', observed: found, changes, looked: true, ...(pulled ? { pulled } : {}) };
  if (!pulled || presence === null) return { do: 'nothing', operation: 'update', observed: found };
  const { pulled: _before, missing: _missing, ...record } = presence;
  const { providerResourceId, nativeArn, name } = found;
  return { do: 'take', operation: 'update', reason: TAKING, presence: { ...withParts(record, parts), providerResourceId, nativeArn, name, observedAt: now, pulled } };
}

/** Whether what is gone at the target and was changed here is made again: somebody asked for it, or the tenant did. */
export function isMadeAgain(pass: Pass): boolean {
  const { work: { binding: { strategy } } } = pass;
  const decided = pass.changes === undefined ? strategy : strategyOf(pass);
  return decided === 'overwrite' || decided === 'merge';
}

/** What is to be done where both sides changed. */
export function strategyOf({ work: { binding: { strategy }, config } }: Pass): ConflictStrategy {
  return strategy ?? config.conflictResolution;
}

/** Of what an attempt of our own may have made nobody can tell who changed it: the value of here is written, but for what was pulled before. */
function wayOf(pass: Pass, side: Side): Way {
  const { work: { lost, binding: { presence }, resource }, nameHere } = pass;
  const { base, wanted, found } = side;
  if (found === wanted) return 'agreed';
  if (found === base || (found === undefined && isOfSettings(pass.work, side))) return 'write';
  if (wanted === base) return !lost || isTold(differenceOf(side, { kind: resource.kind, document: resource.document ?? {} }, nameHere), presence) ? 'take' : 'write';
  return lost ? 'write' : 'conflict';
}

/** Merging, a value goes before none, and of two that of here. */
function isTaken({ way, wanted }: Side & { readonly way: Way }, strategy: ConflictStrategy): boolean {
  return way === 'take' || (way === 'conflict' && strategy === 'merge' && wanted === undefined);
}

function writesOf({ wanted, work }: Pass, from: ComparedShape, action: Action): Changes | undefined {
  const changes = changesBetween(from, wanted, work);
  const adopt = action.do === 'update' && action.changes.adopt === true;
  return changes || adopt ? { ...(changes ?? NO_CHANGES), ...(adopt ? { adopt } : {}) } : undefined;
}

import type { Observed, OwnershipMark } from '@wami/provider-port';
import type { Presence } from '../bindings/binding';

/**
 * Whose a thing at the target is. `ours`: it carries our mark, or it is the very thing that we hold on record. `nobodys`: unmarked.
 * `anothers`: marked as something else, of this installation or another.
 */
export function ownerOf({ mark: found, providerResourceId }: Observed, mark: OwnershipMark, presence: Presence | null): 'ours' | 'nobodys' | 'anothers' {
  // Where a cloud's mark has no room for the instance it is empty; ids are unique over all instances.
  if (found) return found.id === mark.id && (found.instance === mark.instance || found.instance === '') ? 'ours' : 'anothers';
  return presence !== null && presence.providerResourceId === providerResourceId ? 'ours' : 'nobodys';
}

/** Ours and somebody took the mark off; not where it never could carry one. */
export function lostItsMark({ mark }: Observed, presence: Presence | null): boolean {
  return mark === undefined && presence?.unmarked !== true;
}

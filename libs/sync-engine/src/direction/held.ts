import type { SyncReason } from '@wami/contracts';
import { operationOf, type Binding } from '../bindings/binding';
import type { Outcome } from '../reconcile/outcome';
import type { Pass } from '../reconcile/pass';
import type { Work } from '../reconcile/work';
import { sidesOf, type Side } from './parts';
import { CHANGED_HERE, DELETED_THERE, TAKING } from './reasons';

/**
 * What can be said without a look where the tenant does not only push: undefined where something is to be asked or done at the target, or where nothing
 * speaks against agreement. Pure.
 */
export function heldByDirection(pass: Pass): Outcome | undefined {
  const { work: { binding, config: { direction }, lost }, adoption } = pass;
  if (direction === 'push' || binding.deleted || binding.verifySince !== null || lost || adoption) return undefined;
  if (binding.presence?.missing && (direction === 'pull' || (!pass.changes && binding.strategy === null))) return skipped(binding, DELETED_THERE);
  if (direction === 'pull' && (pass.remembered === undefined || isChangedHere(pass))) return skipped(binding, binding.presence?.pulled ? TAKING : CHANGED_HERE);
  const isOpen = binding.presence?.pulled !== undefined && (direction === 'pull' || !pass.changes);
  return isOpen ? skipped(binding, TAKING) : undefined;
}

/** Whether intent differs from what was last agreed, but for tags that only the settings ask for. */
export function isChangedHere({ work, wanted, remembered }: Pass): boolean {
  return remembered !== undefined && sidesOf(remembered, wanted, remembered).some((side) => !isOfSettings(work, side));
}

/** A tag that the tenant puts on everything, and the resource itself does not say. */
export function isOfSettings({ resource, config }: Work, { at }: Pick<Side, 'at'>): boolean {
  if (!at.startsWith('tags/')) return false;
  const key = at.slice('tags/'.length);
  return key in config.tags && !(key in ((resource.document?.['tags'] as object | undefined) ?? {}));
}

export function skipped(binding: Binding, reason: SyncReason, presence = binding.presence): Outcome {
  return { is: 'skipped', reason, directed: true, operation: operationOf(binding), presence };
}

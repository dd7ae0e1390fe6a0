import { OWNER, type Reference } from '@wami/provider-port';
import { kindNamed } from '../kinds';
import type { Opening } from '../reconcile/open';
import type { Pass } from '../reconcile/pass';
import { isLeftOut, waitingFor } from '../reconcile/waiting-for';
import type { Work } from '../reconcile/work';

/** What a resource belongs to. */
export function ownerOfResource({ kind, document }: Pick<Work['resource'], 'kind' | 'document'>): { readonly id: string; readonly kind: string } | undefined {
  return document === null ? undefined : kindNamed(kind).belongsTo?.(document);
}

/** What it belongs to at the target: its name, as it is called now, else as it was when it was last seen there; and what the target calls it for good, where that is on record. */
export function ownerAt({ resource, ends, binding: { presence } }: Work): Pick<Reference, 'owner' | 'ownerResourceId'> {
  const end = ends.get(ownerOfResource(resource)?.id ?? '');
  const owner = end?.is === 'ready' || end?.is === 'leaving' ? end.name : presence?.fields[OWNER];
  const ownerResourceId = end && 'providerResourceId' in end ? end.providerResourceId : undefined;
  return { ...(owner === undefined ? {} : { owner }), ...(ownerResourceId === undefined ? {} : { ownerResourceId }) };
}

/** Nothing is asked or done while what it belongs to has no certain name there, nothing made before that is there, and nothing beside another whose making is not over. Pure. */
export function ownerless({ work }: Pass): Opening | undefined {
  const { resource, ends, binding: { deleted, presence }, lost, turnOf } = work;
  const owner = ownerOfResource(resource);
  if (owner === undefined) return undefined;
  const as = { operation: deleted ? 'delete' as const : presence === null ? 'create' as const : 'update' as const, presence, untouched: true };
  const is = ends.get(owner.id)?.is;
  const isThere = is === 'ready' || deleted || presence !== null;
  if (is === 'moving') return { outcome: { ...waitingFor(work, { until: 'named', resource: owner.id }), ...as } };
  if (!isThere && isLeftOut(work, { resource: owner.id })) {
    return { outcome: { is: 'skipped', reason: `${owner.kind}/${owner.id}, to which it belongs, is Skipped at this target`, awaits: { until: 'present', resource: owner.id }, unfinished: lost, operation: as.operation, presence } };
  }
  if (!isThere) return { outcome: { ...waitingFor(work, { until: 'present', resource: owner.id }), ...as } };
  if (turnOf !== undefined && presence === null && (!deleted || lost)) return { outcome: { ...waitingFor(work, turnOf), ...as } };
  return undefined;
}

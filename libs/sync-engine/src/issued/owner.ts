import { OWNER } from '@wami/provider-port';
import { kindNamed } from '../kinds';
import type { Opening } from '../reconcile/open';
import type { Pass } from '../reconcile/pass';
import { waitingFor } from '../reconcile/waiting-for';
import type { Work } from '../reconcile/work';

/** What a resource belongs to. */
export function ownerOfResource({ kind, document }: Pick<Work['resource'], 'kind' | 'document'>): { readonly id: string; readonly kind: string } | undefined {
  return document === null ? undefined : kindNamed(kind).belongsTo?.(document);
}

/** Name at the target of what it belongs to: as it is called now, else as it was when it was last seen there. */
export function ownerAt({ resource, ends, binding: { presence } }: Work): string | undefined {
  const end = ends.get(ownerOfResource(resource)?.id ?? '');
  return end?.is === 'ready' || end?.is === 'leaving' ? end.name : presence?.fields[OWNER];
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
  if (!isThere) return { outcome: { ...waitingFor(work, { until: 'present', resource: owner.id }), ...as } };
  if (turnOf !== undefined && presence === null && (!deleted || lost)) return { outcome: { ...waitingFor(work, turnOf), ...as } };
  return undefined;
}

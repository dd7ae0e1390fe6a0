import { BOUNDARY } from '@wami/provider-port';
import type { ComparedShape } from './shape';
import type { Opening } from './open';
import type { Pass } from './pass';
import { isLeftOut, waitingFor } from './waiting-for';
import type { Work } from './work';

/** Id of the policy that is its permissions boundary. */
export function boundaryOf({ document }: Pick<Work['resource'], 'document'>): string | undefined {
  const id = document?.[BOUNDARY];
  return typeof id === 'string' ? id : undefined;
}

/** Native ARN of the policy that is to limit it. */
export function boundaryAt({ resource, ends }: Work): string | undefined {
  const end = ends.get(boundaryOf(resource) ?? '');
  return end?.is === 'ready' ? end.nativeArn : undefined;
}

/** Without what limits it, it could do more there than it may: until that stands, nothing is made or changed. Pure. */
export function unbounded({ work }: Pass): Opening | undefined {
  const { resource: { document }, binding: { presence }, lost } = work;
  const id = boundaryOf({ document });
  if (id === undefined) return undefined;
  const as = { operation: presence === null ? 'create' as const : 'update' as const, presence };
  const is = work.ends.get(id)?.is;
  if (is === 'ready') return undefined;
  const isMissing = isLeftOut(work, { resource: id });
  if (!isMissing && (is === 'pending' || is === 'moving')) return { outcome: { ...waitingFor(work, { until: is === 'pending' ? 'present' : 'named', resource: id }), untouched: true, ...as } };
  return { outcome: { is: 'skipped', reason: 'its permissions boundary is not at this target, and without it this could do more than it may', unfinished: lost, ...(isMissing ? { awaits: { until: 'present', resource: id } } : {}), ...as } };
}

/** By a boundary that we set, or may have set. Pure. */
export function mayBeLimited({ binding: { presence, triedEnds } }: Pick<Work, 'binding'>): boolean {
  return presence?.fields[BOUNDARY] !== undefined || (triedEnds[BOUNDARY] ?? []).length > 0;
}

/** A boundary that we set, or may have set, and that is not wanted any more is taken away; what others limit it by stays. Pure. */
export function freed(from: ComparedShape, to: ComparedShape, work: Pick<Work, 'binding' | 'ends'>): Readonly<Record<string, string>> {
  const there = from.fields[BOUNDARY];
  return there !== undefined && to.fields[BOUNDARY] === undefined && isOurs(there, work) ? { [BOUNDARY]: '' } : {};
}

function isOurs(there: string, { binding: { presence, triedEnds }, ends }: Pick<Work, 'binding' | 'ends'>): boolean {
  const tried = (triedEnds[BOUNDARY] ?? []).map((id) => ends.get(id));
  return there === presence?.fields[BOUNDARY] || tried.some((end) => (end?.is === 'ready' || end?.is === 'leaving') && end.nativeArn === there);
}

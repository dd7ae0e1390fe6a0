import { createHash } from 'node:crypto';
import { DECLARED_BY } from '@wami/contracts';
import { KINDS } from '../api/kinds';
import { markFieldOf, patchOf } from './fields';
import { canonical } from './json';
import { labelOf, type ActualThing, type Fields, type Thing } from './model';
import type { Creation, Deletion, Linking, ThingChange, Update } from './plan';

/** One write, as POST /v1/batch takes it. */
export interface Operation {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: Fields;
  readonly idempotencyKey?: string;
  readonly ifMatch?: string;
}

/** Id of a thing that is there, or was made meanwhile. */
export type IdOf = (thing: Thing) => string | undefined;

/**
 * The key follows from what is asked and from the version that it was decided on, so that the same plan, made again after a cut-off, asks with the same keys.
 * @param salt for what has to be done anew though it was done before
 */
export function keyed(declaration: string, operation: Operation, salt = ''): Operation {
  const { method, path, body, ifMatch } = operation;
  const hash = createHash('sha256').update([declaration, method, path, ifMatch ?? '', canonical(body ?? null), salt].join('\n')).digest('base64url');
  return { ...operation, idempotencyKey: `apply-${hash}` };
}

const etag = (version: number): string => `"${version}"`;
const tenantPath = (path: string): string => `/v1/tenants/${encodeURIComponent(path)}`;
const pathOf = ({ kind, id }: Pick<ActualThing, 'kind' | 'id'>): string => (kind === 'tenant' ? tenantPath(id) : `/v1/${KINDS[kind].collection}/${id}`);

/** @param boundary id; without one the boundary is left out */
export function creation(mark: string | undefined, { thing: { kind, tenant }, wanted }: Creation, boundary: string | undefined): Operation {
  const { syncConfig: _later, permissionsBoundary: _name, ...given } = wanted;
  const field = markFieldOf(kind);
  const fields = mark === undefined ? given : { ...given, [field]: { ...(given[field] as object | undefined), [DECLARED_BY]: mark } };
  if (kind === 'tenant') return { method: 'POST', path: '/v1/tenants', body: { id: tenant, name: tenant, ...fields } };
  return { method: 'POST', path: `/v1/${KINDS[kind].collection}`, body: { tenant, ...fields, ...(boundary === undefined ? {} : { permissionsBoundary: boundary }) } };
}

/** Undefined where only the sync-config differs, or a boundary that has no id yet. */
export function patch(declaration: string, { actual, wanted, boundary, differing, adopts }: Update, boundaryId: string | undefined): Operation | undefined {
  const fields = differing.filter((field) => field !== 'syncConfig' && !(field === 'permissionsBoundary' && boundary !== undefined && boundaryId === undefined));
  if (fields.length === 0 && !adopts) return undefined;
  const body = patchOf(actual.kind, fields, actual.fields, { ...wanted, permissionsBoundary: boundaryId }, adopts ? declaration : undefined);
  return { method: 'PATCH', path: pathOf(actual), body, ifMatch: etag(actual.version) };
}

/** The tenant's own settings as a whole. @param version of the tenant as it is then */
export function syncConfig(change: ThingChange, version: number): Operation | undefined {
  if (change.action === 'delete' || change.thing.kind !== 'tenant') return undefined;
  const wanted = change.wanted['syncConfig'] as Fields | undefined;
  if (wanted === undefined || (change.action === 'change' && !change.differing.includes('syncConfig'))) return undefined;
  return { method: 'PUT', path: `${tenantPath(change.thing.tenant)}/sync-config`, body: wanted, ifMatch: etag(version) };
}

export function deletion({ actual }: Deletion): Operation {
  return { method: 'DELETE', path: pathOf(actual), ifMatch: etag(actual.version) };
}

/** Repeating it changes nothing, so it needs no key. Names what is not there. */
export function linking({ action, of, to }: Linking, idOf: IdOf): Operation | { readonly missing: string } {
  const [ofId, toId] = [idOf(of), idOf(to)];
  if (ofId === undefined || toId === undefined) return { missing: labelOf(ofId === undefined ? of : to) };
  const method = action === 'add' || action === 'attach' ? 'PUT' : 'DELETE';
  if (action === 'add' || action === 'remove') return { method, path: `/v1/groups/${toId}/members/${ofId}` };
  return { method, path: `/v1/${KINDS[of.kind as keyof typeof KINDS].collection}/${ofId}/policies/${toId}` };
}

import { DECLARED_BY, parentTenant, type RelationView, type SyncConfigPatch, type TenantView } from '@wami/contracts';
import { STRONG, type Client } from '../api/client';
import { eachLimited } from '../api/each-limited';
import { KINDS, type CliKind } from '../api/kinds';
import { readAll } from '../api/pages';
import type { ResourceRow } from '../api/references';
import { nameFieldOf } from './fields';
import { keyOf, type Actual, type ActualRelation, type ActualThing, type Declaration, type Fields } from './model';

export type Row = ResourceRow & { readonly kind: CliKind; readonly tags: Readonly<Record<string, string>>; readonly document: Fields };

const PARALLEL = 8;

/** All that is in the declaration's tenants, what else is marked with its name, and the policies above that it refers to. */
export async function observe(client: Client, declaration: Declaration): Promise<Actual> {
  const declared = [...declaration.things.values()];
  const paths = declared.filter(({ kind }) => kind === 'tenant').map(({ tenant }) => tenant);
  const tenants = (await readAll<TenantView>(client, '/v1/tenants')).filter(({ status }) => status === 'active');
  const known = new Set(tenants.map(({ id }) => id));
  const roots = paths.filter((path) => known.has(path) && !paths.some((other) => path.startsWith(`${other}/`) && known.has(other)));
  const withSettings = new Set(declared.filter(({ kind, fields }) => kind === 'tenant' && 'syncConfig' in fields).map(({ tenant }) => tenant));
  const rows = await Promise.all([
    ...roots.map((tenant) => readRows(client, { tenant })), readRows(client, { tag: `${DECLARED_BY}=${declaration.name}` }), policiesAbove(client, declaration, roots),
  ]);
  const relations = await Promise.all(roots.map((tenant) => readAll<RelationView>(client, '/v1/relations', { tenant })));
  return actualOf(await withSyncConfig(client, tenants, withSettings), rows.flat(), relations.flat().map(toRelation));
}

/** All that is in these tenants and below, for an export. Undefined: all that the caller sees. */
export async function observeAll(client: Client, tenant: string | undefined): Promise<Actual> {
  const all = (await readAll<TenantView>(client, '/v1/tenants')).filter(({ status }) => status === 'active');
  const tenants = all.filter(({ id }) => tenant === undefined || id === tenant || id.startsWith(`${tenant}/`));
  const [rows, above, relations] = await Promise.all([
    readRows(client, { tenant }), tenant === undefined ? [] : readRows(client, { kind: 'policy' }), readAll<RelationView>(client, '/v1/relations', { tenant }),
  ]);
  return actualOf(await withSyncConfig(client, tenants, new Set(tenants.map(({ id }) => id))), [...rows, ...above], relations.map(toRelation));
}

/** Of the kinds that can be declared: a key or a login profile cannot. */
async function readRows(client: Client, query: Readonly<Record<string, string | undefined>>): Promise<Row[]> {
  return (await readAll<Row>(client, '/v1/resources', { ...query, include: 'document' }, STRONG)).filter(({ kind }) => Object.hasOwn(KINDS, kind));
}

/** Policies by the names that the file uses and does not declare: in tenants above the roots. */
async function policiesAbove(client: Client, { things }: Declaration, roots: readonly string[]): Promise<Row[]> {
  if (roots.every((root) => parentTenant(root) === undefined)) return [];
  const declared = [...things.values()];
  const own = new Set(declared.filter(({ kind }) => kind === 'policy').map(({ name }) => name));
  const names = new Set(declared.flatMap(({ policies, boundary }) => [...policies, ...(boundary ? [boundary] : [])]).map(({ name }) => name).filter((name) => !own.has(name)));
  return (await eachLimited([...names], PARALLEL, (q) => readRows(client, { kind: 'policy', q }))).flat();
}

function withSyncConfig(client: Client, tenants: readonly TenantView[], wanted: ReadonlySet<string>): Promise<ActualThing[]> {
  return eachLimited(tenants, PARALLEL, async ({ id, version, name, providerAccounts, quotas, metadata }) => {
    const { [DECLARED_BY]: declaredBy, ...rest } = metadata;
    const fields = { name, providerAccounts, quotas, metadata: rest };
    const thing = { kind: 'tenant', tenant: id, name: id, id, version, fields, ...(declaredBy === undefined ? {} : { declaredBy }) } as const;
    if (!wanted.has(id)) return thing;
    const { body } = await client.call<{ own: SyncConfigPatch }>('GET', `/v1/tenants/${encodeURIComponent(id)}/sync-config`);
    return { ...thing, fields: { ...fields, syncConfig: body.own } };
  });
}

export function actualOf(tenants: readonly ActualThing[], rows: readonly Row[], relations: readonly ActualRelation[]): Actual {
  const things = [...tenants, ...new Map(rows.map((row) => [row.id, toThing(row)])).values()];
  return { byKey: new Map(things.map((thing) => [keyOf(thing), thing])), byId: new Map(things.map((thing) => [thing.id, thing])), relations };
}

const toRelation = (relation: RelationView): ActualRelation =>
  ({ id: relation.id, kind: relation.kind, ...(relation.kind === 'membership' ? { toId: relation.groupId, ofId: relation.userId } : { toId: relation.policyId, ofId: relation.ownerId }) });

function toThing({ id, kind, tenant, name, version, document }: Row): ActualThing {
  const { [nameFieldOf(kind)]: _name, tags, documentVersion: _documentVersion, ...fields } = document as Fields & { readonly tags?: Readonly<Record<string, string>> };
  const { [DECLARED_BY]: declaredBy, ...rest } = tags ?? {};
  return { kind, tenant, name, id, version, fields: { ...fields, tags: rest }, ...(declaredBy === undefined ? {} : { declaredBy }) };
}

import { createHash } from 'node:crypto';
import { isWithinTenant, type FoundThing, type ImportableKind, type ImportObstacle } from '@wami/contracts';
import type { Observed } from '@wami/provider-port';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import type { ImportRow } from './import-table';
import { thingKey } from './stood';
import type { Standing } from './stood-table';

/** A thing at the target as an import sees it. */
export type Judged = { readonly item: string } & (
  | { readonly is: 'managed'; readonly resource: string; readonly tenant: string; /** This very import made it so. */ readonly lately: boolean }
  | { readonly is: 'unmanaged'; readonly obstacle?: ImportObstacle; readonly thing: FoundThing });

/** The other end of a relation: what may be told of as `resource` or as `item`; with `isNew` this import brings it in, or could. */
export interface End {
  readonly key: string;
  readonly isNew: boolean;
  readonly resource?: string;
  readonly item?: string;
}

/** By their native names. */
export type Ends = ReadonlyMap<string, End>;

/** What judging rests on beside the things themselves. */
export interface JudgedBy {
  readonly import: Pick<ImportRow, 'job' | 'account' | 'tenant'>;
  readonly kind: ImportableKind;
  /** What WAMI signs in as. */
  readonly principal: string;
  readonly instance: string;
  readonly naming: string | undefined;
  readonly ends: ReadonlyMap<string, Ends>;
}

interface Holder {
  readonly resource: string;
  readonly tenant: string;
  readonly id: string | null;
  readonly job: string | null;
}

/** Names a thing within a job, and tells nothing about it. */
export function itemOf({ job, account }: Pick<ImportRow, 'job' | 'account'>, kind: string, { providerResourceId }: Pick<Observed, 'providerResourceId'>): string {
  return createHash('sha256').update(JSON.stringify([job, account, kind, providerResourceId])).digest('hex').slice(0, 32);
}

/** Whether each of these is managed, by its mark or because it stands on record; and what hinders importing those that are not. */
export async function judge(client: PoolClient, db: EngineDatabase, by: JudgedBy, page: readonly Observed[]): Promise<Judged[]> {
  const { rows } = await client.query<Holder>(`SELECT b.resource, b.tenant, b.presence->>'providerResourceId' AS id, r.document->'adopts'->>'job' AS job
      FROM ${db.bindings.name} b LEFT JOIN ${db.table('resources')} r ON r.id = b.resource
      WHERE b.account = $1 AND b.state <> 'Gone' AND (b.resource = ANY($2) OR (b.presence IS NOT NULL AND b.presence->>'providerResourceId' = ANY($3)))`,
  [by.import.account, page.flatMap(({ mark }) => mark?.id ?? []), page.map(({ providerResourceId }) => providerResourceId)]);
  const byResource = new Map(rows.map((row) => [row.resource, row]));
  const byNativeId = new Map(rows.map((row) => [row.id, row]));
  return page.map((observed) => {
    const { mark } = observed;
    const ours = mark && (mark.instance === by.instance || mark.instance === '') ? byResource.get(mark.id) : undefined;
    const holder = mark ? ours : byNativeId.get(observed.providerResourceId);
    const item = itemOf(by.import, by.kind, observed);
    return holder ? { item, is: 'managed', resource: holder.resource, tenant: holder.tenant, lately: holder.job === by.import.job } : { item, is: 'unmanaged', ...unmanaged(observed, by) };
  });
}

function unmanaged(observed: Observed, by: JudgedBy): { obstacle?: ImportObstacle; thing: FoundThing } {
  const { providerResourceId, nativeArn, name: nativeName, mark, obstacle, shape } = observed;
  const name = nameHere(nativeName, by.import.tenant, by.naming);
  const path = shape.fields['path'];
  const hindered: ImportObstacle | undefined = mark ? 'marked' : nativeArn === by.principal ? 'own-principal' : obstacle ?? (name === undefined ? 'naming' : undefined);
  const related = relatedEnds(shape, by.ends).flatMap(([facet, { resource, item }]): FoundThing['related'] => (resource !== undefined ? [{ facet, resource }] : item === undefined ? [] : [{ facet, item }]));
  const thing = { providerResourceId, nativeArn, nativeName, name: name ?? nativeName, ...(path === undefined ? {} : { path }), tags: { ...shape.tags }, related };
  return { ...(hindered === undefined ? {} : { obstacle: hindered }), thing };
}

/** Whether this import brings it in, or another might. */
export function isNew(one: Judged): boolean {
  return one.is === 'managed' ? one.lately : one.obstacle === undefined;
}

/** Relations of things that nobody here had a hand in: one of their ends at least is not managed yet, or by this import alone. */
export function standingOf({ kind, ends }: Pick<JudgedBy, 'kind' | 'ends'>, page: readonly Observed[], judged: readonly Judged[]): Standing[] {
  return page.flatMap(({ providerResourceId, shape }, i) => {
    const owner = thingKey(kind, providerResourceId);
    const isNewHere = judged[i] !== undefined && isNew(judged[i]);
    return relatedEnds(shape, ends).filter(([, end]) => end.isNew || isNewHere).map(([facet, { key }]) => ({ owner, facet, other: key }));
  });
}

/** Relations between what the tenant or one below it manages already and what this import found: what was found cannot tell of them itself. */
export function relationsOf({ import: { tenant }, ends }: Pick<JudgedBy, 'import' | 'ends'>, page: readonly Observed[], judged: readonly (Judged | undefined)[]): { readonly resource: string; readonly facet: string; readonly item: string }[] {
  return page.flatMap(({ shape }, i) => {
    const one = judged[i];
    if (one?.is !== 'managed' || !isWithinTenant(one.tenant, tenant)) return [];
    return relatedEnds(shape, ends).flatMap(([facet, { item }]) => (item === undefined ? [] : [{ resource: one.resource, facet, item }]));
  });
}

function relatedEnds({ facets }: Observed['shape'], ends: JudgedBy['ends']): (readonly [string, End])[] {
  return Object.entries(facets).flatMap(([facet, names]) => names.flatMap((other) => {
    const end = ends.get(facet)?.get(other);
    return end ? [[facet, end] as const] : [];
  }));
}

/** The reverse of `nameAtTarget`; undefined where no resource of the tenant could have this name there. */
export function nameHere(nativeName: string, tenant: string, template = '{name}'): string | undefined {
  const [before = '', after = '', more] = template.replaceAll('{tenant}', tenant.split('/').join('.')).split('{name}');
  if (more !== undefined || !nativeName.startsWith(before) || !nativeName.endsWith(after) || nativeName.length <= before.length + after.length) return undefined;
  return nativeName.slice(before.length, nativeName.length - after.length);
}

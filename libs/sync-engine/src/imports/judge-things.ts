import { createHash } from 'node:crypto';
import type { FoundThing, ImportableKind, ImportObstacle } from '@wami/contracts';
import type { Observed } from '@wami/provider-port';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import type { ImportRow } from './import-table';

/** A thing at the target as an import sees it. */
export type Judged = { readonly item: string } & (
  | { readonly is: 'managed'; readonly resource: string; readonly tenant: string }
  | { readonly is: 'unmanaged'; readonly obstacle?: ImportObstacle; readonly thing: FoundThing });

/** The other end of a relation, by its native name: managed, or found by this import. */
export type Ends = ReadonlyMap<string, { readonly resource?: string; readonly item?: string }>;

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
}

/** Names a thing within a job, and tells nothing about it. */
export function itemOf({ job, account }: Pick<ImportRow, 'job' | 'account'>, kind: string, { providerResourceId }: Pick<Observed, 'providerResourceId'>): string {
  return createHash('sha256').update(JSON.stringify([job, account, kind, providerResourceId])).digest('hex').slice(0, 32);
}

/** Whether each of these is managed, by its mark or because it stands on record; and what hinders importing those that are not. */
export async function judge(client: PoolClient, db: EngineDatabase, by: JudgedBy, page: readonly Observed[]): Promise<Judged[]> {
  const { rows } = await client.query<Holder>(`SELECT resource, tenant, presence->>'providerResourceId' AS id FROM ${db.bindings.name}
      WHERE account = $1 AND state <> 'Gone' AND (resource = ANY($2) OR (presence IS NOT NULL AND presence->>'providerResourceId' = ANY($3)))`,
  [by.import.account, page.flatMap(({ mark }) => mark?.id ?? []), page.map(({ providerResourceId }) => providerResourceId)]);
  const byResource = new Map(rows.map((row) => [row.resource, row]));
  const byNativeId = new Map(rows.map((row) => [row.id, row]));
  return page.map((observed) => {
    const { mark } = observed;
    const ours = mark && (mark.instance === by.instance || mark.instance === '') ? byResource.get(mark.id) : undefined;
    const holder = mark ? ours : byNativeId.get(observed.providerResourceId);
    const item = itemOf(by.import, by.kind, observed);
    return holder ? { item, is: 'managed', resource: holder.resource, tenant: holder.tenant } : { item, is: 'unmanaged', ...unmanaged(observed, by) };
  });
}

function unmanaged(observed: Observed, by: JudgedBy): { obstacle?: ImportObstacle; thing: FoundThing } {
  const { providerResourceId, nativeArn, name: nativeName, mark, obstacle, shape } = observed;
  const name = nameHere(nativeName, by.import.tenant, by.naming);
  const path = shape.fields['path'];
  const hindered: ImportObstacle | undefined = mark ? 'marked' : nativeArn === by.principal ? 'own-principal' : obstacle ?? (name === undefined ? 'naming' : undefined);
  const related = Object.entries(shape.facets).flatMap(([facet, names]) => names.flatMap((other) => {
    const end = by.ends.get(facet)?.get(other);
    return end ? [{ facet, ...end }] : [];
  }));
  const thing = { providerResourceId, nativeArn, nativeName, name: name ?? nativeName, ...(path === undefined ? {} : { path }), tags: { ...shape.tags }, related };
  return { ...(hindered === undefined ? {} : { obstacle: hindered }), thing };
}

/** The reverse of `nameAtTarget`; undefined where no resource of the tenant could have this name there. */
export function nameHere(nativeName: string, tenant: string, template = '{name}'): string | undefined {
  const [before = '', after = '', more] = template.replaceAll('{tenant}', tenant.split('/').join('.')).split('{name}');
  if (more !== undefined || !nativeName.startsWith(before) || !nativeName.endsWith(after) || nativeName.length <= before.length + after.length) return undefined;
  return nativeName.slice(before.length, nativeName.length - after.length);
}

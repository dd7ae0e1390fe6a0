import type { SyncConfigPatch } from '@wami/contracts';
import type { Client } from '../api/client';
import { KINDS } from '../api/kinds';
import { readAll } from '../api/pages';
import type { Actual, ActualRelation, ActualThing, Fields } from './model';
import { actualOf, type Row } from './observe';

/** Read models whose replay holds an organisation. */
export const ORGANISATION_MODELS = ['resources', 'relations', 'sync-states'] as const;

type OldResource = Omit<Row, 'document'> & { readonly deleted: boolean; readonly document: Fields | null };
interface OldRelation { readonly holder: string; readonly held: string; readonly kind: ActualRelation['kind'] | null }
interface OldTenant { readonly path: string; readonly deleted: boolean; readonly config: SyncConfigPatch }

/** What the newest replay of those read models holds, of all tenants, without those who were erased since. Of tenants only that they were there, and how they were synced. */
export async function readAsItWas(client: Client): Promise<Actual> {
  const rows = <T>(table: string): Promise<T[]> => readAll<T>(client, '/v1/projection/replayed', { table });
  const [resources, relations, tenants] = await Promise.all([rows<OldResource>('resources'), rows<OldRelation>('relations'), rows<OldTenant>('sync_tenants')]);
  const things = resources.filter((row): row is OldResource & Row => Object.hasOwn(KINDS, row.kind) && !row.deleted && row.document !== null && row.name !== '');
  const there = new Set(things.map(({ id }) => id));
  return actualOf(tenants.filter(({ deleted }) => !deleted).map(tenantThen), things, relations.flatMap((one) => relationThen(one, there)));
}

const tenantThen = ({ path, config }: OldTenant): ActualThing => ({ kind: 'tenant', tenant: path, name: path, id: path, version: 0, fields: { syncConfig: config } });

/** One with a missing end is none. */
function relationThen({ holder, held, kind }: OldRelation, there: ReadonlySet<string>): ActualRelation[] {
  return kind === null || !there.has(holder) || !there.has(held) ? [] : [{ id: `${holder} ${held}`, kind, toId: held, ofId: holder }];
}

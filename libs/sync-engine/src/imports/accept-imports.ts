import { isWithinTenant, type RecordedEvent, type RecordedImportEvent } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { causedBy } from '../fold/fold-resources';
import { knowTargets } from '../targets/lease';
import { importTable } from './import-table';

type Requested = Extract<RecordedImportEvent, { type: 'wami.import.requested.v1' }>;

/** Takes on the imports among the events. Resolves with the accounts that are to be read. */
export async function acceptImports(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[], now: number): Promise<Set<string>> {
  const accounts = new Set<string>();
  for (const event of events.filter(isImport).filter(({ tenant, data }) => data.provider === db.provider && isWithinTenant(tenant, data.scope))) {
    const { stream, tenant, subject, data } = event;
    await client.query(`INSERT INTO ${importTable(db)} (job, account, tenant, subject, kinds, cause, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [stream, data.account, tenant, subject, JSON.stringify(data.kinds), JSON.stringify(causedBy(event)), now]);
    accounts.add(data.account);
  }
  await knowTargets(client, db, [...accounts]);
  return accounts;
}

function isImport(event: RecordedEvent): event is Requested {
  return event.type === 'wami.import.requested.v1';
}

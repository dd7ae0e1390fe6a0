import type { ClientBase } from 'pg';
import { physicalName } from '../model/table';
import { SYNC_STATES, SYNC_SUMMARY } from '../sync-states/sync-states.table';

/** Counts the states of whole tenants anew: what changed rows past the fold did not move the counters. */
export async function recount(client: ClientBase, schema: string, generation: number, tenants: readonly string[]): Promise<void> {
  if (tenants.length === 0) return;
  const [summary, states] = [SYNC_SUMMARY, SYNC_STATES].map((table) => `${schema}.${physicalName(table, generation)}`);
  await client.query(`DELETE FROM ${summary} WHERE tenant = ANY($1::text[])`, [tenants]);
  await client.query(`INSERT INTO ${summary} (tenant, provider, account, kind, state, code, count)
    SELECT tenant, provider, account, kind, state, code, count(*) FROM ${states} WHERE tenant = ANY($1::text[]) AND state IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6`, [tenants]);
}

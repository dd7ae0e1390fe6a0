import type { ClientBase } from 'pg';
import { physicalName, TENANT_RANGE } from '../model/table';
import { countedIn } from '../sync-states/binding-row';
import { SYNC_STATES, SYNC_SUMMARY } from '../sync-states/sync-states.table';

/** Counts the states of whole tenants anew, and of those above them: what changed rows past the fold did not move the counters. */
export async function recount(client: ClientBase, schema: string, generation: number, tenants: readonly string[]): Promise<void> {
  if (tenants.length === 0) return;
  const scopes = [...new Set(tenants.flatMap(countedIn))];
  const [summary, states] = [SYNC_SUMMARY, SYNC_STATES].map((table) => `${schema}.${physicalName(table, generation)}`);
  await client.query(`DELETE FROM ${summary} WHERE tenant = ANY($1::text[])`, [scopes]);
  await client.query(`INSERT INTO ${summary} (tenant, provider, account, kind, state, code, reason, count)
    SELECT scope, provider, account, kind, state, code, skipped_for, count(*)
    FROM unnest($1::text[]) AS scope JOIN ${states} s ON scope = '' OR (s.${TENANT_RANGE} >= scope || '/' AND s.${TENANT_RANGE} < scope || '0')
    WHERE state IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7`, [scopes]);
}

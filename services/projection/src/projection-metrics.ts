import type { Metrics } from '@wami/platform';
import type { Pool } from 'pg';
import type { Lag } from './position/lag';
import { SyncSummaryQueries } from './sync-states/sync-summary.query';

/** Read when they are scraped, from what is kept counted; labels hold no tenant. */
export function exportMetrics(metrics: Metrics, pool: Pool, schema: string, lag: Lag): void {
  const summaries = new SyncSummaryQueries(pool, schema, lag);
  metrics.gauge('wami_projection_lag_seconds', 'Age of the read models', [], (gauge) => gauge.set(lag.seconds()));
  metrics.gauge('wami_sync_states', 'Bindings by state', ['provider', 'account', 'kind', 'state'], async (gauge) => {
    gauge.reset();
    for (const { count, ...labels } of await summaries.counts('', true)) gauge.set(labels, count);
  });
  metrics.gauge('wami_sync_oldest_pending_timestamp_seconds', 'Since when the oldest binding waits; 0 where none does', [], async (gauge) => {
    const oldest = await summaries.oldestPending('');
    gauge.set(oldest === undefined ? 0 : Date.parse(oldest) / 1000);
  });
  metrics.gauge('wami_deadletter_events', 'Events that could not be taken in and those that wait behind them', ['consumer'], async (gauge) => {
    const { rows: [parked] } = await pool.query<{ count: number }>(`SELECT count(*) FROM ${schema}.parked WHERE skipped_at IS NULL`);
    gauge.set({ consumer: 'projection' }, parked?.count ?? 0);
  });
}

import type { Metrics } from '@wami/platform';
import type { Pool } from 'pg';
import { IDENTITY_SCHEMA } from '../identity.names';

/** Where the database is away, what was told last stays. */
export function tellBackups(metrics: Metrics, pool: Pool): void {
  metrics.gauge('wami_backup_timestamp_seconds', 'When wami admin backup last made a backup of this instance; 0 where it never did', [], async (gauge) => {
    const answer = await pool.query<{ at: number }>(`SELECT coalesce(extract(epoch FROM backed_up_at), 0)::float8 AS at FROM ${IDENTITY_SCHEMA}.store_info`).catch(() => undefined);
    if (answer) gauge.set(answer.rows[0]?.at ?? 0);
  });
}

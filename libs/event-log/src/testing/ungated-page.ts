import type { LogPosition } from '@wami/contracts';
import { readLogPage, type EventStore, type LogPage } from '@wami/event-store';
import type { Pool } from 'pg';

/** The planted bug: reads what is committed by now, whoever is still open before it. */
export function ungatedPage(pool: Pool, { schema, source }: Pick<EventStore, 'schema' | 'source'>, after: LogPosition, limit: number): Promise<LogPage> {
  const ungated = new Proxy(pool, {
    get: (target, name) => (name === 'query'
      ? ({ text, values }: { text: string; values: unknown[] }) => target.query(text.replace(/tx < pg_snapshot_xmin\(pg_current_snapshot\(\)\)/, 'true'), values)
      : Reflect.get(target, name, target)),
  });
  return readLogPage(ungated, { schema, source }, after, limit);
}

import { LOG_START } from '@wami/contracts';
import type { SourceSchema } from '@wami/event-log';
import { escapeIdentifier, escapeLiteral, type Pool } from 'pg';
import type { HeadSource } from './head-source';

/** Writers whose events are published in schemas of this database. One whose service has not started yet has written nothing. */
export function headsOfSchemas(pool: Pool, sources: readonly SourceSchema[]): HeadSource {
  return {
    async heads() {
      const { rows } = await pool.query<{ schema: string }>(
        `SELECT s AS schema FROM unnest($1::text[]) AS s WHERE to_regclass(quote_ident(s) || '.published_events') IS NOT NULL`, [sources.map(({ schema }) => schema)]);
      const there = sources.filter(({ schema }) => rows.some((row) => row.schema === schema));
      if (there.length === 0) return {};
      const heads = there.map(({ source, schema }) => `(SELECT ${escapeLiteral(source)} AS source, tx || '.' || position AS position
        FROM ${escapeIdentifier(schema)}.published_events ORDER BY published_events.tx DESC, published_events.position DESC LIMIT 1)`);
      const found = await pool.query<{ source: string; position: string }>(heads.join(' UNION ALL '));
      return Object.fromEntries(found.rows.map(({ source, position }) => [source, position ?? LOG_START]));
    },
  };
}

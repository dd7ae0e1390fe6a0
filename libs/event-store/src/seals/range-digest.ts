import type { ClientBase, Pool } from 'pg';

/** A part of a log in its order: how many events, the place of the last, and what they amount to. */
export interface RangeDigest {
  readonly events: number;
  readonly tx: string;
  readonly position: string;
  /** SHA-256, hex, over the SHA-256 of each event with all that is stored of it, its place included. */
  readonly digest: string;
}

const EVENT = `sha256(convert_to(jsonb_build_array(tx::text, position, tenant, stream_id, version, event_id, type, schema_v, key, subject, data, personal, meta,
  extract(epoch FROM recorded_at))::text, 'UTF8'))`;

/**
 * What the events amount to that `where` selects; undefined where there are none. The database computes it: no event travels.
 * @param where with `$n` for `values`, of trusted text
 */
export async function rangeDigest(db: Pool | ClientBase, quotedSchema: string, where: string, values: readonly unknown[]): Promise<RangeDigest | undefined> {
  const { rows: [range] } = await db.query<RangeDigest>(
    `WITH part AS (SELECT tx, position, ${EVENT} AS digest FROM ${quotedSchema}.events WHERE ${where})
     SELECT count(*)::int AS events, (array_agg(tx::text ORDER BY tx DESC, position DESC))[1] AS tx, (array_agg(position::text ORDER BY tx DESC, position DESC))[1] AS position,
       encode(sha256(string_agg(digest, ''::bytea ORDER BY tx, position)), 'hex') AS digest FROM part`, [...values]);
  return range && range.events > 0 ? range : undefined;
}

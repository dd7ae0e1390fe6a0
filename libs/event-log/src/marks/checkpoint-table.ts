import { migrate, type Migration } from '@wami/event-store';
import { escapeIdentifier, type Pool } from 'pg';

/**
 * SQL that makes the table of a subscriber's positions in its own schema. It may run again and again; the schema must be there.
 * `partition` is -1 on the PostgreSQL transport, which leaves `next_offset` alone.
 */
function checkpointMigration(schema: string): string {
  return `CREATE TABLE IF NOT EXISTS ${escapeIdentifier(schema)}.checkpoints (
  group_name text NOT NULL,
  source text NOT NULL,
  partition integer NOT NULL,
  epoch text NOT NULL DEFAULT '',
  tx xid8 NOT NULL DEFAULT '0',
  position bigint NOT NULL DEFAULT 0,
  next_offset bigint NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (group_name, source, partition)
)`;
}

export const checkpointMigrations = (schema: string): readonly Migration[] => [{ id: '001-checkpoints', up: checkpointMigration(schema) }];

/** Makes the schema and the table; replicas that start together wait for each other. */
export async function migrateCheckpoints(pool: Pool, schema: string): Promise<void> {
  await migrate({ pool, schema, tool: 'event-log-checkpoints', migrations: checkpointMigrations(schema) });
}

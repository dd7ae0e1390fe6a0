import { LOG_START, type LogPosition } from '@wami/contracts';
import { migrate, type Migration } from '@wami/event-store';
import { escapeIdentifier, type Pool } from 'pg';

/** SQL that makes the table of a relay's cursor in the event store's schema. It may run again and again. */
function relayMigration(schema: string): string {
  return `CREATE TABLE IF NOT EXISTS ${escapeIdentifier(schema)}.relay (
  topic text PRIMARY KEY,
  generation bigint NOT NULL DEFAULT 0,
  epoch text NOT NULL DEFAULT '',
  tx xid8 NOT NULL DEFAULT '0',
  position bigint NOT NULL DEFAULT 0,
  partitions integer,
  offsets bigint[] NOT NULL DEFAULT '{}',
  updated_at timestamptz NOT NULL DEFAULT now()
)`;
}

export const relayMigrations = (schema: string): readonly Migration[] => [{ id: '001-relay', up: relayMigration(schema) }];

export async function migrateRelay(pool: Pool, schema: string): Promise<void> {
  await migrate({ pool, schema, tool: 'event-log-relay', migrations: relayMigrations(schema) });
}

export interface CursorState {
  /** Of the store that was published; '' before the first start. */
  readonly epoch: string;
  /** Everything at or before it is in Kafka. */
  readonly position: LogPosition;
  /** Partitions of the topic at the first start; undefined before it. */
  readonly partitions: number | undefined;
  /** Per partition, the offset after the newest acknowledged record. */
  readonly offsets: readonly bigint[];
}

/** Another relay has taken over. */
export class LeadershipLost extends Error {
  constructor() {
    super('another relay has taken over');
  }
}

interface Row {
  readonly generation: string;
  readonly epoch: string;
  readonly tx: string;
  readonly position: string;
  readonly partitions: number | null;
  readonly offsets: readonly (string | number)[];
}

/** The cursor of one leadership: each writes only under its own generation, so a relay that was thought dead cannot move it. */
export class RelayCursor {
  private constructor(
    private readonly pool: Pool, private readonly table: string, private readonly topic: string, private readonly generation: string,
    private current: CursorState,
  ) {}

  static async takeOver(pool: Pool, schema: string, topic: string): Promise<RelayCursor> {
    const table = `${escapeIdentifier(schema)}.relay`;
    const { rows: [row] } = await pool.query<Row>(
      `INSERT INTO ${table} AS r (topic, generation) VALUES ($1, 1) ON CONFLICT (topic) DO UPDATE SET generation = r.generation + 1
       RETURNING generation::text, epoch, tx::text, position::text, partitions, offsets::text[]`,
      [topic],
    );
    if (!row) throw new LeadershipLost();
    const offsets = row.offsets.map((offset) => BigInt(offset));
    const state = { epoch: row.epoch, position: `${row.tx}.${row.position}`, partitions: row.partitions ?? undefined, offsets };
    return new RelayCursor(pool, table, topic, row.generation, state);
  }

  /** Where the relay of a topic is, whoever leads. */
  static async published(pool: Pool, schema: string, topic: string): Promise<LogPosition> {
    const { rows: [row] } = await pool.query<{ position: LogPosition }>(
      `SELECT tx::text || '.' || position AS position FROM ${escapeIdentifier(schema)}.relay WHERE topic = $1`, [topic],
    );
    return row?.position ?? LOG_START;
  }

  get state(): CursorState {
    return this.current;
  }

  /** @throws LeadershipLost */
  async save(state: CursorState): Promise<void> {
    const [tx = '0', position = '0'] = state.position.split('.');
    const { rowCount } = await this.pool.query(
      `UPDATE ${this.table} SET tx = $3::xid8, position = $4::bigint, partitions = $5, offsets = $6::bigint[], epoch = $7, updated_at = now()
       WHERE topic = $1 AND generation = $2::bigint`,
      [this.topic, this.generation, tx, position, state.partitions ?? null, state.offsets.map(String), state.epoch],
    );
    if (rowCount !== 1) throw new LeadershipLost();
    this.current = state;
  }
}

import { prepared } from '@wami/event-store';
import { escapeIdentifier, type Pool, type PoolClient } from 'pg';
import { StalePosition } from '../event-log';
import { NO_PARTITION, type Mark, type MarkMove, type MarkStore, type Slot } from './mark';

interface Row {
  readonly source: string;
  readonly partition: number;
  readonly epoch: string;
  readonly tx: string;
  readonly position: string;
  readonly next_offset: string;
}

/** Marks of one group in the table `checkpoints` of the subscriber's schema. */
export class DatabaseMarks implements MarkStore {
  readonly transactional = true;
  private readonly table: string;

  constructor(private readonly pool: Pool, schema: string, private readonly group: string) {
    this.table = `${escapeIdentifier(schema)}.checkpoints`;
  }

  /** A group that was on the other transport goes on from there: on PostgreSQL from its slowest partition, so some events may come again. */
  async prepare(slots: readonly Slot[]): Promise<void> {
    await this.pool.query(
      `INSERT INTO ${this.table} AS c (group_name, source, partition, epoch, tx, position)
       SELECT $1, n.source, n.partition, coalesce(o.epoch, ''), coalesce(o.tx, '0'), coalesce(o.position, 0)
       FROM unnest($2::text[], $3::int[]) AS n(source, partition)
       LEFT JOIN LATERAL (SELECT epoch, tx, position FROM ${this.table} k
         WHERE k.group_name = $1 AND k.source = n.source AND (k.partition = ${NO_PARTITION}) <> (n.partition = ${NO_PARTITION})
         ORDER BY k.tx, k.position LIMIT 1) o ON true
       ON CONFLICT (group_name, source, partition) DO UPDATE
         SET epoch = excluded.epoch, tx = excluded.tx, position = excluded.position, updated_at = now()
         WHERE c.epoch IN ('', excluded.epoch) AND (c.tx, c.position) < (excluded.tx, excluded.position)`,
      [this.group, ...columns(slots)],
    );
  }

  async load(slots: readonly Slot[]): Promise<readonly Mark[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT c.source, c.partition, c.epoch, c.tx::text, c.position::text, c.next_offset::text FROM ${this.table} c
       JOIN unnest($2::text[], $3::int[]) AS n(source, partition) USING (source, partition) WHERE c.group_name = $1`,
      [this.group, ...columns(slots)],
    );
    return rows.map(({ source, partition, epoch, tx, position, next_offset }) =>
      ({ source, partition, epoch, position: `${tx}.${position}`, nextOffset: next_offset }));
  }

  async save(moves: readonly MarkMove[], client: Pool | PoolClient = this.pool): Promise<void> {
    if (moves.length === 0) return;
    const to = moves.map((move) => move.to);
    const from = moves.map((move) => move.from);
    const { rowCount } = await client.query(prepared(
      `UPDATE ${this.table} c SET epoch = n.epoch, tx = n.tx::xid8, position = n.position, next_offset = n.next_offset, updated_at = now()
       FROM unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::bigint[], $11::bigint[])
         AS n(source, partition, epoch, tx, position, next_offset, old_epoch, old_tx, old_position, old_next_offset)
       WHERE c.group_name = $1 AND c.source = n.source AND c.partition = n.partition
         AND c.epoch = n.old_epoch AND c.tx = n.old_tx::xid8 AND c.position = n.old_position AND c.next_offset = n.old_next_offset`,
      [this.group, ...columns(from), ...places(to), ...places(from)],
    ));
    if (rowCount !== moves.length) throw new StalePosition(`group ${this.group}: another consumer moved the position`);
  }
}

function columns(slots: readonly Slot[]): [string[], number[]] {
  return [slots.map((slot) => slot.source), slots.map((slot) => slot.partition)];
}

function places(marks: readonly Mark[]): string[][] {
  const split = marks.map((mark) => mark.position.split('.'));
  return [marks.map((mark) => mark.epoch), split.map(([tx = '0']) => tx), split.map(([, position = '0']) => position),
    marks.map((mark) => mark.nextOffset)];
}

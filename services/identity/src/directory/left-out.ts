import { parseWithoutPersonal, type ImpersonalEvent, type RecordedEvent } from '@wami/contracts';
import { lineOf, Sieve, type Parked } from '@wami/event-log';
import type { Pool, PoolClient } from 'pg';

/** It has its personal part as it lies at rest, which nobody reads here. */
const read = (event: RecordedEvent): ImpersonalEvent & RecordedEvent => parseWithoutPersonal(event) as ImpersonalEvent & RecordedEvent;

/** Events of identity's own that this release cannot read, and those behind them: kept, as they lie at rest, until one can, so that nobody else waits for them. */
export class LeftOut {
  private readonly table: string;

  constructor(schema: string) {
    this.table = `"${schema}".directory_left_out`;
  }

  /** The events of a page that can be folded; the others are kept. To be called in the transaction that folds. */
  async sift(client: PoolClient, events: readonly RecordedEvent[]): Promise<{ readonly known: readonly ImpersonalEvent[]; readonly parked: readonly Parked[] }> {
    await this.alone(client);
    const { rows } = await client.query<Pick<RecordedEvent, 'source' | 'key'>>(`SELECT DISTINCT source, key FROM ${this.table}`);
    const sieve = new Sieve(read, rows.map(lineOf));
    const known = sieve.sift(events);
    const { parked } = sieve;
    if (parked.length > 0) {
      await client.query(`INSERT INTO ${this.table} (id, source, key, event) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) ON CONFLICT (id) DO NOTHING`,
        [parked.map(({ event }) => event.id), parked.map(({ event }) => event.source), parked.map(({ event }) => event.key), parked.map(({ event }) => JSON.stringify(event))]);
    }
    return { known, parked };
  }

  /** Of what was left out before, what this release can read, in its order; that is kept no more. */
  async readable(client: PoolClient): Promise<readonly ImpersonalEvent[]> {
    await this.alone(client);
    const { rows } = await client.query<{ event: RecordedEvent }>(`SELECT event FROM ${this.table} ORDER BY number`);
    const sieve = new Sieve(read);
    const known = sieve.sift(rows.map(({ event }) => event));
    if (known.length > 0) await client.query(`DELETE FROM ${this.table} WHERE id = ANY($1::text[])`, [known.map(({ id }) => id)]);
    return known;
  }

  async count(pool: Pool): Promise<number> {
    return (await pool.query<{ count: number }>(`SELECT count(*) FROM ${this.table}`)).rows[0]?.count ?? 0;
  }

  /** Replicas that begin at the same time. */
  private async alone(client: PoolClient): Promise<void> {
    await client.query(`LOCK TABLE ${this.table} IN SHARE ROW EXCLUSIVE MODE`);
  }
}

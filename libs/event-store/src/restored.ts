import { randomBytes } from 'node:crypto';
import { idFrom } from '@wami/contracts';
import type { ClientBase, Pool } from 'pg';
import { appendInTransaction } from './append/in-transaction';
import { plainDigest } from './append/names';
import { prepareAppend } from './append/prepared-append';
import type { Append } from './event-store';
import { quoteSchema } from './identifier';
import { NOT_AHEAD, nextTx, ourTx, type Ahead } from './transactions-ahead';

/** The events were restored from a dump of another cluster. The message is one line and names the remedy. */
export class RestoredElsewhere extends Error {
  readonly code = 'RestoredElsewhere';

  constructor(readonly schema: string) {
    super(`the events of schema ${schema} come from another database cluster and would stay hidden from every reader: `
      + 'stop WAMI, run `wami admin restore --in-place` once, and start again');
  }
}

/** @throws RestoredElsewhere where events are of transactions that this cluster has not begun yet. */
export async function assertOfThisCluster(pool: Pool, schema: string, ahead: Ahead): Promise<void> {
  const quoted = quoteSchema(schema);
  const { rows: [row] } = await pool.query<{ ahead: boolean | null }>(
    `SELECT greatest((SELECT tx FROM ${quoted}.events ORDER BY tx DESC LIMIT 1), (SELECT max(tx) FROM ${quoted}.heads)) >= ${nextTx(ahead)} AS ahead`);
  if (row?.ahead) throw new RestoredElsewhere(schema);
}

/** So many transactions are left out, so that no place of the time that was lost is ever given to another event: more than a cluster makes between two backups. */
const LEAP = 2n ** 32n;

export interface AdoptedStore {
  /** Of before. */
  readonly oldEpoch: string;
  readonly epoch: string;
  /** Place of its newest event; undefined where it has none. */
  readonly head?: { readonly tx: string; readonly position: string };
}

/**
 * Makes a restored store readable and writable here, in the caller's transaction: its events keep their places, what is written from now on comes after them, and the
 * store has a new epoch, so that what was written elsewhere after the restored state is refused by readers. Nobody else may use the schema meanwhile.
 */
export async function adoptRestoredStore(client: ClientBase, schema: string): Promise<AdoptedStore> {
  const quoted = quoteSchema(schema);
  await client.query(`LOCK TABLE ${quoted}.events, ${quoted}.heads, ${quoted}.store_info IN ACCESS EXCLUSIVE MODE`);
  const { rows: [was] } = await client.query<{ epoch: string; newest: string | null; now: string; tx: string | null; position: string | null }>(
    `SELECT epoch, pg_current_xact_id()::text AS now, e.tx::text, e.position::text,
       greatest(e.tx, (SELECT max(tx) FROM ${quoted}.heads))::text AS newest
     FROM ${quoted}.store_info LEFT JOIN (SELECT tx, position FROM ${quoted}.events ORDER BY tx DESC, position DESC LIMIT 1) e ON true`);
  if (!was) throw new Error(`schema ${schema} holds no event store`);
  const ahead = (BigInt(was.newest ?? 0) + LEAP - BigInt(was.now)).toString();
  const { rows: [now] } = await client.query<{ epoch: string }>(
    `UPDATE ${quoted}.store_info SET tx_ahead = $1::bigint,
       epoch = to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') || '-' || left(gen_random_uuid()::text, 8) RETURNING epoch`, [ahead]);
  await client.query(`ALTER TABLE ${quoted}.events ALTER COLUMN tx SET DEFAULT ${ourTx(ahead)}`);
  await client.query(`SELECT setval(pg_get_serial_sequence($1, 'position'), greatest((SELECT max(position) FROM ${quoted}.events), 1))`, [`${quoted}.events`]);
  return { oldEpoch: was.epoch, epoch: now?.epoch ?? '', ...(was.tx === null || was.position === null ? {} : { head: { tx: was.tx, position: was.position } }) };
}

/** Appends to an adopted store before anybody can open it, in the transaction that adopted it. Nothing personal: nothing is sealed. */
export async function appendToAdopted(client: ClientBase, { schema, source, time }: { readonly schema: string; readonly source: string; readonly time: Date }, append: Append): Promise<void> {
  const { rows: [info] } = await client.query<{ ahead: string }>(`SELECT tx_ahead::text AS ahead FROM ${quoteSchema(schema)}.store_info`);
  const prepared = prepareAppend(append, () => idFrom('event', time.getTime(), randomBytes(10)));
  await appendInTransaction(client, { schema, source, clock: () => time, digest: plainDigest, ahead: info?.ahead ?? NOT_AHEAD }, [prepared]);
}

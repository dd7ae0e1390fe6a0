import { LOG_START, comparePositions } from '@wami/contracts';
import { setTimeout as hold } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { TransactionTooOld } from '../errors';
import { create, update } from '../spec-support/appends';
import { rewriting, type Scenario } from './scenario';
import type { WriterTally } from './writer';

const READER_MS = 300;

/** The interleavings that chance brings seldom, brought about: again and again until `end` (of `performance.now`). */
export async function forceInterleavings(scenario: Scenario, end: number, tally: WriterTally): Promise<void> {
  while (performance.now() < end) {
    await commitBehindReader(scenario);
    await followNewer(scenario, tally);
    await hold(100);
  }
}

/** A transaction that has its number already. */
async function withNumber(scenario: Scenario, work: (client: PoolClient, tx: string) => Promise<void>): Promise<void> {
  const client = await scenario.pool.connect();
  try {
    await client.query('BEGIN');
    const { rows: [row] } = await client.query<{ tx: string }>('SELECT pg_current_xact_id()::text AS tx');
    await work(client, row?.tx ?? '0');
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

function freshStream({ random }: Scenario): string {
  return `forced_${Math.floor(random() * 2 ** 40)}`;
}

/** Writes an event of its own once the reader is past its number; a reader with a gate never is, so not for longer than 300 ms. */
async function commitBehindReader(scenario: Scenario): Promise<void> {
  await withNumber(scenario, async (client, tx) => {
    for (const end = performance.now() + READER_MS; performance.now() < end; await hold(10)) {
      const { rows: [reader] } = await scenario.pool.query<{ place: string }>(`SELECT place FROM ${scenario.readerSchema}.checkpoint`);
      if (comparePositions(reader?.place ?? LOG_START, `${tx}.0`) > 0) break;
    }
    await scenario.store.appendIn(client, [create(freshStream(scenario))]);
  });
}

/** Goes on from a head that a newer transaction wrote: the guard refuses it. */
async function followNewer(scenario: Scenario, tally: WriterTally): Promise<void> {
  const stream = freshStream(scenario);
  try {
    await withNumber(scenario, async (client) => {
      await scenario.store.append(create(stream));
      await scenario.store.appendIn(rewriting(client, scenario.throughWriter), [update(stream, 1)]);
    });
  } catch (error) {
    if (!(error instanceof TransactionTooOld)) throw error;
    tally.guardHits++;
  }
}

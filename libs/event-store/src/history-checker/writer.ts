import { setTimeout as hold } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { TransactionTooOld } from '../errors';
import { AppendRefused } from '../event-store';
import { create, update } from '../spec-support/appends';
import { rewriting, type Scenario } from './scenario';

/** What the writers met; each kind must have occurred, or the run has shown nothing. */
export interface WriterTally {
  commits: number;
  rollbacks: number;
  savepoints: number;
  drops: number;
  conflicts: number;
  guardHits: number;
}

export function newTally(): WriterTally {
  return { commits: 0, rollbacks: 0, savepoints: 0, drops: 0, conflicts: 0, guardHits: 0 };
}

/** Writes until `end` (of `performance.now`), now by single appends, now in held transactions with random ends. */
export async function runWriter(scenario: Scenario, end: number, tally: WriterTally): Promise<void> {
  while (performance.now() < end) {
    const stream = `usr_${Math.floor(scenario.random() * scenario.streams)}`;
    try {
      if (scenario.random() < 0.3) await appendOnce(scenario, stream, tally);
      else await inHeldTransaction(scenario, stream, tally);
    } catch (error) {
      count(error, tally);
    }
  }
}

function count(error: unknown, tally: WriterTally): void {
  if (error instanceof AppendRefused) tally.conflicts++;
  else if (error instanceof TransactionTooOld) tally.guardHits++;
  else if (error instanceof Error && /terminat|Connection|lock timeout|deadlock/i.test(error.message)) tally.drops++;
  else throw error;
}

async function versionOf(scenario: Scenario, client: PoolClient | undefined, stream: string): Promise<number> {
  const { rows: [row] } = await (client ?? scenario.pool).query<{ version: number }>(
    `SELECT version FROM ${scenario.store.schema}.heads WHERE stream_id = $1`, [stream]);
  return row?.version ?? 0;
}

async function appendOnce(scenario: Scenario, stream: string, tally: WriterTally): Promise<void> {
  const version = await versionOf(scenario, undefined, stream);
  await scenario.store.append(version === 0 ? create(stream) : update(stream, version));
  tally.commits++;
}

async function inHeldTransaction(scenario: Scenario, stream: string, tally: WriterTally): Promise<void> {
  const { random, store, pool, throughWriter } = scenario;
  const client = await pool.connect();
  let usable = false;
  try {
    await client.query('BEGIN');
    // Takes its place in the order of transactions now and writes later: what the guard is for.
    if (random() < 0.5) await client.query('SELECT pg_current_xact_id()');
    await hold(random() * 15);
    if (random() < 0.2) await undoneSavepoint(scenario, client, tally);
    const version = await versionOf(scenario, client, stream);
    await store.appendIn(rewriting(client, throughWriter), [version === 0 ? create(stream) : update(stream, version)]);
    await hold(random() * 15);
    usable = await finish(scenario, client, tally);
  } catch (error) {
    usable = await client.query('ROLLBACK').then(() => true, () => false);
    throw error;
  } finally {
    client.release(!usable);
  }
}

async function finish({ random, pool }: Scenario, client: PoolClient, tally: WriterTally): Promise<boolean> {
  const end = random();
  if (end < 0.1) {
    const { rows: [row] } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await pool.query('SELECT pg_terminate_backend($1)', [row?.pid]);
    tally.drops++;
    return false;
  }
  await client.query(end < 0.3 ? 'ROLLBACK' : 'COMMIT');
  if (end < 0.3) tally.rollbacks++;
  else tally.commits++;
  return true;
}

/** Events that PostgreSQL numbers and forgets again, within a transaction that goes on. */
async function undoneSavepoint(scenario: Scenario, client: PoolClient, tally: WriterTally): Promise<void> {
  await client.query('SAVEPOINT undone');
  await scenario.store.appendIn(client, [create(`undone_${Math.floor(scenario.random() * 2 ** 40)}`)]);
  await client.query('ROLLBACK TO SAVEPOINT undone');
  tally.savepoints++;
}

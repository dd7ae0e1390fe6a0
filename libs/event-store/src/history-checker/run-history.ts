import { setTimeout as hold } from 'node:timers/promises';
import { Client } from 'pg';
import { forceInterleavings } from './forced';
import { judge, type Verdict } from './judge';
import { prepareReader, runReader } from './reader';
import type { Scenario } from './scenario';
import { newTally, runWriter, type WriterTally } from './writer';

export interface HistoryResult extends Verdict {
  readonly writers: WriterTally;
  readonly readerKills: number;
}

/** Writers and a reader against one store, then the judgement. `elsewhere`: another database of the same server. */
export async function runHistory(scenario: Scenario, elsewhere: string): Promise<HistoryResult> {
  await prepareReader(scenario);
  const end = performance.now() + scenario.seconds * 1000;
  const tally = newTally();
  let writing = true;
  const writers = Promise.all([
    ...Array.from({ length: scenario.writers }, () => runWriter(scenario, end, tally)),
    forceInterleavings(scenario, end, tally),
    holdTransactionIds(scenario, elsewhere, end),
  ]).finally(() => (writing = false));
  const [readerKills] = await Promise.all([runReader(scenario, () => !writing), writers]);
  return { ...(await judge(scenario)), writers: tally, readerKills };
}

/** Transactions of a database that has nothing to do with ours hold its readers back all the same. */
async function holdTransactionIds({ random }: Scenario, elsewhere: string, end: number): Promise<void> {
  const client = new Client({ connectionString: elsewhere, connectionTimeoutMillis: 5_000, query_timeout: 10_000 });
  await client.connect();
  try {
    while (performance.now() < end) {
      await client.query('BEGIN');
      await client.query('SELECT pg_current_xact_id()');
      await hold(50 + random() * 200);
      await client.query('COMMIT');
    }
  } finally {
    await client.end();
  }
}

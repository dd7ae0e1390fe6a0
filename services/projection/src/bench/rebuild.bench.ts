import { setTimeout as sleep } from 'node:timers/promises';
import { createPool, PersonalData } from '@wami/event-store';
import { silentLogger } from '@wami/platform';
import type { Pool, QueryConfig } from 'pg';
import { READ_MODELS } from '../model/read-models';
import { findRebuild, requestRebuild } from '../rebuild/rebuild-jobs';
import { Rebuilder } from '../rebuild/rebuilder';
import { emptyProjection } from './empty-projection';
import { EVENTS_EACH, historySql, USERS } from './history-in-sql';
import { differencesSql, dropSql, foldSql } from './plain-sql';

export interface RebuildRow {
  readonly name: string;
  readonly perSecond: number;
  /** The ceiling that it is compared with, measured in the same run, and the ratio to it. */
  readonly ceiling?: string;
  readonly ratio?: number;
}

export interface RebuildBenchOptions {
  /** An empty database. */
  readonly url: string;
}

const SCHEMA = 'projection';
const PAGE = 10_000;
const EVENTS = USERS * EVENTS_EACH + 2;
const POLL_MS = 10;
const unsealed = new PersonalData({ keys: { find: () => Promise.resolve(new Map()) } });
const TIMEOUT_MS = 100_000;
const ROUNDS = 2;

/**
 * Rebuilding all read models beside statements that come to the same rows: both read the same events, fill tables of the same columns, make
 * the same indexes and gather statistics. Both take turns. @throws where the rows are not the same: then unlike things were compared.
 */
export async function benchRebuild({ url }: RebuildBenchOptions): Promise<readonly RebuildRow[]> {
  const pool = createPool({ connectionString: url, max: 6, applicationName: 'bench', onError: () => undefined });
  try {
    await emptyProjection(pool, SCHEMA);
    await runAll(pool, historySql(SCHEMA));
    let [sql, rebuild] = [0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      sql += await timed(() => runAll(pool, foldSql(SCHEMA)));
      rebuild += await timed(() => rebuildAll(pool));
      await assertSameRows(pool);
      await runAll(pool, dropSql(SCHEMA));
    }
    const ceiling = 'plain SQL, INSERT ... SELECT';
    const rates = { sql: (EVENTS * ROUNDS) / sql, rebuild: (EVENTS * ROUNDS) / rebuild };
    return [
      { name: ceiling, perSecond: rates.sql },
      { name: `rebuild of all read models, ${EVENTS} events`, perSecond: rates.rebuild, ceiling, ratio: rates.rebuild / rates.sql },
    ];
  } finally {
    await pool.end();
  }
}

/** Seconds. */
async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** On one connection, each by itself. */
async function runAll(pool: Pool, statements: readonly string[]): Promise<void> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query(`SET statement_timeout = ${TIMEOUT_MS}`);
    for (const text of statements) await client.query({ text, query_timeout: TIMEOUT_MS } as QueryConfig);
    await client.query('RESET statement_timeout');
    broken = false;
  } finally {
    client.release(broken);
  }
}

/** As an operator asks for it; the rebuilder is the service's own. */
async function rebuildAll(pool: Pool): Promise<void> {
  const rebuilder = new Rebuilder({ pool, schema: SCHEMA, models: READ_MODELS, personal: unsealed, logger: silentLogger, page: PAGE });
  try {
    const job = await requestRebuild(pool, SCHEMA, READ_MODELS);
    rebuilder.look();
    const deadline = performance.now() + TIMEOUT_MS;
    for (;;) {
      const found = await findRebuild(pool, SCHEMA, job);
      if (found?.phase === 'done') return;
      if (found?.phase === 'failed') throw new Error(`the rebuild failed: ${found.error ?? ''}`);
      if (performance.now() > deadline) throw new Error(`the rebuild was not done within ${TIMEOUT_MS / 1000} s`);
      await sleep(POLL_MS);
    }
  } finally {
    await rebuilder.close();
  }
}

async function assertSameRows(pool: Pool): Promise<void> {
  for (const { table, sql } of differencesSql(SCHEMA)) {
    const { rows: [row] } = await pool.query<{ count: number }>(sql);
    if (row?.count !== 0) throw new Error(`the rebuild and the plain SQL come to different rows in ${table}: ${row?.count} differ`);
  }
}

import { createPool, PersonalData, scopedReader, type Reader } from '@wami/event-store';
import { percentile, sized, type BenchFigure } from '@wami/testing';
import type { Pool, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { emptyProjection } from './empty-projection';
import { casesOf, type Case, type Queries } from './query-cases';
import { statesSql } from './states-in-sql';
import { ConflictsQueries } from '../conflicts/conflicts.query';
import { DriftQueries } from '../drift/drift.query';
import { EventsQueries } from '../events/events.query';
import type { Applied } from '../position/applied';
import type { Lag } from '../position/lag';
import { ProvidersQueries } from '../providers/providers.query';
import { AccessQueries } from '../reports/access.query';
import { ReportQueries } from '../reports/report-queries';
import { ResourcesQueries } from '../resources/resources.query';
import { SyncStatesQueries } from '../sync-states/sync-states.query';
import { SyncSummaryQueries } from '../sync-states/sync-summary.query';

export interface QueriesBenchOptions {
  /** An empty database. */
  readonly url: string;
}

const SCHEMA = 'projection';
const STATES = sized(Number(process.env['WAMI_BENCH_STATES'] ?? 10_000_000), 20_000);
/** Of each question, each about something else. */
const TIMES = sized(200, 4);
const WARM_UP = sized(10, 0);
const FILL_MS = 1_800_000;

/** What PostgreSQL says that a statement took: to plan it, to carry it out, and to write the rows for the wire. */
interface Told {
  readonly 'Planning Time': number;
  readonly 'Execution Time': number;
}

/** How long each question takes in the database, whoever asks: all of its statements together, also where it asks several at a time. */
export async function benchQueries({ url }: QueriesBenchOptions): Promise<readonly BenchFigure[]> {
  const pool = createPool({ connectionString: url, max: 6, applicationName: 'bench', onError: () => undefined });
  try {
    await emptyProjection(pool, SCHEMA);
    const start = performance.now();
    const figures: BenchFigure[] = [await patiently(pool, async (client) => {
      for (const text of statesSql(SCHEMA, STATES)) await client.query(text);
      process.stderr.write(`filled with ${STATES} states in ${Math.round((performance.now() - start) / 1000)} s\n`);
      return warmed(client);
    })];
    for (const one of casesOf(STATES)) figures.push(...await measured(pool, one));
    return figures;
  } finally {
    await pool.end();
  }
}

/** On one connection that may take long. */
async function patiently<T>(pool: Pool, work: (client: Reader) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(`SET statement_timeout = ${FILL_MS}; SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 2; SET work_mem = '256MB'`);
    return await work({ query: (text, values = []) => client.query({ text: text as string, values, query_timeout: FILL_MS } as QueryConfig) });
  } finally {
    client.release(true);
  }
}

/** Reads all that is asked about into PostgreSQL's buffers; indexes last, so that they are there in any case. */
async function warmed(client: Reader): Promise<BenchFigure> {
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_prewarm');
  const { rows } = await client.query<{ oid: number; bytes: string }>(
    `SELECT oid, pg_relation_size(oid) AS bytes FROM pg_class WHERE relnamespace = '${SCHEMA}'::regnamespace AND relkind IN ('r', 'i') ORDER BY relkind DESC, 2 DESC`);
  for (const { oid } of rows) await client.query('SELECT pg_prewarm($1::oid::regclass)', [oid]);
  const { rows: [told] } = await client.query<{ shared_buffers: string }>('SHOW shared_buffers');
  return { name: 'tables and indexes, read into memory before', value: rows.reduce((sum, { bytes }) => sum + Number(bytes), 0) / 2 ** 30, unit: 'GB', detail: `shared_buffers ${told?.shared_buffers ?? ''}` };
}

async function measured(pool: Pool, { name, scope, ask }: Case): Promise<readonly BenchFigure[]> {
  const times: number[] = [];
  for (let n = -WARM_UP; n < TIMES; n++) {
    const asked = scope(Math.abs(n));
    const took: number[] = [];
    const queries = queriesOf(timing(pool, asked, took), timing(pool, '', took));
    await ask(queries, asked, Math.abs(n));
    if (n >= 0) times.push(took.reduce((sum, one) => sum + one, 0));
  }
  process.stderr.write(`${name}: p50 ${percentile(times, 0.5).toFixed(2)}, p99 ${percentile(times, 0.99).toFixed(2)} ms\n`);
  return [{ name: `${name}, p99`, value: percentile(times, 0.99), unit: 'ms', detail: `p50 ${percentile(times, 0.5).toFixed(2)} ms` }];
}

/** Answers every statement, and tells of each how long it took in the database; within the caller's scope, as row-level security has it. */
function timing(pool: Pool, scope: string, took: number[]): Reader {
  const within = scopedReader(pool, () => scope);
  return {
    async query<Row extends QueryResultRow>(statement: QueryConfig | string, values?: unknown[]): Promise<QueryResult<Row>> {
      const config = typeof statement === 'string' ? { text: statement, values: values ?? [] } : statement;
      const { rows: [told] } = await within.query<{ 'QUERY PLAN': readonly Told[] }>({ text: `EXPLAIN (ANALYZE, TIMING OFF, SERIALIZE TEXT, FORMAT JSON) ${config.text}`, values: config.values ?? [] });
      const [plan] = told?.['QUERY PLAN'] ?? [];
      took.push((plan?.['Planning Time'] ?? Number.NaN) + (plan?.['Execution Time'] ?? Number.NaN));
      return within.query<Row>(config);
    },
  };
}

const personal = new PersonalData({ keys: { find: () => Promise.resolve(new Map()) } });

/** `owner`: what is read beside the caller's scope. */
function queriesOf(reader: Reader, owner: Reader): Queries {
  // What is asked here waits for no position, and tells of no lag.
  const [applied, lag] = [{} as Applied, { seconds: () => 0 } as Lag];
  const pool = owner as Pool;
  const providers = new ProvidersQueries(reader, pool, SCHEMA);
  return {
    resources: new ResourcesQueries(reader, SCHEMA), states: new SyncStatesQueries(reader, SCHEMA, applied), summary: new SyncSummaryQueries(reader, SCHEMA, lag), conflicts: new ConflictsQueries(reader, SCHEMA),
    drift: new DriftQueries(reader, SCHEMA), providers, events: new EventsQueries(reader, SCHEMA, personal),
    reports: new ReportQueries(reader, SCHEMA, providers), access: new AccessQueries(pool, SCHEMA),
  };
}

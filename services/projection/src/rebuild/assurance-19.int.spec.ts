import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RecordedEvent } from '@wami/contracts';
import { createPool, PersonalData } from '@wami/event-store';
import { silentLogger } from '@wami/platform';
import { patiently as eventually, startTestPostgres, type TestPostgres } from '@wami/testing';
import type { Pool } from 'pg';
import { emptyProjection } from '../bench/empty-projection';
import { Projector } from '../ingest/projector';
import { READ_MODELS } from '../model/read-models';
import { chooser, History } from '../testing/history';
import type { RebuildProcessOptions } from '../testing/rebuild-process';
import { findRebuild, requestRebuild, type RebuildJob } from './rebuild-jobs';
import { verify } from './verify';

jest.setTimeout(120_000);

/** `WAMI_ASSURANCE_EVENTS=1000000` for the size of docs; then with a longer time limit. */
const EVENTS = Number(process.env['WAMI_ASSURANCE_EVENTS'] ?? 3000);
const CHUNK = 1000;
const PAGE = 500;
const ROOT = join(__dirname, '../../../..');
const personal = new PersonalData({ keys: { find: () => Promise.resolve(new Map()) } });

if (EVENTS > 50_000) jest.setTimeout(3_600_000);

describe('assurance test 19: a rebuild against live', () => {
  let postgres: TestPostgres;
  let pool: Pool;
  let url: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    postgres = await startTestPostgres();
    url = await postgres.createDatabase();
    pool = createPool({ connectionString: url, applicationName: 'assurance-19', max: 8, onError: () => undefined });
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await pool.end();
    await postgres.stop();
  });

  /** One that takes events in, and is never rebuilt unless somebody asks another process to. */
  async function projector(schema: string): Promise<Projector> {
    await emptyProjection(pool, schema);
    return new Projector({ pool, schema, models: READ_MODELS, personal, logger: silentLogger, onCommit: () => undefined });
  }
  /** The next events of a tenant of its own. */
  function* chunks(): Generator<readonly RecordedEvent[]> {
    for (let n = 0, count = 0; count < EVENTS; n++) {
      const { events } = new History(chooser(n), CHUNK, `t${n}`, 1000 + n);
      count += events.length;
      yield events;
    }
  }
  function rebuilds(told: Omit<RebuildProcessOptions, 'url'>): ChildProcess {
    const child = spawn(process.execPath, ['-C', '@wami/source', '-r', join(ROOT, 'tools/swc-hook.cjs'), join(__dirname, '../testing/rebuild-process.ts'), JSON.stringify({ url, ...told })], { stdio: ['ignore', 'inherit', 'inherit'] });
    children.push(child);
    return child;
  }
  const jobOf = async (schema: string, job: string): Promise<RebuildJob | undefined> => findRebuild(pool, schema, job);
  async function done(schema: string, job: string): Promise<RebuildJob | undefined> {
    await eventually(async () => expect(await jobOf(schema, job)).toMatchObject({ phase: 'done' }), { timeoutMs: 3_000_000 });
    return jobOf(schema, job);
  }
  /** Of each tenant (and of what is of none) all rows of all tables, whatever their order; but those that say no more than none would. */
  async function hashes(schema: string): Promise<Readonly<Record<string, string>>> {
    const all: Record<string, string> = {};
    for (const table of READ_MODELS.flatMap((model) => model.tables)) {
      const tenant = 'tenant' in table.columns ? 'split_part(tenant, \'/\', 1)' : `''`;
      const nothing = [...(table.counter === undefined ? [] : [`${table.counter} = 0`]), ...(table.emptyWithout ? [table.emptyWithout.map((column) => `${column} IS NULL`).join(' AND ')] : []), 'false'].join(' OR ');
      const { rows } = await pool.query<{ tenant: string; hash: string; rows: number }>(
        `SELECT tenant, md5(string_agg(hash, '' ORDER BY hash)) AS hash, count(*)::int AS rows
           FROM (SELECT ${tenant} AS tenant, md5(row(${Object.keys(table.columns).join(', ')})::text) AS hash FROM ${schema}.${table.name} WHERE NOT (${nothing})) hashed GROUP BY tenant`);
      for (const row of rows) all[`${row.tenant} ${table.name}`] = `${row.rows} ${row.hash}`;
    }
    return all;
  }

  it('that is killed halfway ends with the rows of each tenant that live folding made; one event less is found', async () => {
    const [live, rebuilt] = [await projector('live'), await projector('projection')];
    const feed = async (events: readonly RecordedEvent[]): Promise<void> => {
      const batch = { events, atRest: events, savePosition: () => Promise.resolve() };
      await Promise.all([live.take(batch), rebuilt.take(batch)]);
    };
    const source = chunks();
    let count = 0;
    const next = async (): Promise<boolean> => {
      const { value, done: over } = source.next();
      if (over) return false;
      count += (value as readonly RecordedEvent[]).length;
      await feed(value as readonly RecordedEvent[]);
      return true;
    };
    while (count < EVENTS / 2 && (await next()));

    const job = await requestRebuild(pool, 'projection', READ_MODELS);
    const victim = rebuilds({ schema: 'projection', page: PAGE, paceMs: 100 });
    await eventually(async () => {
      const found = await jobOf('projection', job);
      expect(found?.phase).toBe('keys');
      expect(found?.events).toBeGreaterThan(0);
    }, { timeoutMs: 60_000, intervalMs: 1 });
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    const cut = await jobOf('projection', job);
    expect(cut).toMatchObject({ phase: 'keys', cursor_key: expect.stringMatching(/^\w/) as string });
    await next();
    rebuilds({ schema: 'projection', page: PAGE, paceMs: 0 });
    while ((await jobOf('projection', job))?.phase !== 'done' && (await next()));
    await done('projection', job);
    while (await next());

    const unequal = async (schema: string): Promise<object[]> => (await verify(pool, schema, READ_MODELS, personal)).filter(({ equal }) => !equal).map(({ table, rows }) => ({ schema, table, rows: rows.slice(0, 5) }));
    expect([await unequal('live'), await unequal('projection')]).toEqual([[], []]);
    const [expected, found] = [await hashes('live'), await hashes('projection')];
    const mismatches = Object.keys({ ...expected, ...found }).filter((place) => expected[place] !== found[place]);
    expect(mismatches).toEqual([]);
    expect((await pool.query(`SELECT generation FROM projection.generations WHERE status = 'active' AND generation = 2`)).rows).toHaveLength(READ_MODELS.length);

    const { rows: [dropped] } = await pool.query<{ tenant: string }>(
      `DELETE FROM projection.events WHERE seq = (SELECT max(seq) FROM projection.events WHERE type = 'wami.user.created.v1') RETURNING split_part(tenant, '/', 1) AS tenant`);
    const began = performance.now();
    await done('projection', await requestRebuild(pool, 'projection', READ_MODELS));
    const perSecond = Math.round(count / ((performance.now() - began) / 1000));
    const without = await hashes('projection');
    const caught = new Set(Object.keys({ ...expected, ...without }).filter((place) => expected[place] !== without[place]).map((place) => place.split(' ')[0]).filter((tenant) => tenant !== ''));
    console.log(`events ${count}, cut off at ${cut?.events ?? 0} of ${cut?.total ?? 0}, rebuilt ${perSecond}/s, tenants ${new Set(Object.keys(expected).map((place) => place.split(' ')[0])).size}, mismatches ${mismatches.length}; control: one dropped event found at ${[...caught].join(', ')}`);
    expect([...caught]).toEqual([dropped?.tenant]);
  });
});

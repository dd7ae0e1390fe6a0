import { eventually, worldForAll } from '@wami/testing';
import type { Pool } from 'pg';
import { create, key, name, update } from '../spec-support/appends';
import { TestStores, refusal, rolledBack } from '../spec-support/test-store';

jest.setTimeout(60_000);

let stores: TestStores;
worldForAll(TestStores.on, (opened) => {
  stores = opened;
});

describe('an idempotency key', () => {
  it('answers the same command again, whatever happened to the stream meanwhile', async () => {
    const { store } = await stores.fresh();
    const first = await store.append(create('usr_1', { reserve: [name('ann')], idempotency: key('k') }));
    await store.append(update('usr_1', 1));
    const answer = { outcome: 'repeated', stream: 'usr_1', version: 1, status: 201, position: first.position };
    expect(await store.append(create('usr_2', { reserve: [name('ann')], idempotency: key('k') }))).toEqual(answer);
    expect(await store.findRepeated(key('k'))).toEqual(answer);
    expect(await store.findRepeated(key('unknown'))).toBeUndefined();
    expect(await store.readStream('usr_2')).toEqual([]);
  });

  it('of another command is refused', async () => {
    const { store } = await stores.fresh();
    await store.append(create('usr_1', { idempotency: key('k') }));
    const other = key('k', 'b'.repeat(64));
    expect(await refusal(store.append(create('usr_2', { idempotency: other })))).toEqual({ code: 'IdempotencyKeyReused' });
    expect(await refusal(store.findRepeated(other))).toEqual({ code: 'IdempotencyKeyReused' });
    await store.append(create('usr_3', { idempotency: { ...other, actor: 'key_other' } }));
  });

  it('lets one of many concurrent commands through; the others get its answer', async () => {
    const { store, schema } = await stores.fresh();
    const other = await stores.open(schema);
    const race = await Promise.all(Array.from({ length: 30 }, (_, i) => (i % 2 ? store : other).append(create(`usr_${i}`, { idempotency: key('k') }))));
    const [appended, ...more] = race.filter(({ outcome }) => outcome === 'appended');
    expect(more).toEqual([]);
    const repeated = race.filter((result) => result.outcome === 'repeated');
    expect(repeated).toHaveLength(29);
    expect(repeated.every((result) => result.position === appended?.position)).toBe(true);
    expect((await store.readLog('0.0', 100)).events).toHaveLength(1);
  });

  it('is kept also where nothing changed', async () => {
    const { store } = await stores.fresh();
    const created = await store.append(create('usr_1'));
    const unchanged = update('usr_1', 1, { events: [], idempotency: key('k') });
    expect(await store.append(unchanged)).toEqual({ outcome: 'appended', version: 1, position: created.position, events: [] });
    expect(await store.append(unchanged)).toEqual({ outcome: 'repeated', stream: 'usr_1', version: 1, status: 201, position: created.position });
    expect(await refusal(store.append(update('usr_1', 2, { events: [], idempotency: key('l') })))).toEqual({ code: 'VersionConflict', actualVersion: 1 });
    expect(await store.append(create('usr_none', { events: [] }))).toMatchObject({ version: 0, position: '0.0' });
  });

  it('in a caller\'s transaction must be new', async () => {
    const { store, pool } = await stores.fresh();
    await store.append(create('usr_1', { idempotency: key('k') }));
    const page = [create('usr_2', { idempotency: key('fresh') }), create('usr_3', { idempotency: key('k') })];
    expect(await rolledBack(pool, (client) => refusal(store.appendIn(client, page)))).toEqual({ code: 'IdempotencyKeyReused' });
  });

  it('is forgotten after 24 hours, purged or not', async () => {
    const { store, pool, schema } = await stores.fresh();
    for (const k of ['old_1', 'old_2', 'young']) await store.append(create(`usr_${k}`, { idempotency: key(k) }));
    await pool.query(`UPDATE ${schema}.idempotency SET created_at = now() - interval '25 hours' WHERE key <> 'young'`);
    expect(await store.findRepeated(key('old_1'))).toBeUndefined();
    expect(await store.append(create('usr_new', { idempotency: key('old_1', 'c'.repeat(64)) }))).toMatchObject({ outcome: 'appended' });
    expect([await store.purgeIdempotencyKeys(10), await store.purgeIdempotencyKeys(10)]).toEqual([1, 0]);
    expect(await store.findRepeated(key('young'))).toMatchObject({ stream: 'usr_young' });
  });
});

describe('a connection that is lost while events are written', () => {
  /** Breaks the connection of the append that waits for the head of `usr_1`. */
  async function breakWaiting(pool: Pool): Promise<void> {
    await eventually(async () => {
      const { rowCount } = await pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
      if (!rowCount) throw new Error('nobody waits for a lock');
    });
  }

  async function appendAndBreak(idempotency: ReturnType<typeof key> | undefined) {
    const { store, pool } = await stores.fresh();
    await store.append(create('usr_1'));
    const outcome = await rolledBack(pool, async (client) => {
      await store.appendIn(client, [update('usr_1', 1)]);
      const appending = store.append(update('usr_1', 1, { idempotency })).catch((error: unknown) => error);
      await breakWaiting(pool);
      if (idempotency) await client.query('ROLLBACK');
      return appending;
    });
    return { outcome, versions: (await store.readStream('usr_1')).map(({ version }) => version) };
  }

  it('is tried again under an idempotency key', async () => {
    expect(await appendAndBreak(key('k'))).toMatchObject({ outcome: { outcome: 'appended', version: 2 }, versions: [1, 2] });
  });

  it('is an unknown outcome without one', async () => {
    expect(await appendAndBreak(undefined)).toMatchObject({ outcome: { code: 'UnknownOutcome', stream: 'usr_1' }, versions: [1] });
  });

  it('again and again under load: every command with a key is answered and done once', async () => {
    const { store, pool, schema } = await stores.fresh();
    let working = true;
    let broken = 0;
    const breaking = (async () => {
      while (working) {
        const { rowCount } = await pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE pid <> pg_backend_pid() AND application_name = 'spec' AND state = 'active' AND query LIKE '%${schema}%' LIMIT 1`);
        broken += rowCount ?? 0;
        await pool.query('SELECT pg_sleep(0.005)');
      }
    })();
    const streams: string[] = [];
    const answers: string[] = [];
    while (streams.length < 400 || (broken < 5 && streams.length < 8000)) {
      const some = Array.from({ length: 20 }, (_, i) => `usr_${streams.length + i}`);
      streams.push(...some);
      answers.push(...(await Promise.all(some.map((stream) => store.append(create(stream, { idempotency: key(stream) })).then(({ outcome }) => outcome, String)))));
    }
    working = false;
    await breaking;
    expect(new Set(answers.filter((answer) => answer !== 'appended' && answer !== 'repeated'))).toEqual(new Set());
    process.stdout.write(`idempotency: ${streams.length} commands, connections broken ${broken}\n`);
    expect(broken).toBeGreaterThan(0);
    const { events } = await store.readLog('0.0', 10_000);
    expect(events.map(({ stream }) => stream).sort()).toEqual([...streams].sort());
  });
});

import { worldForAll } from '@wami/testing';
import { create, name, update, userCreated, userRenamed, userUpdated } from '../spec-support/appends';
import { TestStores, refusal, rolledBack, rowCounts } from '../spec-support/test-store';

jest.setTimeout(60_000);

let stores: TestStores;
worldForAll(TestStores.on, (opened) => {
  stores = opened;
});

describe('an append', () => {
  it('is read back from the stream and from the log as it was answered', async () => {
    const { store } = await stores.fresh();
    const odd = 'quote " back\\slash {brace}, comma\nline \u{1F600}';
    const result = await store.append(create('usr_1', { events: [userCreated('usr_1', odd), userUpdated('usr_1', odd)] }));
    if (result.outcome !== 'appended') throw new Error(result.outcome);
    expect(result.version).toBe(2);
    expect(await store.readStream('usr_1')).toEqual(result.events);
    expect((await store.readLog('0.0', 10)).events).toEqual(result.events);
    expect(result.position).toBe(result.events[1]?.position);
    expect(await store.head()).toBe(result.position);
    expect(await store.readStream('usr_1', 1)).toHaveLength(1);
    expect(await store.readStream('usr_unknown')).toEqual([]);
  });

  it('needs the version that the decision was made on', async () => {
    const { store, pool, schema } = await stores.fresh();
    await store.append(create('usr_1'));
    await store.append(update('usr_1', 1));
    const before = await rowCounts(pool, schema);
    expect(await refusal(store.append(create('usr_1', { reserve: [name('other')] })))).toEqual({ code: 'VersionConflict', actualVersion: 2 });
    expect(await refusal(store.append(update('usr_1', 1)))).toEqual({ code: 'VersionConflict', actualVersion: 2 });
    expect(await refusal(store.append(update('usr_1', 3)))).toEqual({ code: 'VersionConflict', actualVersion: 2 });
    expect(await refusal(store.append(update('usr_2', 1)))).toEqual({ code: 'VersionConflict', actualVersion: 0 });
    expect(await rowCounts(pool, schema)).toEqual(before);
  });

  it('stays with the tenant of the stream', async () => {
    const { store } = await stores.fresh();
    await store.append(create('usr_1'));
    await expect(store.append(update('usr_1', 1, { tenant: 'other' }))).rejects.toMatchObject({ code: 'InvalidAppend' });
  });

  it('of an event that does not fit its schema is refused before anything is sent', async () => {
    const { store } = await stores.fresh();
    const event = { ...userCreated('usr_1'), data: { path: 1 } };
    await expect(store.append(create('usr_1', { events: [event] }))).rejects.toThrow('data/path');
  });

  it('racing with others for one version: one wins, and the stream has no gap', async () => {
    const { store, schema } = await stores.fresh();
    const other = await stores.open(schema);
    await store.append(create('usr_1'));
    const race = await Promise.all(Array.from({ length: 20 }, (_, i) => refusal((i % 2 ? store : other).append(update('usr_1', 1)))));
    expect(race.filter((answer) => answer === 'not refused')).toHaveLength(1);
    expect(race.filter((answer) => (answer as { code?: string }).code === 'VersionConflict')).toHaveLength(19);
    expect((await store.readStream('usr_1')).map(({ version }) => version)).toEqual([1, 2]);
  });

  it('sent together with one that is refused is written all the same', async () => {
    const { store } = await stores.fresh();
    await store.append(create('usr_owner', { reserve: [name('taken')] }));
    const together = Array.from({ length: 200 }, (_, i) => create(`usr_${i}`, { reserve: [name(i === 100 ? 'Taken' : `n${i}`)] }));
    const answers = await Promise.all(together.map((append) => refusal(store.append(append))));
    expect(answers.filter((answer) => answer === 'not refused')).toHaveLength(199);
    expect(answers[100]).toMatchObject({ code: 'NameTaken', ownerStream: 'usr_owner' });
  });

  it('of commands on one stream, sent together in order, keeps their order', async () => {
    const { store } = await stores.fresh();
    const answers = await Promise.all([create('usr_1'), update('usr_1', 1), update('usr_1', 2)].map((append) => store.append(append)));
    expect(answers.map(({ version }) => version)).toEqual([1, 2, 3]);
  });
});

describe('a name', () => {
  it('is one stream\'s alone, however it is written', async () => {
    const { store } = await stores.fresh();
    await store.append(create('usr_1', { reserve: [name('Änn')] }));
    expect(await refusal(store.append(create('usr_2', { reserve: [name('äNN')] })))).toEqual({
      code: 'NameTaken', name: name('äNN'), ownerStream: 'usr_1',
    });
    expect(await store.findName(name('ÄNN'))).toBe('usr_1');
    await store.append(create('usr_3', { tenant: 'other', reserve: [name('änn', 'other')] }));
  });

  it('is won by exactly one of 50 racing creates on two replicas', async () => {
    const { store, schema } = await stores.fresh();
    const other = await stores.open(schema);
    const race = await Promise.all(Array.from({ length: 50 }, (_, i) => refusal((i % 2 ? store : other).append(create(`usr_${i}`, { reserve: [name('ann')] })))));
    const winner = await store.findName(name('ann'));
    const lost = race.filter((answer) => (answer as { code?: string }).code === 'NameTaken');
    expect(race.filter((answer) => answer === 'not refused')).toHaveLength(1);
    expect(lost).toHaveLength(49);
    expect(lost.every((answer) => (answer as { ownerStream: string }).ownerStream === winner)).toBe(true);
    expect((await store.readLog('0.0', 100)).events).toHaveLength(1);
  });

  it('is free for others as soon as its stream gave it up', async () => {
    const { store } = await stores.fresh();
    await store.append(create('usr_1', { reserve: [name('ann')] }));
    await store.append(update('usr_1', 1, { closes: true, release: [name('ann')] }));
    await store.append(create('usr_2', { reserve: [name('ann')] }));
    expect(await store.findName(name('ann'))).toBe('usr_2');
    await store.append(update('usr_1', 2, { release: [name('ann')] }));
    expect(await store.findName(name('ann'))).toBe('usr_2');
  });

  it('may be rewritten in another case by its stream, and swapped for another', async () => {
    const { store } = await stores.fresh();
    await store.append(create('usr_1', { reserve: [name('ann')] }));
    await store.append(update('usr_1', 1, { events: [userRenamed('usr_1', 'ANN', 'ann')], reserve: [name('ANN')], release: [name('ann')] }));
    expect(await store.findName(name('ann'))).toBe('usr_1');
    await store.append(update('usr_1', 2, { events: [userRenamed('usr_1', 'bob', 'ANN')], reserve: [name('bob')], release: [name('ANN')] }));
    expect([await store.findName(name('ann')), await store.findName(name('bob'))]).toEqual([undefined, 'usr_1']);
  });

  it('is in no table as it was written', async () => {
    const { store, pool, schema } = await stores.fresh();
    await store.append(create('usr_1', { reserve: [name('ann')] }));
    const { rows: [row] } = await pool.query<{ value: string }>(`SELECT value FROM ${schema}.names`);
    expect(row?.value).not.toContain('ann');
  });
});

describe('a page of appends in the caller\'s transaction', () => {
  it('is written with it, each event at the place that was answered', async () => {
    const { store, pool } = await stores.fresh();
    const page = Array.from({ length: 1000 }, (_, i) => create(`usr_${(i * 7919) % 1000}`));
    const client = await pool.connect();
    await client.query('BEGIN');
    const events = await store.appendIn(client, page);
    expect((await store.readLog('0.0', 1)).events).toEqual([]);
    await client.query('COMMIT');
    client.release();
    expect(events.map(({ stream }) => stream)).toEqual(page.map(({ stream }) => stream));
    expect((await store.readLog('0.0', 2000)).events).toEqual(events);
  });

  it('leaves no trace when it is rolled back, nor when one of it is refused', async () => {
    const { store, pool, schema } = await stores.fresh();
    await store.append(create('usr_owner', { reserve: [name('taken')] }));
    const before = await rowCounts(pool, schema);
    await rolledBack(pool, (client) => store.appendIn(client, [create('usr_1', { reserve: [name('a')] })]));
    const refused = [create('usr_2'), create('usr_3', { reserve: [name('taken')] }), create('usr_4')];
    expect(await rolledBack(pool, (client) => refusal(store.appendIn(client, refused)))).toMatchObject({ code: 'NameTaken', ownerStream: 'usr_owner' });
    const conflict = [create('usr_2'), create('usr_owner'), update('usr_5', 1)];
    expect(await rolledBack(pool, (client) => refusal(store.appendIn(client, conflict)))).toEqual({ code: 'VersionConflict', actualVersion: 1 });
    expect(await rowCounts(pool, schema)).toEqual(before);
  });

  it('may hold appends that follow from one another', async () => {
    const { store, pool } = await stores.fresh();
    const client = await pool.connect();
    await client.query('BEGIN');
    await store.appendIn(client, [
      create('usr_1', { reserve: [name('ann')] }), update('usr_1', 1, { release: [name('ann')] }),
      create('mem_1', { references: ['usr_1'] }), create('usr_2', { reserve: [name('ann')] }),
    ]);
    await client.query('COMMIT');
    client.release();
    expect((await store.readLog('0.0', 10)).events.map(({ stream, version }) => `${stream} ${version}`)).toEqual(['usr_1 1', 'usr_1 2', 'mem_1 1', 'usr_2 1']);
  });

  it('must begin anew where a newer transaction wrote the head', async () => {
    const { store, pool } = await stores.fresh();
    await rolledBack(pool, async (client) => {
      await client.query('SELECT pg_current_xact_id()');
      await store.append(create('usr_1'));
      await expect(store.appendIn(client, [update('usr_1', 1)])).rejects.toMatchObject({ code: 'TransactionTooOld' });
    });
    await store.append(update('usr_1', 1));
  });
});

describe('the log', () => {
  it('waits for an older open transaction, and says for how long', async () => {
    const { store, pool } = await stores.fresh();
    await rolledBack(pool, async (client) => {
      await client.query('SELECT pg_current_xact_id()');
      const { position } = await store.append(create('usr_1'));
      expect(await store.readLog('0.0', 10)).toEqual({ events: [], next: '0.0' });
      expect(await store.head()).toBe(position);
      await pool.query('SELECT pg_sleep(0.02)');
      expect(await store.gateLagSeconds()).toBeGreaterThan(0.01);
    });
    expect((await store.readLog('0.0', 10)).events).toHaveLength(1);
    expect(await store.gateLagSeconds()).toBe(0);
  });

  it('tells listeners that there is something new', async () => {
    const { store, pool, schema } = await stores.fresh();
    const client = await pool.connect();
    await client.query('LISTEN wami_log');
    const heard = new Promise((resolve) => client.once('notification', ({ payload }) => resolve(payload)));
    await store.append(create('usr_1'));
    expect(await heard).toBe(schema);
    client.release(true);
  });
});

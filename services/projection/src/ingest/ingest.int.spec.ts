import 'reflect-metadata';
import type { DeadLetter, DeadLettersTried, ProjectionStatus, RecordedEvent } from '@wami/contracts';
import { inTransaction } from '@wami/event-store';
import { patiently as eventually, startTestPostgres, type TestPostgres } from '@wami/testing';
import { READ_MODELS } from '../model/read-models';
import type { ReadModel } from '../model/read-model';
import { FedLog } from '../testing/fed-log';
import { chooser, History, inBatches } from '../testing/history';
import { World, type Running } from '../testing/world';
import { lockIngest } from './insert-events';

jest.setTimeout(60_000);

describe('what comes from the log', () => {
  let postgres: TestPostgres;
  let world: World;
  let log: FedLog;
  let running: Running;
  const { events } = new History(chooser(21), 300);

  beforeAll(async () => { postgres = await startTestPostgres(); });
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    world = await World.open(await postgres.createDatabase());
    await start();
  });
  afterEach(async () => {
    await running.close();
    await world.close();
  });

  async function start(models: readonly ReadModel[] = READ_MODELS): Promise<void> {
    log = new FedLog();
    running = await world.project({ log, models });
  }

  const status = (): Promise<ProjectionStatus> => running.read<ProjectionStatus>('/v1/projection', 'admin', {});
  const isFold = async (): Promise<void> => expect(await running.post('/v1/projection/verify')).toMatchObject({ equal: true });
  const everything = async (): Promise<object> => ({
    resources: await running.all('/v1/resources'), states: await running.all('/v1/sync-states'),
    events: (await running.all<{ id: string }>('/v1/events')).map(({ id }) => id).sort(),
    summary: { ...await running.read('/v1/sync-summary', 'admin', {}), lagSeconds: 0 },
  });
  const counted = async (): Promise<unknown> => (await world.pool.query(
    `SELECT provider, account, kind, state, count(*) FROM projection.sync_states WHERE state IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`)).rows;

  it('has no effect when it comes again, in whatever cut', async () => {
    const batches = inBatches(events, chooser(1), 40);
    await log.feedAll(batches.slice(0, 5));
    await log.feedAll(batches);
    const once = await everything();
    await log.feed(events);
    await log.feedAll(inBatches(events, chooser(2), 25));
    await log.feed([...events.slice(0, 3), ...new History(chooser(22), 5, 'more', 300).events]);
    await log.feed(new History(chooser(22), 5, 'more', 300).events);
    expect((await status()).events).toBe(events.length + new History(chooser(22), 5, 'more', 300).events.length);
    expect(JSON.stringify(await running.all('/v1/sync-states?tenant=acme'))).toBe(JSON.stringify((once as { states: unknown }).states));
    await isFold();
  });

  it('holds up nobody who reads the log before it writes: the lock of the writer is none of a row', async () => {
    await running.close();
    const assigned = await inTransaction(world.pool, async (client) => {
      await lockIngest(client, 'projection');
      await expect(world.pool.query(`SET lock_timeout = 50; SELECT pg_advisory_xact_lock(hashtext('wami ingest'), hashtext('projection'))`)).rejects.toMatchObject({ code: '55P03' });
      return (await client.query<{ id: string | null }>('SELECT pg_current_xact_id_if_assigned()::text AS id')).rows[0]?.id;
    });
    expect(assigned).toBeNull();
  });

  it('keeps counters in the summary that equal a count of the states', async () => {
    await log.feedAll(inBatches(events, chooser(3), 30));
    const { counts } = await running.read<{ counts: unknown }>('/v1/sync-summary', 'admin', {});
    expect(counts).not.toHaveLength(0);
    expect(counts).toEqual(await counted());
    await world.pool.query('UPDATE projection.sync_summary SET count = count + 1');
    expect(await running.read('/v1/sync-summary', 'admin', {})).not.toMatchObject({ counts });
    expect(await running.post('/v1/projection/verify')).toMatchObject({ equal: false });
  });

  it('is taken in with its position or not at all', async () => {
    await expect(log.feed(events, () => Promise.reject(new Error('the database went away')))).rejects.toThrow('went away');
    expect(await running.all('/v1/events')).toHaveLength(0);
    expect(await running.all('/v1/resources')).toHaveLength(0);
    await log.feed(events);
    await isFold();
  });

  it('is put aside where its type is not known, with what comes behind it of the same key, until a release knows it', async () => {
    const plain = events.map((event) => ({ ...event }));
    const at = plain.findIndex(({ type }) => type === 'wami.user.updated.v1');
    const strange = { ...plain[at], type: 'wami.user.blessed.v7' } as RecordedEvent;
    const behind = plain.filter(({ source, key }, i) => i >= at && source === strange.source && key === strange.key);
    await log.feedAll(inBatches(plain.map((event, i) => (i === at ? strange : event)), chooser(4), 30));
    expect(await status()).toMatchObject({ parked: behind.length, events: events.length - behind.length });
    await log.feed([strange]);
    expect(await status()).toMatchObject({ parked: behind.length });
    await eventually(() => expect(running.health.readiness().checks['read models']).toEqual({ ok: true, reason: `${behind.length} events are parked` }));
    expect(await (await running.get('/metrics')).text()).toContain(`wami_deadletter_events{consumer="projection"} ${behind.length}`);
    await running.close();
    await start();
    expect(await status()).toMatchObject({ parked: behind.length });
    await running.close();
    await world.pool.query(`UPDATE projection.parked SET event = jsonb_set(event, '{type}', '"wami.user.updated.v1"') WHERE type = 'wami.user.blessed.v7'`);
    await start();
    expect(await status()).toMatchObject({ parked: 0, events: events.length });
    await isFold();
    const now = await everything();
    await running.close();
    await world.close();
    world = await World.open(await postgres.createDatabase());
    await start();
    await log.feed(events);
    expect(now).toEqual(await everything());
  });

  it('is put aside where it makes a fold fail again and again; everything else goes on', async () => {
    const poison = events.find(({ type }) => type === 'wami.user.updated.v1');
    const behind = events.filter(({ source, key, version }) => source === poison?.source && key === poison.key && version >= (poison?.version ?? 0));
    await running.close();
    await start(READ_MODELS.map((model) => (model.name !== 'resources' ? model : {
      ...model, apply: (rows, all) => (all.some(({ id }) => id === poison?.id) ? Promise.reject(new Error('indigestible')) : model.apply(rows, all)),
    })));
    for (let i = 0; i < 3; i++) await expect(log.feed(events)).rejects.toThrow('indigestible');
    expect(await status()).toMatchObject({ events: 0, parked: 0 });
    await log.feed(events);
    const { parked } = await status();
    expect(parked).toBeGreaterThan(0);
    expect(parked).toBeLessThanOrEqual(events.filter(({ source, key }) => source === poison?.source && key === poison.key).length);
    expect(behind.length).toBeGreaterThan(0);
    const { rows } = await world.pool.query<{ key: string; reason: string }>('SELECT key, reason FROM projection.parked ORDER BY number');
    expect(rows[0]?.reason).toContain('indigestible');
    expect(new Set(rows.map(({ key }) => key))).toEqual(new Set([poison?.key]));
    await isFold();
    await running.close();
    await start();
    expect(await status()).toMatchObject({ parked: 0, events: events.length });
    await isFold();
  });

  describe('and was put aside', () => {
    interface Letters { items: DeadLetter[] }
    const letters = async (query = ''): Promise<DeadLetter[]> => (await running.read<Letters>(`/v1/dead-letters${query}`, 'admin', {})).items;
    const act = (path: string, body: object = {}): Promise<DeadLettersTried> => running.post<DeadLettersTried>(`/v1/dead-letters/${path}`, body);
    /** Two users have an event that no release knows, one of them with later ones behind it. */
    async function poisoned(): Promise<{ first: RecordedEvent; second: RecordedEvent; behind: number }> {
      const updates = events.filter(({ type }) => type === 'wami.user.updated.v1');
      const lineOf = ({ source, key }: RecordedEvent): RecordedEvent[] => events.filter((event) => event.source === source && event.key === key);
      const later = (event: RecordedEvent): number => lineOf(event).length - lineOf(event).indexOf(event) - 1;
      const first = updates.find((event) => later(event) > 1);
      const second = updates.find((event) => event.key !== first?.key);
      if (!first || !second) throw new Error('the history is too short');
      await log.feedAll(inBatches(events.map((event) => (event === first || event === second ? { ...event, type: 'wami.user.blessed.v7' } : event)), chooser(5), 30));
      return { first, second, behind: later(first) };
    }

    it('is listed with the reason, and tried again where an operator says so: one line alone, in its order, or all', async () => {
      const { first, second, behind } = await poisoned();
      const line = await letters(`?resource=${first.key}`);
      expect(line).toHaveLength(behind + 1);
      expect(line[0]).toMatchObject({ id: first.id, consumer: 'projection', source: 'identity', type: 'wami.user.blessed.v7', resource: first.key, tenant: first.tenant, waiting: false, attempts: 1, reason: expect.stringContaining('wami.user.blessed.v7') as string });
      expect(line.slice(1).every(({ waiting }) => waiting)).toBe(true);
      expect(await letters('?type=wami.user.blessed.v7')).toHaveLength(2);
      expect(await letters('?tenant=nobody')).toHaveLength(0);
      expect(await running.read(`/v1/dead-letters/${first.id}`, 'admin', {})).toMatchObject({ id: first.id, behind, version: first.version, data: first.data });
      expect(await act(`${first.id}/retry`)).toEqual({ takenIn: 0, parked: behind + 1 });
      expect((await letters(`?resource=${first.key}`))[0]).toMatchObject({ attempts: 2 });
      expect((await letters(`?resource=${second.key}`))[0]).toMatchObject({ attempts: 1 });
      const before = events.length - (await letters()).length;
      await world.pool.query(`UPDATE projection.parked SET event = jsonb_set(event, '{type}', '"wami.user.updated.v1"') WHERE id = $1`, [first.id]);
      expect(await act(`${line.at(-1)?.id ?? ''}/retry`)).toEqual({ takenIn: behind + 1, parked: 0 });
      expect((await status()).events).toBe(before + behind + 1);
      const taken = await running.all<{ id: string }>('/v1/events');
      const order = events.filter(({ source, key }) => source === first.source && key === first.key).map(({ id }) => id);
      expect(taken.map(({ id }) => id).filter((id) => order.includes(id))).toEqual(order);
      await world.pool.query(`UPDATE projection.parked SET event = jsonb_set(event, '{type}', '"wami.user.updated.v1"') WHERE id = $1`, [second.id]);
      expect(await act('retry')).toMatchObject({ parked: 0 });
      expect(await status()).toMatchObject({ parked: 0, events: events.length });
      await isFold();
    });

    it('is left out for good where an operator skips it, which is told; what waited behind it goes on, and it does not come back', async () => {
      const { first, second, behind } = await poisoned();
      expect(await act(`${first.id}/skip`, { reason: 'nobody needs it' })).toEqual({ takenIn: behind, parked: 0 });
      expect(await letters('?skipped=true')).toEqual([expect.objectContaining({ id: first.id, skipped: { at: expect.any(String) as string, by: 'admin', reason: 'nobody needs it' } })]);
      expect((await letters()).map(({ resource }) => resource)).not.toContain(first.key);
      const now = await status();
      await log.feed([{ ...first, type: 'wami.user.blessed.v7' }]);
      await log.feed([{ ...first, id: 'evt_later', version: 900, position: '9999.1' }]);
      expect(await status()).toMatchObject({ parked: now.parked, events: now.events + 1 });
      const posted = (path: string, token?: string): Promise<number> => running.get(`/v1/dead-letters/${path}`, token, { 'content-type': 'application/json' }, { method: 'POST', body: '{}' }).then(({ status: code }) => code);
      expect([await posted(`${first.id}/retry`), await posted('evt_unknown/retry'), await posted(`${second.id}/skip`), await posted('retry', 'tenant:acme')]).toEqual([404, 404, 422, 404]);
      await act(`${second.id}/skip`, { reason: 'nor this' });
      await eventually(() => expect(running.health.readiness().checks['read models']).toEqual({ ok: true }));
      expect(await (await running.get('/metrics')).text()).toContain('wami_deadletter_events{consumer="projection"} 0');
      await isFold();
      await running.close();
      await start();
      expect(await status()).toMatchObject({ parked: 0 });
    });

    it('is listed beside what sync services told of theirs, each by its consumer, and only those are tried here that are parked here', async () => {
      const { first, behind } = await poisoned();
      let version = 0;
      const told = (event: string, data: object): RecordedEvent => ({
        ...first, source: 'sync-aws', id: `evt_r${++version}`, type: 'wami.sync.dead-letter-reported.v1', stream: `aws/${event}`, key: `aws/${event}`, tenant: '', subject: `arn:wami:iam::wami:local:dead-letter/${event}`, version, position: `9000.${version}`,
        data: { provider: 'aws', event, type: first.type, tenant: first.tenant, resource: first.key, state: 'parked', reason: 'no', attempts: 1, ...data }, personal: {},
      });
      await log.feed([told(first.id, {}), told('evt_next', { attempts: 0, reason: 'an earlier event of the same key is parked' }), told('evt_gone', { resource: 'usr_gone' })]);
      await log.feed([told('evt_gone', { resource: 'usr_gone', state: 'taken-in', attempts: 2, reason: '' }), told(first.id, { attempts: 2 })]);
      const id = `sync-aws:${first.id}`;
      const [own, ofAws] = [await letters('?consumer=projection'), await letters('?consumer=sync-aws')];
      expect(ofAws).toEqual([
        expect.objectContaining({ id, consumer: 'sync-aws', event: first.id, source: 'identity', resource: first.key, tenant: first.tenant, waiting: false, attempts: 2 }),
        expect.objectContaining({ id: 'sync-aws:evt_next', waiting: true, attempts: 0 }),
      ]);
      expect([await letters(), (await letters(`?resource=${first.key}&tenant=${first.tenant}`)).length]).toEqual([[...own, ...ofAws], behind + 1 + 2]);
      const paged: string[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const page: { items: DeadLetter[]; nextCursor?: string } = await running.read(`/v1/dead-letters?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`, 'admin', {});
        paged.push(...page.items.map((one) => one.id));
        cursor = page.nextCursor;
      }
      expect(paged).toEqual([...own, ...ofAws].map((one) => one.id));
      expect(await running.read(`/v1/dead-letters/${id}`, 'admin', {})).toMatchObject({ id, version: first.version, data: first.data, behind: 1 });
      expect((await running.get(`/v1/dead-letters/${id}/retry`, 'admin', { 'content-type': 'application/json' }, { method: 'POST', body: '{}' })).status).toBe(404);
      await log.feed([told(first.id, { attempts: 2, state: 'skipped', by: 'admin', why: 'not needed' })]);
      expect(await letters('?skipped=true')).toEqual([expect.objectContaining({ id, reason: 'no', skipped: { at: expect.any(String) as string, by: 'admin', reason: 'not needed' } })]);
      expect(await letters('?consumer=sync-aws')).toEqual([expect.objectContaining({ id: 'sync-aws:evt_next', waiting: false })]);
      await isFold();
    });
  });
});

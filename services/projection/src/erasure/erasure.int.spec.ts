import 'reflect-metadata';
import { syncMapSchema, type JobView, type RecordedEvent, type SyncMap } from '@wami/contracts';
import { NOT_TOLD } from '@wami/domain';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { READ_MODELS } from '../model/read-models';
import type { ReadModel } from '../model/read-model';
import type { Rows } from '../model/rows';
import { resourceItemSchema } from '../resources/resources.query';
import { RESOURCES } from '../resources/resources.table';
import { FedLog } from '../testing/fed-log';
import { AWS, World, type Running } from '../testing/world';

jest.setTimeout(60_000);

const ID = 'usr_ANN';
const ABOUT = { tenant: 'acme', resource: ID };
const NAME = 'planted-ann';
const PERSONAL = { userName: NAME, displayName: `${NAME} displayed`, email: `${NAME}@example.org` };

describe('what the read models keep of somebody who was erased', () => {
  let world: World;
  let running: Running | undefined;
  let created: RecordedEvent;
  worldForEach(World.open, async (opened) => {
    world = opened;
    await world.tenant('acme');
    await world.configure('acme', { providers: [AWS] });
    created = await world.user('acme', ID, 'created', { data: { tags: { known: NAME } }, personal: PERSONAL });
    await world.user('acme', 'usr_BOB', 'created');
  }, { beforeClose: async () => { await running?.close(); running = undefined; } });

  /** Tables of the projection, events apart, that hold the name; and in which generation. */
  async function holding(): Promise<string[]> {
    const { rows: tables } = await world.pool.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'projection' AND tablename <> 'events' ORDER BY 1`);
    const found: string[] = [];
    for (const { name } of tables) if ((await world.pool.query(`SELECT 1 FROM projection.${name} t WHERE t::text LIKE $1`, [`%${NAME}%`])).rowCount) found.push(name);
    return found;
  }
  const failed = (intent: string, operation: 'create' | 'delete'): Promise<RecordedEvent> => world.outcome('wami.sync.failed.v1', ABOUT,
    { intent, version: 1, operation, code: 'AccessDenied', retryable: false, retryCount: 0 }, { message: `no ${NAME} here`, details: { existing: { name: NAME } } });
  const deleted = (): Promise<RecordedEvent> => world.user('acme', ID, 'deleted');
  const erased = (): Promise<RecordedEvent> => world.fact({ type: 'wami.subject.erased.v1', tenant: 'acme', id: ID, arnType: 'user', data: { kind: 'user' } });
  const caughtUp = (): Promise<unknown> => (running as Running).read('/v1/resources');
  const syncOf = async (): Promise<SyncMap> => syncMapSchema.parse(await (running as Running).read(`/v1/resources/${ID}/sync`));
  const isFold = async (): Promise<void> => expect(await (running as Running).post('/v1/projection/verify')).toMatchObject({ equal: true });
  async function rebuild(verb: 'rebuild' | 'replay' = 'rebuild'): Promise<void> {
    const { job } = await (running as Running).post<{ job: string }>(`/v1/projection/${verb}`);
    await eventually(async () => expect(await (running as Running).read<JobView>(`/v1/jobs/${job}`, 'admin', {})).toMatchObject({ state: 'done' }));
  }

  it('is nothing: no name in lists and searches, no word of a provider in its states', async () => {
    await failed(created.position, 'create');
    running = await world.project();
    expect((await running.read<{ items: unknown[] }>(`/v1/resources?q=${NAME}`)).items).toHaveLength(1);
    expect(await holding()).toEqual(['resource_tags_g1', 'resources_g1', 'sync_states_g1']);
    const { position } = await deleted();
    await failed(position, 'delete');
    await erased();
    expect((await syncOf())['aws']?.[AWS.account]).toMatchObject({ state: 'Failed', operation: 'delete', error: { code: 'AccessDenied', message: NOT_TOLD } });
    expect(await holding()).toEqual([]);
    expect((await running.read<{ items: unknown[] }>(`/v1/resources?q=${NAME}`)).items).toEqual([]);
    expect((await running.read<{ items: { id: string }[] }>('/v1/resources')).items.map(({ id }) => id)).toEqual(['usr_BOB']);
    const { items } = await running.read<{ items: object[] }>('/v1/sync-states?state=Failed');
    expect(items).toHaveLength(1);
    expect(JSON.stringify(items)).not.toContain(NAME);
    await isFold();
  });

  it('is nothing of what was agreed either, and answers stay as they are documented', async () => {
    await world.synced(ABOUT, created.position);
    running = await world.project();
    await caughtUp();
    await erased();
    const { items } = await running.read<{ items: unknown[] }>('/v1/sync-states');
    expect(JSON.stringify(items)).not.toContain('arn:aws:iam::1:user');
    for (const item of (await running.read<{ items: unknown[] }>('/v1/resources')).items) resourceItemSchema.parse(item);
    await syncOf();
    await isFold();
  });

  it.each([['alone', 1], ['all in one batch', 100]])('stays nothing when outcomes of the deletion arrive later, %s', async (_, size) => {
    const { position } = await deleted();
    await erased();
    const log = new FedLog();
    running = await world.project({ log });
    const events = (await world.identity.readLog('0.0', 100)).events;
    await failed(position, 'delete');
    await world.outcome('wami.sync.waiting.v1', ABOUT, { intent: position, version: 2, operation: 'delete', reason: 'waiting for grp_1' });
    await world.synced(ABOUT, position, 'update');
    const late = (await world.aws.readLog('0.0', 100)).events;
    const all = [...events, ...late];
    for (let from = 0; from < all.length; from += size) await log.feed(all.slice(from, from + size));
    expect(await holding()).toEqual([]);
    await isFold();
  });

  it('stays nothing after a rebuild; the tables that are kept to go back to, and those of a replay, hold nothing either', async () => {
    await failed(created.position, 'create');
    running = await world.project();
    await rebuild();
    await rebuild('replay');
    expect(await holding()).toEqual(['resource_tags_g1', 'resource_tags_g2', 'resource_tags_g3', 'resources_g1', 'resources_g2', 'resources_g3', 'sync_states_g1', 'sync_states_g2', 'sync_states_g3']);
    await deleted();
    await erased();
    await caughtUp();
    expect(await holding()).toEqual([]);
    await rebuild();
    expect(await holding()).toEqual([]);
    await isFold();
  });

  it('is nothing in tables that another release made: what is only kept is dropped, what is read is blanked', async () => {
    await failed(created.position, 'create');
    const release = (version: number): readonly ReadModel[] => READ_MODELS.map((model) => ({ ...model, version }));
    running = await world.project({ models: release(1) });
    await caughtUp();
    await running.close();
    running = await world.project({ models: release(2) });
    await eventually(async () => expect(await holding()).toEqual(['resource_tags_g1', 'resource_tags_g2', 'resources_g1', 'resources_g2', 'sync_states_g1', 'sync_states_g2']));
    await eventually(() => expect((running as Running).health.readiness().checks['read models']).toEqual({ ok: true }));
    await erased();
    await caughtUp();
    expect(await holding()).toEqual([]);
    const { rows } = await world.pool.query(`SELECT 1 FROM projection.generations WHERE status = 'retired'`);
    expect(rows).toEqual([]);
    await running.close();
    running = undefined;
    const client = await world.pool.connect();
    await client.query(`SELECT pg_advisory_lock(hashtext('wami rebuild'), hashtext('projection'))`);
    try {
      await world.pool.query(`UPDATE projection.resources_g2 SET name = $1 WHERE id = $2`, [NAME, 'usr_BOB']);
      running = await world.project({ models: release(3) });
      await world.fact({ type: 'wami.subject.erased.v1', tenant: 'acme', id: 'usr_BOB', arnType: 'user', data: { kind: 'user' } });
      await eventually(async () => expect(await holding()).toEqual([]));
    } finally {
      await client.query(`SELECT pg_advisory_unlock(hashtext('wami rebuild'), hashtext('projection'))`);
      client.release();
    }
  });

  it('is nothing in tables of a release that had no table of tags; until there is one, lists by tag are told to wait', async () => {
    const untagged = (rows: Rows): Rows => ({
      find: (...args) => rows.find(...args), page: (...args) => rows.page(...args), add: (...args) => rows.add(...args), eventTimes: (positions) => rows.eventTimes(positions),
      put: (table, made) => (table.name === 'resource_tags' ? Promise.resolve() : rows.put(table, made)), remove: (table, ...args) => (table.name === 'resource_tags' ? Promise.resolve() : rows.remove(table, ...args)),
    });
    running = await world.project({ models: READ_MODELS.map((model) => (model.name !== 'resources' ? model : { ...model, version: 2, tables: [RESOURCES], apply: (rows, events) => model.apply(untagged(rows), events) })) });
    await caughtUp();
    await running.close();
    running = undefined;
    const client = await world.pool.connect();
    await client.query(`SELECT pg_advisory_lock(hashtext('wami rebuild'), hashtext('projection'))`);
    try {
      running = await world.project();
      expect(await (await running.get('/v1/resources?tag=known', 'admin', {})).json()).toMatchObject({ status: 503, code: 'Unavailable' });
      await deleted();
      await erased();
      await eventually(async () => expect(await holding()).toEqual([]));
    } finally {
      await client.query(`SELECT pg_advisory_unlock(hashtext('wami rebuild'), hashtext('projection'))`);
      client.release();
    }
    await world.user('acme', 'usr_TAGGED', 'created', { data: { tags: { known: 'yes' } } });
    await eventually(async () => expect((await (running as Running).read<{ items: { id: string }[] }>('/v1/resources?tag=known', 'admin', {})).items.map(({ id }) => id)).toEqual(['usr_TAGGED']));
  });

  it('is nothing of events that wait for another release, nor where the erasure waits behind them', async () => {
    const log = new FedLog();
    running = await world.project({ log });
    const [before, blessed, renamed, gone] = [
      (await world.identity.readLog('0.0', 100)).events, { ...created, id: 'evt_blessed', type: 'wami.user.blessed.v7', data: {}, version: 2, position: '9999.1' },
      { ...created, id: 'evt_renamed', type: 'wami.user.renamed.v1', data: {}, personal: { userName: NAME, previousUserName: NAME }, version: 3, position: '9999.2' },
      { ...created, id: 'evt_erased', type: 'wami.subject.erased.v1', data: { kind: 'user' }, personal: {}, version: 4, position: '9999.3' },
    ];
    await log.feed(before);
    await log.feed([blessed, renamed]);
    expect(await holding()).toEqual(['parked', 'resource_tags_g1', 'resources_g1']);
    await log.feed([gone]);
    expect(await holding()).toEqual([]);
    await world.pool.query(`UPDATE projection.parked SET event = jsonb_set(event, '{type}', '"wami.user.updated.v1"') WHERE id = 'evt_blessed'`);
    await running.close();
    running = await world.project({ log: new FedLog() });
    expect((await world.pool.query('SELECT 1 FROM projection.parked')).rowCount).toBe(0);
    expect(await holding()).toEqual([]);
  });
});

import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobView, ProjectionStatus, ProjectionVerdict, RecordedEvent } from '@wami/contracts';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { READ_MODELS } from '../model/read-models';
import type { ReadModel } from '../model/read-model';
import { syncStates } from '../sync-states/sync-states.projection';
import { FedLog } from '../testing/fed-log';
import { chooser, History, inBatches } from '../testing/history';
import { World, type Running } from '../testing/world';

jest.setTimeout(60_000);

const PAGE = 40;
/** Of a release that folds this model differently. */
const release = (version: number, apply?: ReadModel['apply']): readonly ReadModel[] =>
  READ_MODELS.map((model) => (model.name === 'sync-states' ? { ...model, version, ...(apply ? { apply } : {}) } : model));

/** So slow that a rebuild can be met halfway. */
const paced = (ms: number): ReadModel['apply'] => async (rows, events) => {
  await sleep(ms);
  await syncStates.apply(rows, events);
};
/** One that is met halfway and cut off there may be slower: all of it is waited for by nobody. */
const [PACE_MS, CUT_OFF_PACE_MS] = [30, 200];

describe('a rebuild', () => {
  let world: World;
  let log: FedLog;
  let running: Running;
  let events: RecordedEvent[];
  worldForEach(World.open, async (opened) => {
    world = opened;
    events = new History(chooser(7), 900).events;
    await start(release(1));
    await log.feedAll(inBatches(events, chooser(1), 400));
  }, { beforeClose: () => running?.close() });

  async function start(models: readonly ReadModel[]): Promise<void> {
    log = new FedLog();
    running = await world.project({ log, models, rebuildPage: PAGE });
  }

  const restart = async (models: readonly ReadModel[]): Promise<void> => {
    await running.close();
    await start(models);
  };
  const rebuild = (): Promise<{ job: string }> => running.post<{ job: string }>('/v1/projection/rebuild');
  const status = (): Promise<ProjectionStatus> => running.read<ProjectionStatus>('/v1/projection', 'admin', {});
  const jobOf = (id: string): Promise<JobView> => running.read<JobView>(`/v1/jobs/${id}`, 'admin', {});
  const done = (id: string): Promise<unknown> => eventually(async () => expect(await jobOf(id)).toMatchObject({ state: 'done', failed: 0 }));
  const isFold = async (): Promise<void> => expect(await running.post('/v1/projection/verify')).toMatchObject({ equal: true });
  const ready = (): Promise<unknown> => eventually(() => expect(running.health.readiness().checks['read models']).toEqual({ ok: true }));
  const everything = async (): Promise<object> => ({
    resources: await running.all('/v1/resources'), states: await running.all('/v1/sync-states'), events: await running.all('/v1/events'),
    counts: (await running.read<{ counts: object }>('/v1/sync-summary', 'admin', {})).counts,
  });
  /** Nobody rebuilds until the function that comes back is called. */
  async function hold(): Promise<() => Promise<void>> {
    const client = await world.pool.connect();
    await client.query(`SELECT pg_advisory_lock(hashtext('wami rebuild'), hashtext('projection'))`);
    return async () => {
      await client.query(`SELECT pg_advisory_unlock(hashtext('wami rebuild'), hashtext('projection'))`);
      client.release();
    };
  }
  async function interruptedHalfway(): Promise<void> {
    await eventually(async () => {
      const [job] = (await status()).rebuilds;
      expect(job).toMatchObject({ phase: 'keys' });
      expect(job?.events).toBeGreaterThan(0);
    }, { intervalMs: 1 });
    await running.close();
  }

  it('of a log in which a tenant was deleted: other models ask for those events too, and no row is made twice', async () => {
    const created = events.findLast(({ type }) => type === 'wami.tenant.created.v1') as RecordedEvent;
    const ending = (type: string, data: object, n: number): RecordedEvent => ({ ...created, type, data, personal: {}, id: `evt_ending_${n}`, version: 900 + n, position: `999.${n}` });
    await log.feedAll([[ending('wami.tenant.deletion-requested.v1', { job: 'job_ending' }, 1), ending('wami.tenant.deleted.v1', {}, 2)]]);
    await done((await rebuild()).job);
    await isFold();
  });

  it('that an operator asks for ends with the same answers, from other tables', async () => {
    const before = await everything();
    await done((await rebuild()).job);
    expect(await everything()).toEqual(before);
    expect((await status()).models).toContainEqual(expect.objectContaining({ name: 'sync-states', generation: 2, previousGeneration: 1, current: true }));
    await isFold();
  });

  it('leaves every query answered and loses nothing of what comes in meanwhile', async () => {
    const live = inBatches(new History(chooser(8), 400, 'live', 300).events, chooser(2), 10);
    const { job } = await rebuild();
    const before = await Promise.all([running.all('/v1/resources?tenant=acme'), running.all('/v1/sync-states?tenant=acme')]);
    let fed = 0;
    for (let over = false; !over || fed < 5;) {
      await log.feed(live[fed++] ?? []);
      expect(await Promise.all([running.all('/v1/resources?tenant=acme'), running.all('/v1/sync-states?tenant=acme')])).toEqual(before);
      over = (await jobOf(job)).state === 'done';
    }
    await log.feedAll(live.slice(fed));
    await done(job);
    expect((await status()).models.every(({ generation }) => generation === 2)).toBe(true);
    await isFold();
  });

  it('goes on where it was cut off', async () => {
    const before = await everything();
    await restart(release(1, paced(CUT_OFF_PACE_MS)));
    const { job } = await rebuild();
    await interruptedHalfway();
    const { rows: [left] } = await world.pool.query<{ phase: string; cursor_key: string }>('SELECT phase, cursor_key FROM projection.rebuilds');
    expect(left).toMatchObject({ phase: 'keys', cursor_key: expect.stringMatching(/^usr_/) });
    await start(release(1));
    await done(job);
    expect((await status()).models).toContainEqual(expect.objectContaining({ name: 'sync-states', generation: 2 }));
    expect(await everything()).toEqual(before);
    await isFold();
  });

  it('outlives the loss of all its connections', async () => {
    await restart(release(1, paced(PACE_MS)));
    const { job } = await rebuild();
    await eventually(async () => expect((await status()).rebuilds[0]).toMatchObject({ phase: 'keys' }), { intervalMs: 1 });
    await world.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'projection-test' AND pid <> pg_backend_pid()`);
    await eventually(() => done(job));
    await isFold();
  });

  it('to a new release begins at its start; until it is done nobody who asks for what is new is answered from the old models', async () => {
    await running.close();
    const letGo = await hold();
    await start(release(2));
    await log.feedAll([new History(chooser(9), 40, 'new', 300).events]);
    expect(await running.all('/v1/resources?q=usr_new')).not.toHaveLength(0);
    expect(await running.all('/v1/sync-states?tenant=new')).toHaveLength(0);
    await eventually(() => expect(running.health.readiness().checks['read models']).toEqual({ ok: false, reason: 'being rebuilt: sync-states' }));
    const { position } = await running.read<{ position: string }>('/v1/events?limit=1000&after=now', 'admin', {});
    const answered = running.read<{ items: unknown[] }>('/v1/sync-states?tenant=new', 'admin', { 'wami-after': position });
    const strong = running.read<{ items: unknown[] }>('/v1/sync-states?tenant=new', 'admin', { 'wami-after': position, 'wami-consistency': 'strong' });
    await letGo();
    expect((await answered).items).not.toHaveLength(0);
    expect((await strong).items).not.toHaveLength(0);
    await ready();
    await isFold();
  });

  it('that an older release began comes to nothing, and a release that was taken back rebuilds what it missed', async () => {
    await restart(release(2, paced(CUT_OFF_PACE_MS)));
    await interruptedHalfway();
    const letGo = await hold();
    await start(release(1));
    await log.feedAll([new History(chooser(10), 40, 'back', 300).events]);
    expect(await running.all('/v1/sync-states?tenant=back')).toHaveLength(0);
    await letGo();
    await ready();
    expect(await running.all('/v1/sync-states?tenant=back')).not.toHaveLength(0);
    await isFold();
    await restart(release(3));
    await ready();
    expect((await status()).rebuilds).toContainEqual(expect.objectContaining({ phase: 'failed', error: expect.stringContaining('newer release') }));
    await isFold();
    await running.close();
    await expect(world.project({ log: new FedLog(), models: release(2) })).rejects.toThrow('sync-states were made by a newer release: install that release');
    await start(release(3));
  });

  it('that fails leaves the old models answering and says why; the next start tries again', async () => {
    const before = await running.all('/v1/sync-states');
    await restart(release(2, () => Promise.reject(new Error('the fold is broken'))));
    await eventually(() => expect(running.health.readiness().checks['read models']?.reason).toBe('being rebuilt: sync-states; the rebuild failed: Error: the fold is broken'));
    expect(await running.all('/v1/sync-states')).toEqual(before);
    await restart(release(2));
    await ready();
    expect(await running.all('/v1/sync-states')).toEqual(before);
  });

  describe('taken back', () => {
    const rollback = (models?: readonly string[]): Promise<{ job: string }> => running.post<{ job: string }>('/v1/projection/rollback', models ? { models } : {});
    const model = async (): Promise<object | undefined> => (await status()).models.find(({ name }) => name === 'sync-states');

    it('leads to the tables before, with all that came in meanwhile, also where it is cut off; and taken back again, forward', async () => {
      expect((await running.get('/v1/projection/rollback', 'admin', { 'content-type': 'application/json' }, { method: 'POST', body: '{"models":["sync-states"]}' })).status).toBe(404);
      await done((await rebuild()).job);
      await log.feedAll(inBatches(new History(chooser(12), 60, 'since', 300).events, chooser(3), 30));
      const before = await everything();
      await restart(release(1, paced(CUT_OFF_PACE_MS)));
      const { job } = await rollback(['sync-states']);
      await eventually(async () => expect((await status()).rebuilds[0]).toMatchObject({ verb: 'rollback', phase: 'catch-up', events: expect.any(Number) as number }), { intervalMs: 1 });
      await running.close();
      await start(release(1));
      await done(job);
      expect(await model()).toMatchObject({ generation: 1, previousGeneration: 2, previousVersion: 1, current: true });
      expect(await everything()).toEqual(before);
      await isFold();
      await done((await rollback()).job);
      expect(await model()).toMatchObject({ generation: 2, previousGeneration: 1, current: true });
      expect((await status()).models.filter(({ generation }) => generation === 1).length).toBe(READ_MODELS.length - 1);
      await isFold();
    });

    it('leads to those of the release before, as they are, which goes on with them', async () => {
      const before = await running.all('/v1/sync-states');
      await restart(release(2));
      await ready();
      await log.feedAll([new History(chooser(13), 20, 'later', 300).events]);
      await done((await rollback(['sync-states'])).job);
      expect(await running.all('/v1/sync-states')).toEqual(before);
      expect(await model()).toMatchObject({ version: 1, generation: 1, previousVersion: 2, current: false });
      await eventually(() => expect(running.health.readiness().checks['read models']).toEqual({ ok: false, reason: 'gone back to those of another release, which keeps them current: sync-states' }));
      await restart(release(1));
      await ready();
      expect((await running.all('/v1/sync-states')).length).toBeGreaterThan(before.length);
      await isFold();
    });

    it('in vain leaves both: those in use, and those to go back to', async () => {
      await done((await rebuild()).job);
      await log.feedAll([new History(chooser(14), 20, 'more', 300).events]);
      await restart(release(1, () => Promise.reject(new Error('the fold is broken'))));
      const { job } = await rollback(['sync-states']);
      await eventually(async () => expect(await jobOf(job)).toMatchObject({ verb: 'rollback', state: 'done', failed: 1 }));
      expect(await model()).toMatchObject({ generation: 2, previousGeneration: 1, current: true });
      await restart(release(1));
      await done((await rollback(['sync-states'])).job);
      await isFold();
    });
  });

  it('is asked for where a comparison with the fold names rows that differ, and puts them right', async () => {
    const changed = async (sql: string): Promise<string> => (await world.pool.query<{ id: string }>(`${sql} RETURNING id`)).rows[0]?.id ?? '';
    const one = (order: string): string => `(SELECT id FROM projection.resources_g1 WHERE name IS NOT NULL ORDER BY id ${order} LIMIT 1)`;
    const renamed = await changed(`UPDATE projection.resources_g1 SET name = 'somebody else' WHERE id = ${one('')}`);
    const removed = await changed(`DELETE FROM projection.resources_g1 WHERE id = ${one('DESC')}`);
    const { equal, tables } = await running.post<ProjectionVerdict>('/v1/projection/verify', { models: ['resources'] });
    expect(equal).toBe(false);
    expect(new Set(tables.map(({ model }) => model))).toEqual(new Set(['resources']));
    const wrong = tables.filter((table) => !table.equal);
    expect(wrong.map(({ table }) => table)).toEqual(['resources']);
    expect(wrong[0]?.rows).toEqual(expect.arrayContaining([{ key: [renamed], fields: ['name'] }, { key: [removed], fields: ['missing'] }]));
    expect(wrong[0]?.rows).toHaveLength(2);
    await done((await rebuild()).job);
    await isFold();
  });

  it('waits with its swap for a query that takes long, and holds up no other for it', async () => {
    const slow = await world.pool.connect();
    await slow.query('BEGIN');
    await slow.query('SELECT count(*) FROM projection.sync_states');
    const { job } = await rebuild();
    await eventually(async () => expect((await status()).rebuilds[0]?.phase).toBe('catch-up'));
    await slow.query('SELECT count(*) FROM projection.resources');
    expect(await running.all('/v1/resources')).not.toHaveLength(0);
    await log.feedAll([new History(chooser(11), 20, 'slow', 300).events]);
    expect(await jobOf(job)).toMatchObject({ state: 'running' });
    await slow.query('COMMIT');
    slow.release();
    await done(job);
    await isFold();
  });
});

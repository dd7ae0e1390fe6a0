import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodePosition, type JobView, type ProjectionStatus, type ProjectionVerdict, type RecordedEvent } from '@wami/contracts';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { READ_MODELS } from '../model/read-models';
import type { ReadModel } from '../model/read-model';
import { isEmptyRow } from '../model/table';
import { eventsPosition } from '../position/applied';
import { canonical } from '../rebuild/digest';
import { syncStates } from '../sync-states/sync-states.projection';
import { FedLog } from '../testing/fed-log';
import { chooser, History, inBatches } from '../testing/history';
import { positionAfter, World, type Running } from '../testing/world';

jest.setTimeout(60_000);

const PACE_MS = 200;
/** One that cannot be folded key by key. */
const foldedInOrder = ({ byKey: _, ...model }: ReadModel): ReadModel => model;

describe('a replay into read models of their own', () => {
  let world: World;
  let log: FedLog;
  let running: Running;
  let later: RecordedEvent[];
  /** When the last event that was taken in happened. */
  let before: string;
  worldForEach(World.open, async (opened) => {
    world = opened;
    const { events } = new History(chooser(7), 900);
    await start();
    await log.feedAll(inBatches(events.slice(0, 600), chooser(1), 400));
    later = events.slice(600);
    before = events[599]?.time ?? '';
  }, { beforeClose: () => running?.close() });

  async function start(apply?: ReadModel['apply']): Promise<void> {
    log = new FedLog();
    running = await world.project({ log, rebuildPage: 40, models: READ_MODELS.map((model) => (model.name === 'sync-states' && apply ? { ...model, apply } : model.name === 'pauses' ? foldedInOrder(model) : model)) });
  }
  const feedTheRest = (): Promise<void> => log.feedAll(inBatches(later, chooser(2), 100));
  const status = (): Promise<ProjectionStatus> => running.read<ProjectionStatus>('/v1/projection', 'admin', {});
  const replay = (body: object): Promise<{ job: string }> => running.post<{ job: string }>('/v1/projection/replay', body);
  const done = (id: string): Promise<unknown> => eventually(async () => expect(await running.read<JobView>(`/v1/jobs/${id}`, 'admin', {})).toMatchObject({ state: 'done', failed: 0 }));
  const replayed = async (body: object): Promise<unknown> => done((await replay(body)).job);
  const position = async (): Promise<string> => (await running.read<{ position: string }>('/v1/events?after=now', 'admin', {})).position;
  const tables = READ_MODELS.flatMap((model) => model.tables);
  /** The release that took them in knew no newer version. */
  const asAnEarlierReleaseKeptThem = (): Promise<unknown> => world.pool.query("UPDATE projection.events SET type = 'wami.tenant.sync-configured.v1' WHERE type = 'wami.tenant.sync-configured.v2'");
  const inOrder = (rows: readonly object[]): string[] => rows.map(canonical).sort();
  /** Every table of the read models as queries read it now. */
  async function asTheyAre(): Promise<Record<string, string[]>> {
    const all: Record<string, string[]> = {};
    for (const table of tables) {
      const { rows } = await world.pool.query<object>(`SELECT ${Object.keys(table.columns).join(', ')} FROM projection.${table.name}`);
      all[table.name] = inOrder(rows.filter((row) => !isEmptyRow(table, row)));
    }
    return all;
  }
  /** As they were made. */
  async function asReplayed(): Promise<Record<string, string[]>> {
    const all: Record<string, string[]> = {};
    for (const { name } of tables) all[name] = inOrder(await running.all(`/v1/projection/replayed?table=${name}`));
    return all;
  }
  /** Status, and what is wrong with which part of what was asked. */
  const refused = async (body: object, token = 'admin'): Promise<[number, string | undefined, string | undefined]> => {
    const response = await running.get('/v1/projection/replay', token, { 'content-type': 'application/json' }, { method: 'POST', body: JSON.stringify(body) });
    const { errors: [first] = [] } = (await response.json()) as { errors?: readonly { pointer: string; detail: string }[] };
    return [response.status, first?.pointer, first?.detail];
  };
  const verified = (models?: readonly string[]): Promise<ProjectionVerdict> => running.post<ProjectionVerdict>('/v1/projection/verify', { replayed: true, ...(models ? { models } : {}) });

  it('holds what stood in every table at that position or that time, and those that queries read stay as they are', async () => {
    const [then, at, count] = [await asTheyAre(), await position(), (await status()).events];
    const times = await world.pool.query<{ time: string }>('SELECT max(time) AS time FROM projection.events');
    await feedTheRest();
    const now = await asTheyAre();
    expect(now).not.toEqual(then);
    await asAnEarlierReleaseKeptThem();
    await replayed({ until: at });
    expect(await asReplayed()).toEqual(then);
    expect(await asTheyAre()).toEqual(now);
    const { models } = await status();
    expect(models.map((one) => [one.generation, one.replayed])).toEqual(models.map(() => [1, { generation: 2, events: count, position: at }]));
    await replayed({ until: times.rows[0]?.time, models: ['sync-states'] });
    expect(await asReplayed()).toEqual(then);
    expect((await status()).models).toContainEqual(expect.objectContaining({ name: 'sync-states', generation: 1, replayed: { generation: 3, events: count, position: at } }));
    await replayed({});
    expect(await asReplayed()).toEqual(now);
  });

  it('is compared with a fold of its own events, which finds a row that was changed there; a rebuild leaves it and it leaves a rebuild', async () => {
    const at = await position();
    await feedTheRest();
    await replayed({ until: at });
    expect(await verified()).toMatchObject({ equal: true });
    await done((await running.post<{ job: string }>('/v1/projection/rebuild')).job);
    expect(await verified()).toMatchObject({ equal: true });
    await replayed({ until: at });
    expect(await running.post('/v1/projection/verify')).toMatchObject({ equal: true });
    const { rows: [changed] } = await world.pool.query<{ id: string }>(`UPDATE projection.resources_g4 SET name = 'x' WHERE id = (SELECT id FROM projection.resources_g4 WHERE name IS NOT NULL ORDER BY id LIMIT 1) RETURNING id`);
    const { equal, tables: found } = await verified(['resources']);
    expect([equal, found.filter((one) => !one.equal).map(({ table, rows }) => [table, rows])]).toEqual([false, [['resources', [{ key: [changed?.id], fields: ['name'] }]]]]);
    expect(await running.post('/v1/projection/verify')).toMatchObject({ equal: true });
  });

  it('goes on where it was cut off, and ends with the event that was asked for whatever came in meanwhile', async () => {
    const [then, at] = [await asTheyAre(), await position()];
    await running.close();
    await start(async (rows, events) => {
      await sleep(PACE_MS);
      await syncStates.apply(rows, events);
    });
    const { job } = await replay({ until: at });
    await eventually(async () => {
      const [found] = (await status()).rebuilds;
      expect(found).toMatchObject({ verb: 'replay', phase: 'keys' });
      expect(found?.events).toBeGreaterThan(0);
    }, { intervalMs: 1 });
    await running.close();
    await start();
    await feedTheRest();
    await done(job);
    expect(await asReplayed()).toEqual(then);
    expect(await verified()).toMatchObject({ equal: true });
  });

  it('ends at a place of the log: that of a time or of a write; what is not taken in yet is no end, and a time at which identity said more than was taken in by then is none', async () => {
    const count = (await status()).events;
    const [late, outcome] = later.filter(({ source }) => source === 'sync-aws');
    const said = later.find(({ source }) => source === 'identity');
    if (!late || !outcome || !said) throw new Error('too short a history');
    const at = (seconds: number): string => new Date(Date.parse(before) + seconds * 1000).toISOString();
    await log.feed([{ ...late, time: at(20) }, { ...outcome, time: at(5) }, { ...said, time: at(10) }]);
    const eventsOf = async (until: string): Promise<number | undefined> => {
      await replayed({ until, models: ['relations'] });
      return (await status()).models.find(({ name }) => name === 'relations')?.replayed?.events;
    };
    // What a sync service said is of another source, and behind by nature.
    expect([await eventsOf(at(0)), await eventsOf(at(7)), await eventsOf(at(20))]).toEqual([count, count, count + 3]);
    expect([await eventsOf(encodePosition(eventsPosition(count + 1))), await eventsOf(positionAfter(said)), await eventsOf(encodePosition(eventsPosition(count + 1000)))]).toEqual([count + 1, count + 3, count + 3]);
    for (const until of [at(20).replace(/Z$/, ''), at(20).slice(0, 10)]) expect(await refused({ until })).toEqual([422, '/until', expect.stringContaining('a time with its zone (RFC 3339) like 2027-01-31T12:00:00Z')]);
    for (const seconds of [10, 12, 19]) expect(await refused({ until: at(seconds) })).toEqual([422, '/until', expect.stringMatching(/is no place in the log: .*Name a position, or a time at which less happened/)]);
  });

  it('reads in pages, and says what it cannot read', async () => {
    expect(await running.read('/v1/projection/replayed?table=sync_states')).toEqual({ items: [] });
    await replayed({ until: await position() });
    const all = await running.all<{ resource: string }>('/v1/projection/replayed?table=sync_states');
    const paged: object[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: { items: object[]; nextCursor?: string } = await running.read(`/v1/projection/replayed?table=sync_states&limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`);
      paged.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(all.length).toBeGreaterThan(7);
    expect(paged).toEqual(all);
    expect(await refused({ until: 'yesterday' })).toEqual([422, '/until', expect.stringContaining('a position of an answer, or a time')]);
    expect(await refused({ until: '2026-99-01' })).toEqual([422, '/until', expect.stringContaining('a position, or a time with its zone')]);
    expect(await refused({ after: 'x' })).toEqual([422, '/after', expect.any(String)]);
    expect((await running.get('/v1/projection/replayed?table=nothing')).status).toBe(422);
    // Whatever its role, a key of a tenant has none of it: a fold is of all tenants.
    const { job } = await replay({ models: ['pauses'] });
    for (const path of ['/v1/projection/replayed', '/v1/projection', '/v1/event-replays', `/v1/jobs/${job}`]) expect([path, (await running.get(path, 'tenant:acme')).status]).toEqual([path, 404]);
    expect(await refused({}, 'tenant:acme')).toEqual([404, undefined, undefined]);
    await done(job);
  });
});

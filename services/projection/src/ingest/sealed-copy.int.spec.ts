import 'reflect-metadata';
import { isSealed, type RecordedEvent, type WamiCloudEvent } from '@wami/contracts';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { FedLog } from '../testing/fed-log';
import { chooser, History, inBatches } from '../testing/history';
import { TestKeys } from '../testing/test-keys';
import { World, type Running } from '../testing/world';

jest.setTimeout(60_000);

const NOW = {};
/** A step of a rebuild that fails so often fails the job. */
const MORE_THAN_TRIES = 3;

describe('what the projection keeps of personal data', () => {
  let world: World;
  let log: FedLog;
  let keys: TestKeys;
  let running: Running;
  let plain: RecordedEvent[];
  let sealed: RecordedEvent[];
  worldForEach(World.open, async (opened) => {
    world = opened;
    keys = new TestKeys();
    plain = new History(chooser(7), 300).events;
    sealed = await keys.sealed(plain);
    await start();
  }, { beforeClose: () => running?.close() });

  async function start(): Promise<void> {
    log = new FedLog();
    running = await world.project({ log, personal: keys.remembered(), rebuildPage: 40 });
  }
  const restart = async (): Promise<void> => {
    await running.close();
    await start();
  };
  const feedAll = (): Promise<void> => log.feedAll(inBatches(sealed, chooser(1), 100));
  const users = () => running.all<{ id: string; name: string }>('/v1/resources?kind=user');
  const events = () => running.all<WamiCloudEvent>('/v1/events');
  const rebuild = async (): Promise<void> => {
    const { job } = await running.post<{ job: string }>('/v1/projection/rebuild');
    await eventually(async () => expect(await running.read(`/v1/jobs/${job}`, 'admin', {})).toMatchObject({ state: 'done', failed: 0 }));
  };
  const isFold = async (): Promise<void> => expect(await running.post('/v1/projection/verify')).toMatchObject({ equal: true });
  const personalOf = (all: readonly { id: string; personal: unknown }[]): Map<string, unknown> => new Map(all.map(({ id, personal }) => [id, JSON.parse(JSON.stringify(personal))]));
  const told = async (): Promise<Map<string, unknown>> => personalOf((await events()).map(({ id, data }) => ({ id, personal: data.personal })));

  it('is sealed in its copy of the events, open in lists, history and stream, and rebuilt from the copy', async () => {
    await feedAll();
    const { rows } = await world.pool.query<{ id: string; personal: object }>('SELECT id, personal FROM projection.events');
    expect(personalOf(rows)).toEqual(personalOf(sealed));
    expect(rows.filter(({ personal }) => isSealed(personal)).length).toBeGreaterThan(50);
    expect(await told()).toEqual(personalOf(plain));
    const before = await users();
    expect(before.length).toBeGreaterThan(3);
    for (const { name } of before) expect(name).not.toBe('');
    await rebuild();
    await isFold();
    expect(await users()).toEqual(before);
    const history = await running.read<{ items: WamiCloudEvent[] }>(`/v1/resources/${before[0]?.id ?? ''}/history`, 'admin', NOW);
    expect(history.items[0]?.data.personal).toMatchObject({ userName: expect.stringMatching(/./) as string });
  });

  it('is nothing once the key is gone: in the API, in a rebuild and in a projection made anew', async () => {
    await feedAll();
    const [first] = await users();
    keys.keys.set(first?.id ?? '', 'gone');
    await restart();
    await rebuild();
    await isFold();
    expect((await users()).find(({ id }) => id === first?.id)).toMatchObject({ name: '' });
    const about = (await events()).filter(({ key }) => key === first?.id);
    expect(about.length).toBeGreaterThan(0);
    for (const { data } of about) expect(data.personal).toEqual({});
    expect((await users()).filter(({ name }) => name === '')).toHaveLength(1);
  });

  it('waits for its keys: nothing is taken in, skipped or taken for erased while they cannot be had', async () => {
    keys.away = true;
    await expect(feedAll()).rejects.toThrow('identity does not answer');
    for (let i = 0; i < 5; i++) await expect(log.feed(sealed.slice(0, 50))).rejects.toThrow('identity does not answer');
    const counts = async () => (await world.pool.query<{ n: number }>('SELECT (SELECT count(*) FROM projection.events) + (SELECT count(*) FROM projection.parked) AS n')).rows[0]?.n;
    expect(await counts()).toBe(0);
    keys.away = false;
    await feedAll();
    expect(await told()).toEqual(personalOf(plain));
    await isFold();
  });

  it('makes a reader and a rebuild wait too', async () => {
    await feedAll();
    await restart();
    keys.away = true;
    const refused = await running.get('/v1/events', 'admin', NOW);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    const { job } = await running.post<{ job: string }>('/v1/projection/rebuild');
    const { refusals } = keys;
    await eventually(() => expect(keys.refusals).toBeGreaterThan(refusals + MORE_THAN_TRIES));
    expect(await running.read(`/v1/jobs/${job}`, 'admin', {})).not.toMatchObject({ state: 'failed' });
    keys.away = false;
    await eventually(async () => expect(await running.read(`/v1/jobs/${job}`, 'admin', {})).toMatchObject({ state: 'done' }));
  });

  it('is parked, sealed, where no key opens it, and taken in at the next start once one does', async () => {
    const created = sealed.find(({ type }) => type === 'wami.user.created.v1');
    const key = keys.keys.get(created?.key ?? '');
    keys.keys.delete(created?.key ?? '');
    await log.feed(sealed.slice(0, sealed.indexOf(created as RecordedEvent) + 1));
    const { rows } = await world.pool.query<{ reason: string; event: RecordedEvent }>('SELECT reason, event FROM projection.parked');
    expect(rows).toMatchObject([{ reason: expect.stringContaining('personal is sealed') as string, event: { id: created?.id, personal: created?.personal } }]);
    if (key) keys.keys.set(created?.key ?? '', key);
    await restart();
    expect((await users()).map(({ id }) => id)).toContain(created?.key);
  });
});

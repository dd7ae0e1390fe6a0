import { ProviderError, type Connection, type ResourceHandler } from '@wami/provider-port';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import { deletesOf, deleteUsers, listOf, listsOf, meanwhile as meanwhileOf, quiet } from './spec-support/guarding';
import { ShiftedClock } from './spec-support/shifted-clock';

jest.setTimeout(120_000);

const MINUTE = 60_000;

let test: EngineUnderTest;
let clock: ShiftedClock;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  clock = new ShiftedClock();
  await test.identity.tenant('acme', TO_AWS);
});

const start = (adapter = test.cloud.adapter()): Promise<unknown> => test.start({ ...clock.parts(), adapter });
const synced = async (count: number, adapter = test.cloud.adapter()): Promise<string[]> => {
  const made = await Promise.all(Array.from({ length: count }, (_, i) => test.identity.user(`acme-${i}`)));
  await start(adapter);
  await quiet(test);
  expect(test.cloud.users()).toHaveLength(count);
  return made;
};
const meanwhile = (work: () => Promise<unknown>): Promise<void> => meanwhileOf(test, clock, work);
const gone = (ids: readonly string[]): Promise<unknown> => deleteUsers(test, ids);
const deletes = (): string[] => deletesOf(test);

describe('promise 9: deletes are careful: what was approved', () => {
  it('may be carried out for a day: what could not be by then is asked for anew', async () => {
    const acme = await synced(20);
    await meanwhile(() => gone(acme.slice(0, 7)));
    const list = await listOf(test, 7);
    test.cloud.fault = ({ api }) => (api === 'delete' ? { refuse: new ProviderError('AccessDenied', 'no', { effect: 'none' }) } : undefined);
    await test.identity.decide(list.id, 'approved', list.hash);
    await eventually(async () => expect(await test.states()).toEqual({ Failed: 7, Synced: 13 }));
    clock.shift(25 * 60 * MINUTE);
    test.cloud.fault = () => undefined;
    const tried = deletes().length;
    await test.identity.job('retry');
    await eventually(async () => expect((await listsOf(test)).map(({ held }) => held)).toEqual([7, 7]));
    expect(deletes()).toHaveLength(tried);
  });
});

describe('promise 9: deletes are careful: a crash between what is let go and what is done', () => {
  it('takes away nothing more and nothing twice: what was let go is counted once', async () => {
    const acme = await synced(30);
    await meanwhile(async () => {
      await gone(acme.slice(0, 4));
      test.cloud.fault = ({ api }) => (api === 'delete' ? { hang: new Promise((resolve) => setTimeout(resolve, 200)) } : undefined);
    }).catch(() => undefined);
    await test.stop();
    test.cloud.fault = () => undefined;
    await start();
    await eventually(async () => expect(await test.states()).toEqual({ Gone: 4, Synced: 26 }));
    expect((await test.pool.query('SELECT FROM sync_aws.engine_removals')).rowCount).toBe(4);
    await meanwhile(() => gone(acme.slice(4, 7)));
    expect(new Set(deletes()).size).toBe(4);
    await listOf(test, 3);
  });

  it('nor does a claim that fails leave anything counted: to let go and to claim are one transaction', async () => {
    const acme = await synced(30);
    await test.stop();
    await gone(acme.slice(0, 3));
    let refused = 0;
    const store = Object.assign(Object.create(test.store) as typeof test.store, {
      appendIn: (...[client, appends]: Parameters<typeof test.store.appendIn>) => {
        if (appends.every(({ events }) => events.every(({ type }) => type !== 'wami.sync.started.v1'))) return test.store.appendIn(client, appends);
        refused += 1;
        return Promise.reject(new Error('no place on the disk'));
      },
    });
    await test.start({ ...clock.parts(), store });
    await eventually(() => refused > 1);
    await test.stop();
    const counted = async (): Promise<number | null> => (await test.pool.query('SELECT FROM sync_aws.engine_removals')).rowCount;
    expect([await counted(), deletes()]).toEqual([0, []]);
    await start();
    await eventually(() => deletes().length === 3);
    expect(await counted()).toBe(3);
  });
});

describe('promise 9: deletes are careful: absent is success', () => {
  it('what stood beside it and is left goes too, however often that is refused, and where others took its mark off', async () => {
    const cleared: string[] = [];
    const { connect, ...adapter } = test.cloud.adapter();
    const beside = (handler: ResourceHandler): ResourceHandler => ({ ...handler, clear: async ({ id }) => {
      cleared.push(id);
      if (cleared.length === 1) throw new ProviderError('Unavailable', 'not now');
    } });
    const clearing = { ...adapter, connect: (connection: Connection) => {
      const target = connect(connection);
      return { ...target, handler: (kind: string) => { const handler = target.handler(kind); return handler && beside(handler); } };
    } };
    const [ann, bob, carl] = await synced(3, clearing);
    test.cloud.things = test.cloud.things.filter(({ name }) => name !== 'acme-0');
    clock.shift(2 * MINUTE);
    await gone([String(ann)]);
    await eventually(async () => expect(await test.stateOf(String(ann))).toBe('Gone'));
    expect(cleared).toEqual([ann, ann]);
    delete test.cloud.named('acme-1')?.mark;
    await gone([String(bob), String(carl)]);
    await eventually(async () => expect(await test.states()).toEqual({ Gone: 3 }));
    expect([cleared.slice(2), test.cloud.users()]).toEqual([[bob], []]);
  });
});

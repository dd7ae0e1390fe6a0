import { patiently as eventually, worldForEach } from '@wami/testing';
import { CONNECTION, EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import { deletesOf, deleteUsers, listOf, listsOf, meanwhile as meanwhileOf, quiet } from './spec-support/guarding';
import { ACCOUNT } from './spec-support/identity';
import { ShiftedClock } from './spec-support/shifted-clock';

jest.setTimeout(120_000);

const MINUTE = 60_000;
const ADMIN = { actor: 'admin', correlationId: 'req_1' };
const BY_HAND = { ...ADMIN, single: true } as const;

let test: EngineUnderTest;
let tenant: string;
let clock: ShiftedClock;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  clock = new ShiftedClock();
  tenant = await test.identity.tenant('acme', TO_AWS);
  await test.identity.tenant('rival', TO_AWS);
});

const start = (): Promise<unknown> => test.start(clock.parts());
const users = (count: number, of = 'acme'): Promise<string[]> => Promise.all(Array.from({ length: count }, (_, i) => test.identity.user(`${of}-${i}`, { tenant: of })));
const synced = async (count: number, of = 'acme'): Promise<string[]> => {
  const made = await users(count, of);
  await start();
  await quiet(test);
  expect(test.cloud.users().filter(({ name }) => name.startsWith(of))).toHaveLength(count);
  return made;
};
const meanwhile = (work: () => Promise<unknown>): Promise<void> => meanwhileOf(test, clock, work);
const gone = (ids: readonly string[]): Promise<unknown> => deleteUsers(test, ids);
const deletes = (): string[] => deletesOf(test);
const removes = (): string[] => test.cloud.calls.filter(({ api }) => api === 'remove').map(({ name }) => name);

describe('promise 9: deletes are careful: prerequisites first', () => {
  it('what stands in the way of a delete is taken away before it', async () => {
    const group = await test.identity.group('admins');
    const [ann] = await users(1);
    await test.identity.member('add', group, String(ann));
    await start();
    await quiet(test);
    await gone([String(ann)]);
    await eventually(() => test.cloud.users().length === 0);
    expect(test.cloud.writes.slice(-2).map(({ api, name }) => `${api} ${name}`)).toEqual(['remove admins', 'delete acme-0']);
  });
});

describe('promise 9: deletes are careful: absent is success', () => {
  it('what is gone at the target already is deleted', async () => {
    const [ann] = await synced(1);
    test.cloud.things = [];
    clock.shift(2 * MINUTE);
    await gone([String(ann)]);
    await eventually(async () => expect(await test.states()).toEqual({ Gone: 1 }));
    expect(await test.stateOf(String(ann))).toBe('Gone');
  });
});

describe('promise 9: deletes are careful: protected', () => {
  it('what WAMI signs in as is never deleted: a plan tells so, and the engine refuses', async () => {
    const [ann] = await users(1);
    await start();
    await quiet(test);
    test.cloud.principal = 'arn:aws:iam::1:user/acme-0';
    await test.stop();
    await start();
    await gone([String(ann)]);
    await eventually(async () => expect(await test.said(String(ann))).toMatchObject({ outcome: { state: 'Failed', error: { code: 'InvalidRequest', retryable: false } } }));
    expect(deletes()).toEqual([]);
    const plan = await test.identity.plan();
    const planned = await eventually(async () => {
      const found = (await test.outcomes()).find(({ type, stream }) => type === 'wami.sync.planned.v1' && stream.endsWith(plan));
      expect(found).toBeDefined();
      return found;
    });
    expect(planned?.data).toMatchObject({ action: 'error', code: 'InvalidRequest' });
  });
});

describe('promise 9: deletes are careful: orphan', () => {
  it('takes our mark off and leaves the resource, its relations too; a user of the name is a stranger from then on', async () => {
    const group = await test.identity.group('admins');
    const [ann] = await users(1);
    await test.identity.member('add', group, String(ann));
    await test.identity.configure(tenant, 'acme', { ...TO_AWS, deletionPolicy: 'orphan' });
    await start();
    await quiet(test);
    await gone([String(ann)]);
    await eventually(async () => (await test.stateOf(String(ann))) === 'Gone');
    expect(deletes()).toEqual([]);
    expect(test.cloud.named('acme-0')?.mark).toBeUndefined();
    expect(test.cloud.groupsOf('acme-0')).toEqual(['admins']);
    const again = await test.identity.user('acme-0');
    await eventually(async () => expect(await test.said(again)).toMatchObject({ outcome: { state: 'Failed', error: { code: 'Conflict' } } }));
  });

  it('may be said for one kind alone', async () => {
    await test.identity.configure(tenant, 'acme', { ...TO_AWS, kinds: { user: { deletionPolicy: 'orphan' } } });
    const group = await test.identity.group('admins');
    const [ann] = await synced(1);
    await gone([String(ann)]);
    await test.identity.deleteGroup(group);
    await eventually(async () => expect(await test.states()).toEqual({ Gone: 2 }));
    expect([deletes(), test.cloud.named('acme-0')?.mark]).toEqual([['admins'], undefined]);
  });
});

describe('promise 9: deletes are careful: more removals in a window than the guard allows', () => {
  it('stop all of them, tell the whole list, and let grants, updates and other tenants go on', async () => {
    const rival = await users(1, 'rival');
    const crew = await test.identity.group('crew');
    // So few at a time that what is due beside a claim makes the difference.
    test.connections.set([{ ...CONNECTION, limits: { concurrency: 1 } }]);
    const acme = await synced(40);
    await meanwhile(async () => {
      await test.identity.deleteGroup(crew);
      await gone(acme.slice(0, 12));
      await gone(rival);
      await test.identity.patchUser(String(acme[20]), { tags: { team: 'core' } });
      await test.identity.user('new');
    });
    const list = await listOf(test, 13);
    expect(list.resources).toEqual([crew, ...acme.slice(0, 12)].sort());
    expect(list.budgets).toEqual([{ kind: 'group', allowed: 5, taken: 0, asked: 1 }, { kind: 'user', allowed: 8, taken: 0, asked: 12 }]);
    expect(deletes()).toEqual(['rival-0']);
    expect(test.cloud.named('acme-20')?.tags).toEqual({ team: 'core' });
    expect(test.cloud.named('new')).toBeDefined();
    expect(await test.said(String(acme[0]))).toMatchObject({ outcome: {
      state: 'Pending', approval: list.id, reason: expect.stringMatching(new RegExp(`^held by the guard until ${list.id} is approved \\(\\d+ in all\\): user: 12 within 24 hours, 8 are allowed$`)) as string,
    } });
  });

  it('stop the target that they are too many for alone: at another one of the same tenant all goes on', async () => {
    test.connections.set([CONNECTION, { ...CONNECTION, account: '2', naming: 'second-{name}' }]);
    await test.identity.configure(tenant, 'acme', { ...TO_AWS, providers: [ACCOUNT, '2'].map((account) => ({ provider: 'aws', account })) });
    const both = await users(8);
    const here = await Promise.all(both.map((_, i) => test.identity.user(`here-${i}`, { syncToProviders: [`aws/${ACCOUNT}`] })));
    await start();
    await quiet(test);
    await meanwhile(async () => {
      await gone([...here, ...both.slice(0, 2)]);
      await test.identity.patchUser(String(both[3]), { tags: { team: 'core' } });
    });
    expect((await listOf(test, 10)).resources).toEqual([...here, ...both.slice(0, 2)].sort());
    expect((await listsOf(test)).map(({ parts }) => parts[0]?.data.account)).toEqual([ACCOUNT]);
    expect(deletes().sort()).toEqual(['second-acme-0', 'second-acme-1']);
    expect([test.cloud.named('acme-3')?.tags, test.cloud.named('second-acme-3')?.tags]).toEqual([{ team: 'core' }, { team: 'core' }]);
    expect([await test.stateOf(String(both[0])), await test.stateOf(String(both[0]), '2')]).toEqual(['Pending', 'Gone']);
  });

  it('never fewer than five in a small tenant', async () => {
    const acme = await synced(6);
    await meanwhile(() => gone(acme.slice(0, 5)));
    expect(deletes()).toHaveLength(5);
    await meanwhile(() => gone(acme.slice(5)));
    expect(deletes()).toHaveLength(5);
    expect((await listOf(test, 1)).resources).toEqual(acme.slice(5));
  });

  it('count removals of access, and leave the rest of an update alone', async () => {
    const [group, other] = [await test.identity.group('admins'), await test.identity.group('readers')];
    const acme = await users(10);
    for (const user of acme) await test.identity.member('add', group, user);
    await start();
    await quiet(test);
    await meanwhile(async () => {
      for (const user of acme) await test.identity.member('remove', group, user);
      await test.identity.member('add', other, String(acme[0]));
      await test.identity.patchUser(String(acme[1]), { tags: { team: 'core' } });
    });
    const list = await listOf(test, 10);
    expect(list.takes[String(acme[3])]).toEqual([`groups:${group}`]);
    expect(removes()).toEqual([]);
    expect(test.cloud.groupsOf('acme-0')).toEqual(['admins', 'readers']);
    expect(test.cloud.named('acme-1')?.tags).toEqual({ team: 'core' });
    expect(await test.said(String(acme[0]))).toMatchObject({ outcome: { state: 'Pending', approval: list.id } });
    await test.identity.decide(list.id, 'approved', list.hash);
    await eventually(() => removes().length === 10);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 12 }));
    expect(test.cloud.groupsOf('acme-0')).toEqual(['readers']);
  });

  it('are held as well where they drip for a day, and what was counted is free after it', async () => {
    const acme = await synced(35);
    for (const user of acme.slice(0, 14)) {
      await gone([user]);
      await eventually(async () => (await test.stateOf(user)) === 'Gone' || 'approval' in ((await test.said(user))?.outcome ?? {}));
      clock.shift(20 * MINUTE);
    }
    expect(deletes()).toEqual(acme.slice(0, 7).map((_, i) => `acme-${i}`));
    expect((await listOf(test, 7)).resources).toHaveLength(7);
  });

  it('go by themselves once all that is held is allowed: the day is over, or the tenant allows more', async () => {
    const acme = await synced(20);
    await meanwhile(() => gone(acme.slice(0, 4)));
    await meanwhile(() => gone(acme.slice(4, 6)));
    expect((await listOf(test, 2)).budgets).toEqual([{ kind: 'user', allowed: 5, taken: 4, asked: 2 }]);
    clock.shift(24 * 60 * MINUTE);
    await eventually(() => deletes().length === 6);
    await meanwhile(() => gone(acme.slice(6, 14)));
    expect(deletes()).toHaveLength(6);
    await test.identity.configure(tenant, 'acme', { ...TO_AWS, guard: { maxDeletesPercent: 100 } });
    await eventually(() => deletes().length === 14);
    expect((await test.outcomes()).filter(({ type }) => type === 'wami.sync.guard-released.v1').map(({ data }) => (data as { why: string }).why)).toEqual(['within-budget', 'within-budget']);
  });
});

describe('promise 9: deletes are careful: the approval', () => {
  it('is of the exact list that was looked at: what came in later is asked for anew', async () => {
    const acme = await synced(40);
    await meanwhile(() => gone(acme.slice(0, 12)));
    const seen = await listOf(test, 12);
    await meanwhile(() => gone(acme.slice(12, 15)));
    expect(await listsOf(test)).toHaveLength(1);
    expect((await listOf(test, 15)).hash).not.toBe(seen.hash);
    await test.identity.decide(seen.id, 'approved', 'A'.repeat(22));
    await quiet(test);
    expect(deletes()).toEqual([]);
    await test.identity.decide(seen.id, 'approved', seen.hash);
    await eventually(() => deletes().length === 12);
    const again = await listOf(test, 3);
    expect(again.id).not.toBe(seen.id);
    expect(again.resources).toEqual(acme.slice(12, 15).sort());
    await quiet(test);
    expect(deletes()).toHaveLength(12);
    expect(await test.states()).toEqual({ Gone: 12, Pending: 3, Synced: 25 });
  });

  it('rejected holds what was listed, for ever and without holding up others; put back it leaves the list', async () => {
    const group = await test.identity.group('admins');
    const acme = await users(10);
    for (const user of acme) await test.identity.member('add', group, user);
    await start();
    await quiet(test);
    await meanwhile(() => Promise.all(acme.slice(0, 7).map((user) => test.identity.member('remove', group, user))));
    const list = await listOf(test, 7);
    await test.identity.decide(list.id, 'rejected');
    await quiet(test);
    await meanwhile(() => test.identity.job('sync'));
    expect(removes()).toEqual([]);
    expect(await test.said(String(acme[0]))).toMatchObject({ outcome: { state: 'Pending', approval: list.id, reason: expect.stringContaining('was rejected') as string } });
    await test.identity.member('add', group, String(acme[0]));
    await eventually(async () => (await test.stateOf(String(acme[0]))) === 'Synced');
    await test.identity.member('remove', group, String(acme[8]));
    await eventually(() => removes().length === 1);
    expect(test.cloud.groupsOf('acme-8')).toEqual([]);
    expect(test.cloud.groupsOf('acme-0')).toEqual(['admins']);
  });

  it('runs out: then the same is asked for anew, and the old one approves nothing', async () => {
    const acme = await synced(20);
    await meanwhile(() => gone(acme.slice(0, 12)));
    const list = await listOf(test, 12);
    clock.shift(7 * 24 * 60 * MINUTE + MINUTE);
    const again = await eventually(async () => {
      const found = (await listsOf(test)).at(-1);
      expect(found).toMatchObject({ held: 12 });
      expect(found?.id).not.toBe(list.id);
      return found;
    });
    await test.identity.decide(list.id, 'approved', list.hash);
    await quiet(test);
    expect(deletes()).toEqual([]);
    await test.identity.decide(String(again?.id), 'approved', again?.hash);
    await eventually(() => deletes().length === 12);
  });
});

describe('promise 9: deletes are careful: a deliberate revocation by a person', () => {
  it('is not held while a list is, counts all the same, and a loop of them is held', async () => {
    const acme = await synced(40);
    await meanwhile(() => gone(acme.slice(0, 12)));
    const list = await listOf(test, 12);
    test.identity.meta = BY_HAND;
    await gone(acme.slice(12, 15));
    await eventually(() => deletes().length === 3);
    await meanwhile(() => gone(acme.slice(15, 35)));
    expect(deletes()).toHaveLength(10);
    expect(await listOf(test, 25)).toMatchObject({ id: list.id, budgets: [{ kind: 'user', taken: 10, allowed: 8 }] });
  });
});

import { patiently as eventually, worldForEach } from '@wami/testing';
import { CONNECTION, EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import { listOf, listsOf, quiet } from './spec-support/guarding';
import { standingUsers } from './spec-support/thousands';

jest.setTimeout(120_000);

let test: EngineUnderTest;
let tenant: string;
let admins: string;
let users: string[];
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  tenant = await test.identity.tenant('acme', TO_AWS);
  admins = await test.identity.group('admins');
  await test.start();
  await quiet(test);
  await test.stop();
  users = await standingUsers(test, { count: 40 });
});

const join = (count: number, from = 0): void => {
  const group = test.cloud.named('admins')?.id ?? '';
  for (let i = from; i < from + count; i++) test.cloud.named(`acme-${i}`)?.groups.add(group);
};
const members = (): number => test.cloud.users().filter(({ groups }) => groups.size > 0).length;
const compared = async (): Promise<void> => {
  const job = await test.identity.job('sync', { filter: { kind: 'user' } });
  await eventually(async () => expect((await test.outcomes()).filter(({ type, key }) => type === 'wami.sync.job-accepted.v1' && key === job)).toHaveLength(1));
  await quiet(test);
};
const removes = (): number => test.cloud.calls.filter(({ api }) => api === 'remove').length;
const counted = async (): Promise<number> => (await test.pool.query('SELECT FROM sync_aws.engine_removals')).rowCount ?? 0;

describe('promise 9: deletes are careful: memberships that somebody else added', () => {
  it('are taken away within the budget, count, and are said to be Synced only then; all else is put right at once', async () => {
    join(3);
    test.cloud.named('acme-0')!.tags = { stray: 'x' };
    await test.start();
    await compared();
    expect([members(), removes(), await counted(), test.cloud.named('acme-0')?.tags]).toEqual([0, 3, 3, {}]);
    expect(await test.states()).toEqual({ Synced: 41 });
    const said = (await test.outcomes(users[0])).map(({ type }) => type.split('.')[2]);
    expect(said).toEqual(['requested', 'drifted', 'waiting', 'started', 'succeeded']);
    await compared();
    expect(removes()).toBe(3);
    expect((await test.outcomes()).filter(({ type }) => type === 'wami.sync.drifted.v1')).toHaveLength(3);
  });

  it('too many of them lose nothing first: they are one list, and go when it is approved', async () => {
    join(20);
    const found = { groups: [admins] };
    await test.pool.query("UPDATE sync_aws.engine_bindings SET presence = presence || jsonb_build_object('found', $2::jsonb), state = 'Pending', due_at = $3 WHERE resource = ANY($1)",
      [users.slice(0, 20), JSON.stringify(found), Date.now()]);
    // So few at a time that what was found beside a claim makes the difference.
    test.connections.set([{ ...CONNECTION, limits: { concurrency: 1 } }]);
    await test.start();
    await quiet(test);
    const list = await listOf(test, 20);
    expect([members(), removes(), await counted()]).toEqual([20, 0, 0]);
    expect(list.takes[String(users[3])]).toEqual([`groups:${admins}`]);
    expect(list.budgets).toEqual([{ kind: 'user', allowed: 8, taken: 0, asked: 20 }]);
    expect(await test.states()).toEqual({ Pending: 20, Synced: 21 });
    await compared();
    expect([members(), (await listsOf(test)).length]).toEqual([20, 1]);
    await test.identity.decide(list.id, 'approved', list.hash);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 41 }));
    expect([members(), removes(), await counted()]).toEqual([0, 20, 20]);
  });

  it('never more than the budget, and what somebody else changed beside it is put right; what is added here as well leaves the list without a call', async () => {
    join(20);
    test.cloud.named('acme-1')!.tags = { stray: 'x' };
    await test.start();
    await compared();
    const [{ id = '', held = 0, resources = [] } = {}] = await listsOf(test);
    expect([members() + removes(), held + removes(), await counted()]).toEqual([20, 20, removes()]);
    expect([removes() <= 8, test.cloud.named('acme-1')?.tags]).toEqual([true, {}]);
    join(1, 30);
    await compared();
    const [{ hash = '' } = {}] = await listsOf(test);
    const kept = String(resources[0]);
    await test.identity.member('add', admins, kept);
    await quiet(test);
    expect(await test.stateOf(kept)).toBe('Synced');
    await test.identity.decide(id, 'approved', hash);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 41 }));
    expect([members(), removes()]).toEqual([1, 20]);
  });
});

describe('promise 9: deletes are careful: a plan', () => {
  const planned = async (): Promise<{ plan: string; hash: string; guard?: unknown; counts: unknown }> => {
    const plan = await test.identity.plan();
    return eventually(async () => {
      const told = (await test.outcomes()).find(({ type, key }) => type === 'wami.sync.plan-answered.v1' && key === plan);
      expect(told).toBeDefined();
      return told?.data as { plan: string; hash: string; guard?: unknown; counts: unknown };
    });
  };

  it('tells that it would trip the guard, also by what others added, and does so without its hash; with it, that is the approval', async () => {
    await test.identity.configure(tenant, 'acme', { ...TO_AWS, triggers: { onDelete: false } });
    await test.start();
    await quiet(test);
    join(8);
    expect((await planned()).guard).toBeUndefined();
    join(4, 8);
    const { plan, guard, counts } = await planned();
    expect([guard, counts]).toEqual([[{ tenant: 'acme', kind: 'user', removes: 12, allowed: 8, taken: 0, held: 0 }], { update: 12, none: 29 }]);
    await test.identity.job('apply', { plan });
    await eventually(async () => expect((await listsOf(test)).reduce((sum, { held }) => sum + held, 0)).toBe(12 - removes()));
    await quiet(test);
    const taken = removes();
    expect([members(), taken <= 8]).toEqual([12 - taken, true]);
    const again = await planned();
    expect(again.guard).toEqual([{ tenant: 'acme', kind: 'user', removes: 12 - taken, allowed: 8, taken, held: 0 }]);
    await test.identity.job('apply', { plan: again.plan, hash: again.hash });
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 41 }));
    expect([members(), removes(), await counted(), (await listsOf(test)).length]).toEqual([0, 12, 12, 1]);
  });
});

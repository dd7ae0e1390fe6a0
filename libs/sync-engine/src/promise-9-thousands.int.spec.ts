import { ProviderError } from '@wami/provider-port';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import { listsOf, quiet } from './spec-support/guarding';
import { ShiftedClock } from './spec-support/shifted-clock';
import { putMembershipsBack, standingUsers, takeAllAway } from './spec-support/thousands';

jest.setTimeout(120_000);

const MINUTE = 60_000;
const MANY = 5_000;
const SWEPT = 150;
const MEMBERS = 300;

let test: EngineUnderTest;
let clock: ShiftedClock;
let group: string;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  clock = new ShiftedClock();
  await test.identity.tenant('acme', TO_AWS);
  group = await test.identity.group('staff');
  await start();
  await quiet(test);
  await test.stop();
});

const start = (): Promise<unknown> => test.start(clock.parts({ ownershipMs: 10 * 60 * MINUTE, callTimeoutMs: 1_500 }));
const idsAtCloud = (): string[] => test.cloud.users().map(({ id, mark }) => `${id} ${mark?.id ?? ''}`).sort();
const writes = (): number => test.cloud.writes.length;

describe('promise 9: deletes are careful: a tenant of thousands whose source is empty', () => {
  it('loses nobody: all that would go is one list, and more is allowed by nothing but its hash; nobody has another id after it', async () => {
    const users = await standingUsers(test, { count: MANY });
    const [before, written] = [idsAtCloud(), writes()];
    await takeAllAway(test, 'users', users);
    await start();
    await quiet(test);
    expect([writes(), idsAtCloud()]).toEqual([written, before]);
    const [list, ...others] = await listsOf(test);
    expect([list?.held, list?.resources.length, others]).toEqual([MANY, MANY, []]);
    expect(list?.budgets).toMatchObject([{ kind: 'user', allowed: 100, taken: 0 }]);
    expect(Math.max(...(list?.parts ?? []).map((part) => JSON.stringify(part).length))).toBeLessThan(64 * 1024);
    expect(await test.states()).toEqual({ Pending: MANY, Synced: 1 });
  });

  it('undo: memberships that are put back before anybody approved leave the list, and nothing of them is called', async () => {
    const users = await standingUsers(test, { count: MEMBERS, group });
    const written = writes();
    await takeAllAway(test, 'memberships', users);
    await start();
    await quiet(test);
    const [list] = await listsOf(test);
    expect([list?.held, list?.budgets[0]?.allowed, writes()]).toEqual([MEMBERS, MEMBERS / 5, written]);
    await putMembershipsBack(test, group, users.slice(0, -10));
    await quiet(test);
    await test.identity.decide(String(list?.id), 'approved', list?.hash);
    await eventually(() => expect(writes()).toBe(written + 10));
    await quiet(test);
    expect(writes()).toBe(written + 10);
    expect(test.cloud.users().filter(({ groups }) => groups.size === 0).map(({ mark }) => mark?.id).sort()).toEqual(users.slice(-10).sort());
    expect(await test.states()).toEqual({ Synced: MEMBERS + 1 });
  });
});

describe('promise 9: deletes are careful: absence is not deletion', () => {
  const answers: readonly (readonly [string, () => void])[] = [
    ['empty', () => { test.cloud.pages = () => [[]]; }],
    ['cut short', () => { test.cloud.pages = (kind) => [test.cloud.things.filter((thing) => thing.kind === kind).slice(0, 10)]; }],
    ['forbidden', () => { test.cloud.fault = ({ api }) => (api === 'list' ? { refuse: new ProviderError('AccessDenied', 'no') } : undefined); }],
  ];

  it.each(answers)('a listing that is %s says nothing of who is not in it: nobody is gone, nothing is made anew, and nobody is asked to approve anything', async (_how, cut) => {
    const users = await standingUsers(test, { count: SWEPT, group });
    const [before, written, said] = [idsAtCloud(), writes(), (await test.outcomes()).length];
    cut();
    await start();
    await test.identity.job('sync');
    await eventually(async () => expect((await test.outcomes()).slice(said).filter(({ type }) => type === 'wami.sync.job-accepted.v1')).toHaveLength(1));
    await quiet(test);
    expect([writes(), idsAtCloud()]).toEqual([written, before]);
    expect((await test.outcomes()).filter(({ type }) => /drifted|guard/.test(type))).toEqual([]);
    expect(test.cloud.groupsOf('acme-7')).toEqual(['staff']);
    expect(users).toHaveLength(SWEPT);
  });
});

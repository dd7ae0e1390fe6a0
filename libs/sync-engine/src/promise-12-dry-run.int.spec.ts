import { once } from 'node:events';
import type { RecordedEvent } from '@wami/contracts';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, TO_AWS, CONNECTION } from './spec-support/engine-under-test';
import type { Orders } from './spec-support/mortal-engine';
import { engineProcess, serveCloud } from './spec-support/remote-cloud';

jest.setTimeout(120_000);

/** Nothing goes out by itself. */
const HELD = { ...TO_AWS, triggers: { onCreate: false, onUpdate: false, onDelete: false } };

interface Answered { readonly hash: string; readonly operations: number; readonly counts: Record<string, number> }
type Operation = RecordedEvent<string, { resource: string; action: string; more: number }, { name?: string; reason?: string; changes?: { field: string; from?: string; to?: string }[] }>;

let test: EngineUnderTest;
let tenant: string;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  tenant = await test.identity.tenant('acme', HELD);
  await test.identity.tenant('rival', HELD);
});

const ofPlan = async (type: string, plan: string): Promise<RecordedEvent[]> => (await test.outcomes()).filter((event) => event.type === type && (event.data as { plan: string }).plan === plan);
const answer = async (plan: string): Promise<Answered> => {
  const [answered] = await eventually(async () => {
    const found = await ofPlan('wami.sync.plan-answered.v1', plan);
    expect(found).toHaveLength(1);
    return found;
  });
  return answered?.data as Answered;
};
const operations = async (plan: string): Promise<Operation[]> => (await ofPlan('wami.sync.planned.v1', plan)) as Operation[];
const planned = async (more: Record<string, unknown> = {}): Promise<{ plan: string; answered: Answered; told: Operation[] }> => {
  const plan = await test.identity.plan(more);
  const answered = await answer(plan);
  return { plan, answered, told: await operations(plan) };
};
/** What became of an approval: what was taken on, and what each binding said. */
const applied = async (plan: string, more: Record<string, unknown> = {}): Promise<{ bindings: number; refused?: string; undone?: number; said: string[] }> => {
  const job = await test.identity.job('apply', { plan, ...more });
  return eventually(async () => {
    const events = await test.outcomes();
    const taken = events.find(({ type, key }) => type === 'wami.sync.job-accepted.v1' && key === job)?.data as { bindings: number; refused?: string; undone?: number } | undefined;
    const said = events.filter(({ data, type }) => ((data as { jobs?: string[] }).jobs ?? []).includes(job) && !/started|requested/.test(type))
      .map(({ type, key, data }) => `${type.split('.')[2]} ${key}${'why' in (data as object) ? ` ${(data as { why: string }).why}` : ''}`);
    expect(taken).toBeDefined();
    expect(said).toHaveLength(taken?.bindings ?? -1);
    await rested();
    return { bindings: taken?.bindings ?? 0, ...(taken?.refused ? { refused: taken.refused, undone: taken.undone ?? -1 } : {}), said: said.sort() };
  });
};
const rested = async (): Promise<void> => expect(await test.isQuiet()).toBe(true);

describe('promise 12: dry run: plan', () => {
  it('tells what would be done to each binding, against a fresh look, and writes nothing', async () => {
    const ann = await test.identity.user('ann', { tags: { team: 'core' } });
    const group = await test.identity.group('admins');
    await test.identity.member('add', group, ann);
    await test.start();
    const { answered, told } = await planned();
    expect(told.map(({ data, personal }) => [data.action, personal.reason])).toEqual([['create', undefined], ['create', `waits for group/${group}`]]);
    expect(answered).toMatchObject({ operations: 2, counts: { create: 2 } });
    expect(told.map(({ key, data, personal }) => [key, data.action, personal.name]).sort()).toEqual([[group, 'create', 'admins'], [ann, 'create', 'ann']].sort());
    expect(told.find(({ key }) => key === ann)?.personal).toMatchObject({
      reason: `waits for group/${group}`, changes: [{ field: 'name', to: 'ann' }, { field: 'path', to: '/' }, { field: 'tags.team', to: 'core' }],
    });
    expect(test.cloud.writes).toEqual([]);
    expect(await test.states()).toEqual({ None: 2 });
  });

  it('tells updates field by field and deletions, adoptions and conflicts as what they are; what agrees is only counted', async () => {
    await test.identity.configure(tenant, 'acme', TO_AWS);
    const [ann, bob, eve] = [await test.identity.user('ann', { tags: { team: 'core' } }), await test.identity.user('bob'), await test.identity.user('eve')];
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 3 }));
    await test.identity.configure(tenant, 'acme', HELD);
    await eventually(rested);
    await test.identity.patchUser(ann, { tags: { team: 'infra' } });
    await test.identity.deleteUser(bob);
    const foreign = test.cloud.plant({ kind: 'user', name: 'zoe' });
    const zoe = await test.identity.user('zoe');
    test.cloud.named('ann')!.tags = { team: 'hacked', extra: '1' };
    const writes = test.cloud.writes.length;
    const { answered, told } = await planned();
    const of = (key: string): Operation | undefined => told.find((one) => one.key === key);
    expect(answered.counts).toEqual({ update: 1, delete: 1, conflict: 1, none: 1 });
    expect(of(ann)?.personal.changes).toEqual([{ field: 'tags.team', from: 'hacked', to: 'infra' }, { field: 'tags.extra', from: '1' }]);
    expect(of(bob)?.data.action).toBe('delete');
    expect(of(zoe)?.personal.reason).toContain(foreign.name);
    expect(of(eve)).toBeUndefined();
    expect(test.cloud.writes).toHaveLength(writes);
  });

  it('reads in bulk where there is much, and never looks beyond the scope', async () => {
    for (let i = 0; i < 250; i++) await test.identity.user(`user${i}`);
    await test.identity.user('stranger', { tenant: 'rival' });
    await test.start();
    const { answered, told } = await planned({ scope: 'acme' });
    expect(answered).toMatchObject({ operations: 250, counts: { create: 250 } });
    expect(told.filter(({ tenant: of }) => of !== 'acme')).toEqual([]);
    // The 50 of the last part go with the listing of the parts before.
    expect(test.cloud.calls.map(({ api }) => api)).toEqual(['whoami', 'list']);
  });

  it('is told by a connection that may only look', async () => {
    test.connections.set([{ ...CONNECTION, mode: 'observe' }]);
    const ann = await test.identity.user('ann');
    await test.start();
    const { plan, answered } = await planned();
    expect(answered.counts).toEqual({ create: 1 });
    expect(await applied(plan)).toEqual({ bindings: 1, said: [`plan-refused ${ann} observe-only`] });
    expect(test.cloud.writes).toEqual([]);
  });

  it('goes on after a restart between two parts', async () => {
    for (let i = 0; i < 210; i++) await test.identity.user(`user${i}`);
    const plan = await test.identity.plan();
    const victim = engineProcess();
    serveCloud(victim, test.cloud);
    victim.send({ url: test.pool.options.connectionString ?? '', point: 'before-record', occurrence: 2, options: { sweepAbove: 1_000 } } satisfies Orders);
    expect(await once(victim, 'exit')).toEqual([null, 'SIGKILL']);
    expect(await operations(plan)).toHaveLength(100);
    await test.start();
    expect(await answer(plan)).toMatchObject({ operations: 210 });
    expect(new Set((await operations(plan)).map(({ key }) => key)).size).toBe(210);
    expect(await operations(plan)).toHaveLength(210);
  });
});

describe('promise 12: dry run: apply', () => {
  it('carries out what triggers hold, once, and applying again does nothing', async () => {
    const [ann, group] = [await test.identity.user('ann'), await test.identity.group('admins')];
    await test.identity.member('add', group, ann);
    await test.start();
    const { plan, answered, told } = await planned();
    expect(told.map(({ data, personal }) => [data, personal])).toMatchObject([[{ action: 'create' }, {}], [{ action: 'create' }, {}]]);
    expect(await applied(plan, { hash: answered.hash })).toMatchObject({ bindings: 2 });
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual(['admins']));
    const writes = test.cloud.writes.length;
    expect(await applied(plan)).toEqual({ bindings: 0, refused: 'applied', undone: 0, said: [] });
    await test.identity.patchUser(ann, { path: '/staff/' });
    await eventually(rested);
    expect(test.cloud.writes).toHaveLength(writes);
    expect((await planned()).answered.counts).toEqual({ update: 1, none: 1 });
  });

  it('refuses only the binding whose thing was changed at the cloud since', async () => {
    await test.identity.configure(tenant, 'acme', TO_AWS);
    const [ann, bob] = [await test.identity.user('ann'), await test.identity.user('bob')];
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    await test.identity.configure(tenant, 'acme', HELD);
    await eventually(rested);
    for (const id of [ann, bob]) await test.identity.patchUser(id, { tags: { team: 'core' } });
    const { plan } = await planned();
    test.cloud.named('ann')!.tags = { intruder: 'yes' };
    expect(await applied(plan)).toEqual({ bindings: 2, said: [`plan-refused ${ann} observed-moved`, `succeeded ${bob}`] });
    expect([test.cloud.named('ann')?.tags, test.cloud.named('bob')?.tags]).toEqual([{ intruder: 'yes' }, { team: 'core' }]);
    // It is held as before: a new plan finds it, and the trigger lets it go.
    expect((await planned()).answered.counts).toEqual({ update: 1, none: 1 });
    await test.identity.configure(tenant, 'acme', TO_AWS);
    await eventually(() => expect(test.cloud.named('ann')?.tags).toMatchObject({ team: 'core' }));
  });

  it('refuses what somebody made there since, and what is wanted otherwise since', async () => {
    const [ann, bob, eve] = [await test.identity.user('ann'), await test.identity.user('bob'), await test.identity.user('eve')];
    await test.start();
    const { plan } = await planned();
    test.cloud.plant({ kind: 'user', name: 'ann' });
    await test.identity.patchUser(bob, { path: '/other/' });
    await eventually(rested);
    expect(await applied(plan)).toEqual({ bindings: 3, said: [`plan-refused ${ann} observed-moved`, `plan-refused ${bob} desired-moved`, `succeeded ${eve}`].sort() });
    expect(test.cloud.writes.map(({ api, name }) => `${api} ${name}`)).toEqual(['create eve']);
  });

  it('refuses a plan that expired, is not complete, is unknown, or is another than was approved', async () => {
    await test.identity.user('ann');
    await test.start();
    const { plan } = await planned();
    expect(await applied(plan, { hash: 'A'.repeat(22) })).toMatchObject({ bindings: 0, refused: 'other-hash', undone: 1 });
    expect(await applied('pln_nobody')).toMatchObject({ bindings: 0, refused: 'unknown', undone: 0 });
    await test.pool.query("UPDATE sync_aws.engine_plans SET state = 'planning', cursor = '~'");
    expect(await applied(plan)).toMatchObject({ refused: expect.stringMatching(/incomplete|applied/) });
    const { plan: old } = await planned();
    await test.pool.query('UPDATE sync_aws.engine_plans SET expires_at = 1');
    expect(await applied(old)).toMatchObject({ bindings: 0, refused: expect.stringMatching(/expired|unknown/) });
    await eventually(async () => expect((await test.pool.query('SELECT plan FROM sync_aws.engine_plan_operations UNION ALL SELECT plan FROM sync_aws.engine_plans')).rowCount).toBe(0));
    expect(test.cloud.writes).toEqual([]);
  });

  it('looks again before it writes: what somebody makes meanwhile is left alone, and the binding stays held', async () => {
    const ann = await test.identity.user('ann');
    await test.start();
    const { plan } = await planned();
    let looks = 0;
    test.cloud.fault = ({ api, name }) => {
      if (api === 'get' && name === 'ann' && (looks += 1) === 2) test.cloud.plant({ kind: 'user', name: 'ann' });
      return undefined;
    };
    expect(await applied(plan)).toEqual({ bindings: 1, said: [`plan-refused ${ann} observed-moved`] });
    expect((await test.said(ann))?.outcome).toMatchObject({ state: 'Pending', reason: expect.stringContaining('when the plan was made') });
    expect([test.cloud.writes, (await planned()).answered.counts]).toEqual([[], { conflict: 1 }]);
  });

  it('does not refuse a user because the same plan renamed one of its groups and deleted another', async () => {
    await test.identity.configure(tenant, 'acme', TO_AWS);
    const [ann, staff, guests] = [await test.identity.user('ann'), await test.identity.group('staff'), await test.identity.group('guests')];
    for (const group of [staff, guests]) await test.identity.member('add', group, ann);
    await test.start();
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual(['guests', 'staff']));
    await eventually(rested);
    await test.identity.configure(tenant, 'acme', HELD);
    await eventually(rested);
    await test.identity.patchGroup(staff, { groupName: 'employees' });
    await test.identity.deleteGroup(guests);
    await test.identity.patchUser(ann, { tags: { team: 'core' } });
    const { plan, answered } = await planned();
    expect(answered.counts).toEqual({ update: 2, delete: 1 });
    const { said } = await applied(plan);
    expect(said.filter((one) => one.startsWith('plan-refused'))).toEqual([]);
    await eventually(() => expect([test.cloud.groupsOf('ann'), test.cloud.named('ann')?.tags]).toEqual([['employees'], { team: 'core' }]));
  });

  it('stays within the scope of who approves', async () => {
    await test.identity.user('ann');
    const eve = await test.identity.user('eve', { tenant: 'rival' });
    await test.start();
    const { plan } = await planned();
    const { said } = await applied(plan, { scope: 'rival' });
    expect(said).toContain(`succeeded ${eve}`);
    expect(test.cloud.users().map(({ name }) => name)).toEqual(['eve']);
  });

  it('a lost answer is found again and the rest goes on, and there is one thing in the cloud', async () => {
    const ann = await test.identity.user('ann');
    await test.start();
    const { plan } = await planned();
    let lost = 0;
    test.cloud.fault = ({ api }) => (api === 'create' && (lost += 1) === 1 ? { loseAnswer: true } : undefined);
    await test.identity.job('apply', { plan });
    await eventually(async () => expect(await test.stateOf(ann)).toBe('Synced'));
    expect([test.cloud.users().map(({ name }) => name), lost]).toEqual([['ann'], 1]);
  });
});

import { once } from 'node:events';
import { patiently as eventually, startTestPostgres, type TestPostgres } from '@wami/testing';
import { ProviderError } from '@wami/provider-port';
import type { KillPoint } from './seams';
import { EngineUnderTest, HOLDING, TO_AWS } from './spec-support/engine-under-test';
import type { Thing } from './spec-support/model-cloud';
import type { Orders } from './spec-support/mortal-engine';
import { engineProcess, serveCloud } from './spec-support/remote-cloud';

jest.setTimeout(300_000);

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

async function opened(): Promise<EngineUnderTest> {
  return EngineUnderTest.open(await postgres.copyOf(EngineUnderTest.open.tables));
}

/** Carl and dora are there; then ann is made and joins a group, carl is changed, dora is deleted. */
async function prepare(test: EngineUnderTest): Promise<void> {
  const { identity } = test;
  await identity.tenant('acme', TO_AWS);
  const [carl, dora, admins] = [await identity.user('carl'), await identity.user('dora'), await identity.group('admins')];
  await identity.member('add', admins, dora);
  await test.start();
  await eventually(async () => expect(await test.states()).toEqual({ Synced: 3 }));
  await eventually(() => test.isQuiet());
  await test.stop();
  const ann = await identity.user('ann', { tags: { team: 'a' } });
  await identity.member('add', admins, ann);
  await identity.patchUser(carl, { userName: 'carlo', tags: { team: 'b' } });
  await identity.member('add', admins, carl);
  await identity.member('remove', admins, dora);
  await identity.deleteUser(dora);
}

async function settled(test: EngineUnderTest): Promise<void> {
  await eventually(async () => expect(await test.states()).toEqual({ Synced: 3, Gone: 1 }));
  await eventually(() => test.isQuiet());
}

/** The cloud as a set of facts, without ids that differ from run to run. */
function facts(test: EngineUnderTest): unknown[] {
  return test.cloud.things.map(({ kind, name, tags, mark }: Thing) => ({ kind, name, tags, mark: mark?.kind, groups: test.cloud.groupsOf(name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const WANTED = [
  { kind: 'group', name: 'admins', tags: {}, mark: 'group', groups: [] },
  { kind: 'user', name: 'ann', tags: { team: 'a' }, mark: 'user', groups: ['admins'] },
  { kind: 'user', name: 'carlo', tags: { team: 'b' }, mark: 'user', groups: ['admins'] },
];

/** Several at a time, for each mostly waits. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  }));
}

describe('promise 1: no lost work', () => {
  const points: readonly [KillPoint, number][] = [
    ['after-fold-commit', 1], ['before-started', 1], ['after-started', 1], ['before-call', 2], ['before-call', 4], ['after-call', 2], ['after-call', 3],
    ['after-call', 4], ['before-record', 1], ['before-record', 2], ['after-record', 1],
  ];

  it('kill the process at any step: after restart the binding settles, and the cloud holds exactly one resource', async () => {
    await inTurns(points, async ([point, occurrence]) => {
      const victim = engineProcess();
      const test = await opened();
      await prepare(test);
      serveCloud(victim, test.cloud);
      victim.send({ url: test.pool.options.connectionString ?? '', point, occurrence } satisfies Orders);
      const [, signal] = (await once(victim, 'exit')) as [number | null, string | null];
      expect({ point, occurrence, signal }).toEqual({ point, occurrence, signal: 'SIGKILL' });
      await test.start();
      await settled(test);
      expect({ point, occurrence, facts: facts(test) }).toEqual({ point, occurrence, facts: WANTED });
      await test.close();
    });
    process.stderr.write(`killed at ${points.length} places, settled after each\n`);
  });

  it('each call executed but its answer lost, one at a time: the cloud ends as if nothing had happened', async () => {
    const undisturbed = await opened();
    await prepare(undisturbed);
    const before = undisturbed.cloud.calls.length;
    await undisturbed.start();
    await settled(undisturbed);
    expect(facts(undisturbed)).toEqual(WANTED);
    const calls = undisturbed.cloud.calls.length - before;
    await undisturbed.close();
    let converged = 0;
    await inTurns(Array.from({ length: calls }, (_, i) => i + 1), async (cut) => {
      const test = await opened();
      await prepare(test);
      const first = test.cloud.calls.length;
      let fired = false;
      test.cloud.fault = ({ n }) => {
        if (n !== first + cut) return undefined;
        fired = true;
        return { loseAnswer: true };
      };
      await test.start();
      await settled(test);
      expect(facts(test)).toEqual(WANTED);
      expect(fired).toBe(true);
      converged += 1;
      await test.close();
    });
    process.stderr.write(`answers lost one at a time: cuts ${calls}, converged ${converged}\n`);
  });

  it('unknown outcome (timeout, lost response) means observe, never blind repeat; after a crash the engine looks for the mark before it creates', async () => {
    const test = await opened();
    await test.identity.tenant('acme', TO_AWS);
    test.cloud.fault = ({ api, n }) => (api === 'create' && n < 4 ? { loseAnswer: true } : undefined);
    await test.start();
    const user = await test.identity.user('ann');
    await eventually(async () => expect(await test.said(user)).toMatchObject({ operation: 'create', outcome: { state: 'Synced' } }));
    expect(test.cloud.calls.map(({ api }) => api)).toEqual(['whoami', 'create', 'get']);
    await test.close();
  });

  it('before a create the intent is on disk with a deterministic mark', async () => {
    const test = await opened();
    await test.identity.tenant('acme', TO_AWS);
    const user = await test.identity.user('ann');
    const onDisk: unknown[] = [];
    test.cloud.latency = async ({ api }) => {
      if (api !== 'create') return;
      onDisk.push(await test.said(user), (await test.pool.query('SELECT unfinished, tried FROM sync_aws.engine_bindings')).rows);
    };
    await test.start({ options: HOLDING });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect(onDisk).toEqual([
      expect.objectContaining({ operation: 'create', outcome: expect.objectContaining({ state: 'Syncing', attempt: 1 }) }), [{ unfinished: true, tried: { ann: expect.any(Number) } }],
    ]);
    expect(test.cloud.named('ann')?.mark).toEqual({ instance: 'local', tenant: 'acme', id: user, kind: 'user' });
    await test.close();
  });

  it.each(['create', 'rename'] as const)('renamed after a %s whose answer was lost: it is found under the name that it was given meanwhile', async (lost) => {
    const test = await opened();
    await test.identity.tenant('acme', TO_AWS);
    await test.start();
    let user = '';
    if (lost === 'rename') {
      user = await test.identity.user('first');
      await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    }
    // Nothing can be looked at before the next wish is there.
    let blind = true;
    test.cloud.fault = ({ api }) => (api === lost ? { loseAnswer: true } : api === 'get' && blind ? { refuse: new ProviderError('Unavailable', 'down') } : undefined);
    if (lost === 'rename') await test.identity.patchUser(user, { userName: 'ann' });
    else user = await test.identity.user('ann');
    await eventually(() => expect(test.cloud.calls.some(({ api }) => api === 'get')).toBe(true));
    const id = test.cloud.named('ann')?.id;
    const position = await test.identity.patchUser(user, { userName: 'anna' });
    await eventually(async () => expect((await test.pool.query('SELECT intent FROM sync_aws.engine_bindings')).rows).toEqual([{ intent: position }]));
    blind = false;
    test.cloud.fault = () => undefined;
    await eventually(async () => expect(await test.said(user)).toMatchObject({ intent: position, outcome: { state: 'Synced' } }));
    expect(test.cloud.users()).toEqual([expect.objectContaining({ id, name: 'anna', mark: expect.objectContaining({ id: user }) })]);
    await test.close();
  });

  it.each(['renamed', 'deleted'])('%s after a create whose answer was lost, while the thing is not visible yet: nothing is left behind', async (then) => {
    const test = await opened();
    await test.identity.tenant('acme', TO_AWS);
    test.cloud.invisibleReads = 4;
    let blind = true;
    test.cloud.fault = ({ api, name }) => (api === 'create' && name === 'ann' ? { loseAnswer: true } : api === 'get' && blind ? { refuse: new ProviderError('Unavailable', 'down') } : undefined);
    const user = await test.identity.user('ann');
    await test.start();
    await eventually(() => expect(test.cloud.calls.some(({ api }) => api === 'get')).toBe(true));
    const position = await (then === 'renamed' ? test.identity.patchUser(user, { userName: 'anna' }) : test.identity.deleteUser(user));
    await eventually(async () => expect((await test.pool.query('SELECT intent FROM sync_aws.engine_bindings')).rows).toEqual([{ intent: position }]));
    blind = false;
    await eventually(async () => expect(await test.said(user)).toMatchObject({ intent: position, outcome: { state: then === 'renamed' ? 'Synced' : 'Gone' } }));
    await eventually(() => test.isQuiet());
    expect(test.cloud.users().map(({ name }) => name)).toEqual(then === 'renamed' ? ['anna'] : []);
    await test.close();
  });

  it('what an unfinished attempt did not make is not looked for for ever', async () => {
    const test = await opened();
    await test.identity.tenant('acme', TO_AWS);
    let blind = true;
    test.cloud.fault = ({ api }) => (api === 'create' && blind ? { refuse: new ProviderError('NetworkError', 'who knows', { effect: 'unknown' }) }
      : api === 'get' && blind ? { refuse: new ProviderError('Unavailable', 'down') } : undefined);
    const user = await test.identity.user('ann');
    await test.start({ options: { sightMs: 1_000 } });
    await eventually(() => expect(test.cloud.calls.some(({ api }) => api === 'get')).toBe(true));
    const position = await test.identity.deleteUser(user);
    await eventually(async () => expect((await test.pool.query('SELECT intent FROM sync_aws.engine_bindings')).rows).toEqual([{ intent: position }]));
    blind = false;
    await eventually(async () => expect(await test.stateOf(user)).toBe('Gone'));
    expect(test.cloud.calls.filter(({ api }) => api === 'create')).toHaveLength(1);
    await test.close();
  });

  it('a call that never answers ends at its time-out, and its late effect is found', async () => {
    const test = await opened();
    await test.identity.tenant('acme', TO_AWS);
    let answer = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      answer = resolve;
    });
    test.cloud.fault = ({ api, n }) => (api === 'create' && n === 2 ? { hang: late } : undefined);
    await test.start({ options: { callTimeoutMs: 200, leaseMs: 1_000 } });
    const user = await test.identity.user('ann');
    await eventually(async () => expect((await test.outcomes(user)).some(({ type, data }) => type === 'wami.sync.failed.v1' && (data as { code: string }).code === 'Timeout')).toBe(true));
    answer();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect(test.cloud.users()).toHaveLength(1);
    await test.close();
  });

  it('a deletion is not lost while its thing is not visible yet', async () => {
    const test = await opened();
    await test.identity.tenant('acme', TO_AWS);
    test.cloud.invisibleReads = 1;
    await test.start();
    const user = await test.identity.user('ann');
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    await test.identity.deleteUser(user);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Gone'));
    expect(test.cloud.things).toEqual([]);
    await test.close();
  });

  it('the database goes away in the middle and comes back: everything settles', async () => {
    const test = await opened();
    await test.identity.tenant('acme', TO_AWS);
    await test.start();
    let cut = false;
    test.cloud.latency = async ({ api }) => {
      if (api !== 'create' || cut) return;
      cut = true;
      await postgres.restart();
    };
    const users = await Promise.all(Array.from({ length: 5 }, (_, i) => test.identity.user(`user${i}`)));
    await eventually(async () => expect(await test.states()).toEqual({ Synced: users.length }), { timeoutMs: 60_000 });
    expect(test.cloud.users()).toHaveLength(users.length);
    await test.close();
  });
});

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually, startTestPostgres, type TestPostgres } from '@wami/testing';
import type { KillPoint } from './seams';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import type { Thing } from './spec-support/model-cloud';
import type { Orders } from './spec-support/mortal-engine';
import { serveCloud } from './spec-support/remote-cloud';

jest.setTimeout(300_000);

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

async function opened(): Promise<EngineUnderTest> {
  return EngineUnderTest.open(await postgres.createDatabase());
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
  await eventually(async () => expect(await test.states()).toEqual({ Synced: 3, Gone: 1 }), { timeoutMs: 30_000 });
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

const HOOK = join(__dirname, '../../../tools/swc-hook.cjs');
const MAIN = join(__dirname, 'spec-support/mortal-engine.ts');

function engineProcess(): ChildProcess {
  return fork(MAIN, [], { execArgv: ['-C', '@wami/source', '-r', HOOK], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

describe('promise 1: no lost work', () => {
  const points: readonly [KillPoint, number][] = [
    ['after-fold-commit', 1], ['before-started', 1], ['after-started', 1], ['before-call', 2], ['before-call', 4], ['after-call', 2], ['after-call', 3],
    ['after-call', 4], ['before-record', 1], ['before-record', 2], ['after-record', 1],
  ];
  let spare: ChildProcess | undefined;
  afterAll(() => {
    spare?.kill('SIGKILL');
  });

  it.each(points)('SIGKILL at %s, occurrence %d: after restart every binding settles, and the cloud holds exactly one resource of each', async (point, occurrence) => {
    const test = await opened();
    await prepare(test);
    const victim = spare ?? engineProcess();
    spare = engineProcess();
    serveCloud(victim, test.cloud);
    victim.send({ url: test.pool.options.connectionString ?? '', point, occurrence } satisfies Orders);
    const [, signal] = (await once(victim, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    await test.start();
    await settled(test);
    expect(facts(test)).toEqual(WANTED);
    await test.close();
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
    for (let cut = 1; cut <= calls; cut++) {
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
    }
    process.stderr.write(`answers lost one at a time: cuts ${calls}, converged ${converged}\n`);
  });

  it('an unknown outcome means observe, never blind repeat', async () => {
    const test = await opened();
    await test.identity.tenant('acme', TO_AWS);
    test.cloud.fault = ({ api, n }) => (api === 'create' && n < 4 ? { loseAnswer: true } : undefined);
    await test.start();
    const user = await test.identity.user('ann');
    await eventually(async () => expect(await test.said(user)).toMatchObject({ operation: 'create', outcome: { state: 'Synced' } }));
    expect(test.cloud.calls.map(({ api }) => api)).toEqual(['whoami', 'create', 'get']);
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

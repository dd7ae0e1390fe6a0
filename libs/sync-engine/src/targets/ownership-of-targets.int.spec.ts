import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { createPostgresEventLog } from '@wami/event-log';
import { lockFold } from '../fold/fold-lock';
import { silentLogger } from '../logger';
import type { KillPoint } from '../seams';
import { startSyncEngine, type SyncEngine } from '../start-sync-engine';
import { systemSeams } from '../system-seams';
import { CONNECTION, EngineUnderTest, FAST, HOLDING, TO_AWS } from '../spec-support/engine-under-test';
import { ACCOUNT, INSTANCE } from '../spec-support/identity';
import type { Orders } from '../spec-support/mortal-engine';
import { engineProcess, serveCloud } from '../spec-support/remote-cloud';

jest.setTimeout(120_000);

let test: EngineUnderTest;
const others: (() => Promise<void>)[] = [];
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  await test.identity.tenant('acme', TO_AWS);
}, { beforeClose: () => Promise.all(others.splice(0).map((close) => close())) });

/** A second replica of the same service. */
async function replica(options = FAST): Promise<SyncEngine> {
  const { pool, store, connections, cloud } = test;
  const log = createPostgresEventLog({ pool, sources: [{ source: 'identity', schema: 'identity' }] });
  const engine = await startSyncEngine({ adapter: cloud.adapter(), store, log, pool, schema: 'sync_aws', connections, instance: INSTANCE, logger: silentLogger, options });
  others.push(async () => {
    await engine.close();
    await log.close();
  });
  return engine;
}

/** Who called, one entry for each unbroken run of calls. */
function inTurn(): string[] {
  return test.cloud.calls.map(({ by }) => by).filter((by, i, all) => by !== all[i - 1]);
}

/** A process that stalls in the middle of a transaction keeps its locks; here it is to keep only what it believes. */
async function stopBetweenTransactions(child: ChildProcess): Promise<boolean> {
  child.kill('SIGSTOP');
  const { rows } = await test.pool.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'mortal-engine' AND state <> 'idle'");
  if (rows.length > 0) child.kill('SIGCONT');
  return rows.length === 0;
}

describe('a target is owned by one worker at a time', () => {
  it('a replica stands by while the target has an owner, and takes over at once when it is given back', async () => {
    const first = await test.start();
    const user = await test.identity.user('ann');
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    const second = await replica();
    await test.identity.user('bob');
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    expect(first.health().targets).toEqual([{ account: ACCOUNT, ok: true }]);
    expect(second.health().targets).toEqual([]);
    await test.stop();
    await test.identity.user('carl');
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 3 }));
    expect(second.health().targets).toEqual([{ account: ACCOUNT, ok: true }]);
  });

  it('what a former owner still wants to say is refused, and its successor looks for itself', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    test.cloud.latency = ({ api, n }) => (api === 'create' && n === 2 ? held : Promise.resolve());
    await test.start({ options: HOLDING });
    const user = await test.identity.user('ann');
    await eventually(() => expect(test.cloud.calls.some(({ api }) => api === 'create')).toBe(true));
    // Somebody else takes the target over behind its owner's back.
    await test.pool.query("UPDATE sync_aws.engine_targets SET owner = 'somebody', epoch = epoch + 1, lease_until = clock_timestamp() + interval '1 second'");
    release();
    await eventually(() => expect(test.cloud.users()).toHaveLength(1));
    await replica();
    await eventually(async () => expect(await test.said(user)).toMatchObject({ operation: 'create', outcome: { state: 'Synced' } }));
    expect(test.cloud.users()).toHaveLength(1);
    const types = (await test.outcomes(user)).map(({ type }) => type.split('.')[2]);
    expect(types).toEqual(['requested', 'started', 'started', 'succeeded']);
  });

  it('its owner killed: another takes it over, and no call of the two overlaps', async () => {
    const victim = engineProcess();
    serveCloud(victim, test.cloud);
    const users = await Promise.all(Array.from({ length: 40 }, (_, i) => test.identity.user(`user${i}`)));
    test.cloud.fault = ({ api, by }) => {
      if (api === 'create' && by === 'child' && test.cloud.users().length >= 10) victim.kill('SIGKILL');
      return undefined;
    };
    const dead = once(victim, 'exit');
    victim.send({ url: test.pool.options.connectionString ?? '', options: { leaseMs: 3_000 } } satisfies Orders);
    await eventually(() => expect(test.cloud.calls.length).toBeGreaterThan(0));
    await test.start();
    expect(await dead).toEqual([null, 'SIGKILL']);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: users.length }));
    expect(inTurn()).toEqual(['child', 'engine']);
    expect(test.cloud.users().map(({ mark }) => mark?.id).sort()).toEqual([...users].sort());
  });

  it('its owner stalled for longer than its lease: when it comes to itself it does and says nothing more', async () => {
    const stalled = engineProcess();
    others.push(async () => {
      const dead = once(stalled, 'exit');
      stalled.kill('SIGKILL');
      await dead;
    });
    serveCloud(stalled, test.cloud);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    test.cloud.latency = ({ api, by }) => (api === 'create' && by === 'child' ? held : Promise.resolve());
    const users = await Promise.all(Array.from({ length: 10 }, (_, i) => test.identity.user(`user${i}`)));
    stalled.send({ url: test.pool.options.connectionString ?? '', options: { callTimeoutMs: 2_000, leaseMs: 4_000 } } satisfies Orders);
    await eventually(() => expect(test.cloud.calls.filter(({ api }) => api === 'create')).toHaveLength(users.length));
    await eventually(() => stopBetweenTransactions(stalled));
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: users.length }));
    release();
    stalled.kill('SIGCONT');
    await eventually(async () => {
      const answer = once(stalled, 'message');
      stalled.send('targets');
      expect(await answer).toEqual([{ targets: 0 }, undefined]);
    });
    const last = await test.identity.user('last');
    await eventually(async () => expect(await test.stateOf(last)).toBe('Synced'));
    expect(inTurn()).toEqual(['child', 'engine']);
    expect(test.cloud.users()).toHaveLength(users.length + 1);
    for (const user of users) expect((await test.outcomes(user)).map(({ type }) => type.split('.')[2])).toEqual(['requested', 'started', 'started', 'succeeded']);
  });

  it('its owner stalled between claim and call: a call that might outlive the lease is not made', async () => {
    let stalledFor = 0;
    const clock = { ...systemSeams.clock, now: () => systemSeams.clock.now() + stalledFor };
    const reached = async (at: KillPoint): Promise<void> => {
      if (at === 'after-started' && stalledFor === 0 && (await test.states())['Syncing']) stalledFor = 1_000;
    };
    const user = await test.identity.user('ann');
    await test.start({ seams: { ...systemSeams, clock, reached }, options: { callTimeoutMs: 400, leaseMs: 1_000 } });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect((await test.outcomes(user)).map(({ type }) => type.split('.')[2])).toEqual(['requested', 'started', 'started', 'succeeded']);
  });

  it('targets of several accounts are worked on side by side', async () => {
    test.connections.set([CONNECTION, { ...CONNECTION, account: '2' }]);
    await test.identity.tenant('beta', { providers: [{ provider: 'aws', account: '2' }] });
    const engine = await test.start();
    await test.identity.user('ann');
    await test.identity.user('bea', { tenant: 'beta' });
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    expect(engine.health()).toEqual({ ok: true, targets: [{ account: ACCOUNT, ok: true }, { account: '2', ok: true }] });
    expect(test.cloud.calls.filter(({ api }) => api === 'create').map(({ account, name }) => [account, name]).sort()).toEqual([[ACCOUNT, 'ann'], ['2', 'bea']]);
  });

  it('while one replica folds, and even stalls in it, another goes on with what is due at its targets', async () => {
    await test.start();
    const user = await test.identity.user('ann');
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    const folding = await test.pool.connect();
    try {
      await folding.query('BEGIN');
      await lockFold(folding, 'sync_aws');
      await test.pool.query('UPDATE sync_aws.engine_bindings SET look_at = 1');
      await eventually(() => expect(test.cloud.calls.map(({ api }) => api)).toContain('get'));
      await eventually(async () => expect(await test.states()).toEqual({ Synced: 1 }));
    } finally {
      await folding.query('ROLLBACK');
      folding.release();
    }
  });

  it('a replica more gets its part of the targets while they are worked on, and leaves it to the others when it ends', async () => {
    const accounts = ['1', '2', '3', '4'];
    test.connections.set(accounts.map((account) => ({ ...CONNECTION, account })));
    for (const account of accounts) await test.identity.tenant(`of-${account}`, { providers: [{ provider: 'aws', account }] });
    const users = async (round: string): Promise<void> => {
      for (const account of accounts) for (let i = 0; i < 5; i++) await test.identity.user(`${round}-${account}-${i}`, { tenant: `of-${account}` });
    };
    const owned = (engine: SyncEngine): string[] => engine.health().targets.map(({ account }) => account);
    test.cloud.latency = () => sleep(20);
    const options = { ...FAST, leaseMs: 3_000 };
    const first = await test.start({ options });
    await users('a');
    await eventually(() => expect(owned(first)).toHaveLength(4));
    const second = await replica(options);
    await users('b');
    await eventually(() => expect([owned(first), owned(second)].map(({ length }) => length)).toEqual([2, 2]));
    expect([...owned(first), ...owned(second)].sort()).toEqual(accounts);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 40 }));
    await second.close();
    await eventually(() => expect(owned(first).sort()).toEqual(accounts));
    await users('c');
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 60 }));
    const created = test.cloud.calls.filter(({ api }) => api === 'create').map(({ account, name }) => `${account} ${name}`);
    expect(new Set(created).size).toBe(created.length);
    // Nothing that was begun is looked at again: it was finished before the target went on.
    expect(test.cloud.calls.filter(({ api }) => api === 'get')).toEqual([]);
  });
});

import { eventually, startTestPostgres, type TestPostgres } from '@wami/testing';
import { createPostgresEventLog } from '@wami/event-log';
import { silentLogger } from '../logger';
import { startSyncEngine, type SyncEngine } from '../start-sync-engine';
import { CONNECTION, EngineUnderTest, FAST, TO_AWS } from '../spec-support/engine-under-test';
import { ACCOUNT, INSTANCE } from '../spec-support/identity';

jest.setTimeout(60_000);

let postgres: TestPostgres;
let test: EngineUnderTest;
const others: (() => Promise<void>)[] = [];
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  test = await EngineUnderTest.open(await postgres.createDatabase());
  await test.identity.tenant('acme', TO_AWS);
});
afterEach(async () => {
  await Promise.all(others.splice(0).map((close) => close()));
  await test.close();
});

/** A second replica of the same service. */
async function replica(): Promise<SyncEngine> {
  const { pool, store, connections, cloud } = test;
  const log = createPostgresEventLog({ pool, sources: [{ source: 'identity', schema: 'identity' }] });
  const engine = await startSyncEngine({ adapter: cloud.adapter(), store, log, pool, schema: 'sync_aws', connections, instance: INSTANCE, logger: silentLogger, options: FAST });
  others.push(async () => {
    await engine.close();
    await log.close();
  });
  return engine;
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
    await test.start({ options: { callTimeoutMs: 5_000, leaseMs: 15_000 } });
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
});

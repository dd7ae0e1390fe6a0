import type { RecordedSyncTargetEvent } from '@wami/contracts';
import { Metrics } from '@wami/platform';
import { ProviderError } from '@wami/provider-port';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { prometheusMetrics } from '../prometheus-metrics';
import { CONNECTION, EngineUnderTest, TO_AWS } from '../spec-support/engine-under-test';
import { ACCOUNT } from '../spec-support/identity';
import { ShiftedClock } from '../spec-support/shifted-clock';
import type { SyncEngine } from '../start-sync-engine';

jest.setTimeout(120_000);

const OTHER = '000000000002';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const rejected = { refuse: new ProviderError('AuthExpired', 'the token is not valid', { effect: 'none' }) };
type Report = RecordedSyncTargetEvent['data'];

describe('what is told of targets', () => {
  let test: EngineUnderTest;
  let clock: ShiftedClock;
  let engine: SyncEngine;
  let metrics: Metrics;
  worldForEach(EngineUnderTest.open, async (opened) => {
    test = opened;
    clock = new ShiftedClock();
    await test.identity.tenant('acme', TO_AWS);
    await test.identity.user('ann');
  });

  const start = async (): Promise<void> => {
    metrics = new Metrics('spec');
    engine = await test.start({ ...clock.parts({ checkEveryMs: HOUR_MS }), metrics: prometheusMetrics(metrics, 'aws') });
  };
  const told = async (account = ACCOUNT): Promise<Report[]> => (await test.outcomes(`aws/${account}`)).map(({ data }) => data as Report);
  const last = async (account = ACCOUNT): Promise<Report | undefined> => (await told(account)).at(-1);
  const asked = (): number => test.cloud.calls.filter(({ api }) => api === 'whoami').length;
  const isHealthy = (health: Report['health'], more: object = {}): Promise<void> => eventually(async () => expect(await last()).toMatchObject({ health, ...more }));

  it('is what each can hold and who may use it, once, without a word of its secrets; also of those that nobody uses, until the connection is gone', async () => {
    const connection = { ...CONNECTION, endpoint: 'http://hidden.example', credentials: { type: 'static', secretAccessKey: 'env:HIDDEN' }, tenants: ['acme', 'acme/*'], limits: { requestsPerSecond: 20 } };
    test.connections.set([connection, { ...CONNECTION, account: OTHER, mode: 'observe' as const }]);
    await start();
    await isHealthy('ok', {
      tenants: ['acme', 'acme/*'], mode: 'write', limits: { requestsPerSecond: 20, concurrency: 32 }, credentials: { type: 'static', principal: 'test' },
      capabilities: [{ kind: 'user', supported: true, rename: true, tags: true, facets: ['groups'], bounded: false }, expect.objectContaining({ kind: 'group' })],
    });
    await eventually(async () => expect(await last(OTHER)).toMatchObject({ health: 'unused', mode: 'observe' }));
    expect(JSON.stringify(await test.outcomes())).not.toMatch(/hidden/i);
    await test.stop();
    await start();
    test.connections.set([connection]);
    await eventually(async () => expect((await told(OTHER)).map(({ health }) => health)).toEqual(['unused', 'not-connected']));
    test.connections.set([]);
    await isHealthy('not-connected', { reason: `there is no connection for aws/${ACCOUNT}` });
    expect((await told()).map(({ health }) => health).filter((health) => health !== 'unused')).toEqual(['ok', 'not-connected']);
  });

  it('is that credentials were rejected, found on schedule though nothing is due, and that they are good again', async () => {
    await start();
    await isHealthy('ok');
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 1 }));
    const before = asked();
    test.cloud.fault = ({ api }) => (api === 'whoami' ? rejected : undefined);
    clock.shift(HOUR_MS);
    await isHealthy('credentials-rejected', { reason: 'the token is not valid' });
    expect(asked()).toBeGreaterThan(before);
    expect(engine.health().targets).toContainEqual(expect.objectContaining({ account: ACCOUNT, ok: false, reason: 'the token is not valid' }));
    test.cloud.fault = () => undefined;
    clock.shift(HOUR_MS);
    await isHealthy('ok');
    expect(engine.health().targets).toContainEqual({ account: ACCOUNT, ok: true });
  });

  it('is when the credentials end, of which health and a metric warn ahead, and that new ones were taken', async () => {
    test.cloud.expiresAt = new Date(clock.now() + 30 * DAY_MS).toISOString();
    await start();
    await isHealthy('ok', { credentials: { type: 'default', principal: 'test', expiresAt: test.cloud.expiresAt } });
    expect(engine.health().targets).toContainEqual({ account: ACCOUNT, ok: true });
    const ends = async (): Promise<number> => Number(/^wami_credential_expiry_timestamp_seconds\{.*\} (\d+(\.\d+)?(e\+\d+)?)$/m.exec(await metrics.registry.metrics())?.[1]);
    await eventually(async () => expect(await ends()).toBe(Date.parse(test.cloud.expiresAt ?? '') / 1000));
    clock.shift(17 * DAY_MS);
    await eventually(() => expect(engine.health().targets).toContainEqual({ account: ACCOUNT, ok: true, reason: expect.stringContaining(`the credentials end at ${test.cloud.expiresAt}`) as string }));
    test.cloud.expiresAt = new Date(clock.now() + 90 * DAY_MS).toISOString();
    test.connections.set([{ ...CONNECTION, credentials: { type: 'other' } }]);
    await isHealthy('ok', { credentials: { type: 'other', principal: 'test', expiresAt: test.cloud.expiresAt } });
    await eventually(() => expect(engine.health().targets).toContainEqual({ account: ACCOUNT, ok: true }));
  });

  describe('asked for now', () => {
    const checked = async (job: string): Promise<unknown[]> => (await test.outcomes(job)).map(({ data }) => {
      const { account, outcome } = data as { account: string; outcome: string };
      return [account, outcome];
    });
    const isAnswered = (job: string, ...answer: string[]): Promise<void> => eventually(async () => expect(await checked(job)).toEqual([answer]));

    it('is whether the provider takes our credentials, in quarantine too, which ends with it', async () => {
      test.cloud.fault = ({ api }) => (api === 'whoami' ? rejected : undefined);
      await start();
      await isHealthy('credentials-rejected');
      await isAnswered(await test.identity.check(), ACCOUNT, 'AuthExpired');
      test.cloud.fault = ({ api }) => (api === 'whoami' ? { refuse: new ProviderError('NetworkError', 'no route', { effect: 'none' }) } : undefined);
      await isAnswered(await test.identity.check(), ACCOUNT, 'NetworkError');
      test.cloud.fault = () => undefined;
      await isAnswered(await test.identity.check(), ACCOUNT, 'ok');
      await isHealthy('ok');
    });

    it('is one call for all that ask, none for a tenant that may not use it, and also what nobody was synced to', async () => {
      test.connections.set([{ ...CONNECTION, tenants: ['acme'] }, { ...CONNECTION, account: OTHER }]);
      await start();
      await isHealthy('ok');
      await eventually(async () => expect(await last(OTHER)).toMatchObject({ health: 'unused' }));
      const before = asked();
      await isAnswered(await test.identity.check(ACCOUNT, 'rival'), ACCOUNT, 'not-connected');
      expect(asked()).toBe(before);
      test.connections.set([{ ...CONNECTION, tenants: ['acme'] }, { ...CONNECTION, account: OTHER, tenants: ['acme'] }]);
      await isAnswered(await test.identity.check(OTHER, 'rival'), OTHER, 'not-connected');
      expect([asked(), (await test.pool.query('SELECT FROM sync_aws.engine_targets WHERE account = $1', [OTHER])).rowCount]).toEqual([before, 0]);
      await isAnswered(await test.identity.check(OTHER), OTHER, 'ok');
      expect(await last(OTHER)).toMatchObject({ health: 'ok', credentials: { principal: 'test' } });
      await isAnswered(await test.identity.check('999999999999'), '999999999999', 'not-connected');
    });
  });
});

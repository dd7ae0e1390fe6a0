import { hintOf, knownReason, type SyncState } from '@wami/contracts';
import { visibleSyncState } from '@wami/domain';
import { ProviderError } from '@wami/provider-port';
import { patiently as eventually, worldForAll } from '@wami/testing';
import { EngineUnderTest, QUICK_RETRY, TO_AWS } from './spec-support/engine-under-test';
import { ACCOUNT } from './spec-support/identity';

jest.setTimeout(120_000);

const UNTIL = '2099-01-01T00:00:00.000Z';

/** How explanations are read is tried beside the projection; here, that the engine leaves nothing unsaid. */
describe('promise 13: every state that is not Synced carries a reason an operator can act on, the next time it will be tried, and what would make it go', () => {
  let test: EngineUnderTest;
  const ids: Record<string, string> = {};

  worldForAll(EngineUnderTest.open, async (opened) => {
    test = opened;
    const { identity, cloud } = test;
    await identity.tenant('acme', { ...TO_AWS, retry: { ...QUICK_RETRY, maxRetries: 100 } });
    await identity.tenant('polite', { ...TO_AWS, conflictResolution: 'skip' });
    await identity.tenant('elsewhere', { providers: [{ provider: 'aws', account: '999' }] });
    for (const name of ['ann', 'zoe']) cloud.plant({ kind: 'user', name });
    cloud.fault = ({ api, name }) => {
      if (api !== 'create') return undefined;
      if (name === 'admins') return { refuse: new ProviderError('AccessDenied', 'may not iam:CreateGroup') };
      return name === 'late' ? { refuse: new ProviderError('Throttled', 'slow down', { effect: 'none', retryAfterMs: 2_000 }) } : undefined;
    };
    Object.assign(ids, {
      conflict: await identity.user('ann'), skipped: await identity.user('zoe', { tenant: 'polite' }), unconnected: await identity.user('bob', { tenant: 'elsewhere' }),
      throttled: await identity.user('late'), refused: await identity.group('admins'), waiting: await identity.user('cem'), kind: await identity.policy('reading'), paused: await identity.user('dot'),
    });
    await identity.member('add', ids['refused'] ?? '', ids['waiting'] ?? '');
    await identity.pause({ resource: ids['paused'] ?? '', until: UNTIL });
    await test.start();
  });

  /** As the projection shows it. */
  const shown = async (what: string, account = ACCOUNT): Promise<SyncState | undefined> => {
    const said = await test.said(ids[what] ?? '', account);
    const about = { resource: ids[what] ?? '', kind: 'user', tenant: 'acme', provider: 'aws', account };
    return said && visibleSyncState(about, { wanted: true, deleted: false, intent: '0.0', operation: 'create', updatedAt: '' }, said);
  };

  it.each([
    ['waiting', { state: 'Pending', reason: expect.stringMatching(/^waiting for group\/grp_/) as string }, /Failed/],
    ['paused', { state: 'Pending', reason: expect.stringMatching(/^paused by pau_/) as string, nextRetryAt: UNTIL }, /resume/],
    ['conflict', { state: 'Failed', error: { code: 'Conflict', details: { existing: { name: 'ann' } } } }, /overwrite/],
    ['refused', { state: 'Failed', error: { code: 'AccessDenied' } }, /permission/],
    ['throttled', { state: 'Failed', error: { code: 'Throttled' }, nextRetryAt: expect.stringMatching(/^20/) as string }, /^Nothing to do yet: It is tried again when the cloud said/],
    ['skipped', { state: 'Skipped', reason: 'something of this name stands there already and is not managed by WAMI' }, /overwrite/],
    ['kind', { state: 'Skipped', reason: 'the provider cannot hold a policy' }, /syncToProviders/],
  ])('%s', async (what, expected, hint) => {
    const state = await eventually(async () => {
      const now = await shown(what);
      expect(now).toMatchObject(expected);
      return now as SyncState;
    });
    expect(hintOf(state)).toMatch(hint);
    if ('reason' in state) expect(knownReason(state.reason ?? '')).toBeDefined();
  });

  it('unconnected', async () => {
    const state = await eventually(async () => {
      const now = await shown('unconnected', '999');
      expect(now).toMatchObject({ state: 'NotConfigured', reason: 'there is no connection for aws/999' });
      return now as SyncState;
    });
    expect(hintOf(state)).toMatch(/connections file/);
  });

  it('what was just made and is not visible yet is asked for again at a time that is told', async () => {
    test.cloud.fault = ({ api }) => (api === 'add' ? { refuse: new ProviderError('NotFound', 'no such user') } : undefined);
    const [group, user] = [await test.identity.group('ops'), await test.identity.user('eve')];
    await test.identity.member('add', group, user);
    const unseen = await eventually(async () => {
      const waits = (await test.outcomes(user)).filter(({ type, data }) => type === 'wami.sync.waiting.v1' && !(data as { reason: string }).reason.includes('/'));
      expect(waits.length).toBeGreaterThan(0);
      return waits;
    });
    for (const { data } of unseen) expect(data).toMatchObject({ reason: 'waiting until what was just made is visible', nextRetryAt: expect.stringMatching(/^20/) as string });
  });
});

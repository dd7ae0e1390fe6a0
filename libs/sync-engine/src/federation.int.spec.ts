import { patiently as eventually, worldForEach } from '@wami/testing';
import { partTake } from './guard/takes';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import { listOf, meanwhile, quiet } from './spec-support/guarding';
import { ShiftedClock } from './spec-support/shifted-clock';

jest.setTimeout(120_000);

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  test.cloud.hasFederation = true;
  await test.identity.tenant('acme', TO_AWS);
});

/** In the order in which PostgreSQL keeps keys: the model cloud compares texts. */
const trusting = (subject: string): { issuer: string; subject: string } => ({ issuer: 'https://issuer.example', subject });
const [MAIN, LIVE, THEIRS] = [trusting('repo:acme/shop:main'), trusting('repo:acme/shop:live'), trusting('repo:other/repo')];
const text = (credential: object): string => JSON.stringify(credential);
const federation = (name = 'bot'): Readonly<Record<string, string>> | undefined => test.cloud.named(name)?.inline;
const theirs = (parts: Readonly<Record<string, object>>): void => {
  const bot = test.cloud.named('bot');
  if (!bot) throw new Error('bot is not there');
  bot.inline = { ...bot.inline, ...Object.fromEntries(Object.entries(parts).map(([name, one]) => [name, text(one)])) };
};
const changed = async (account: string, changes: Record<string, object | null>): Promise<void> => void await test.identity.patchServiceAccount(account, { federation: changes });
const said = (account: string, outcome: object): Promise<void> => eventually(async () => {
  expect(await test.isQuiet()).toBe(true);
  expect((await test.said(account))?.outcome).toMatchObject(outcome);
});

async function bot(more: Record<string, unknown> = { federation: { github: MAIN } }): Promise<string> {
  const account = await test.identity.serviceAccount('bot', more);
  await test.start();
  await said(account, { state: 'Synced' });
  return account;
}

it('federated credentials are written, changed and taken away by name; those of others are neither read nor touched; what others make of ours is told as drift and put right', async () => {
  const account = await bot();
  expect(federation()).toEqual({ github: text(MAIN) });
  theirs({ theirs: THEIRS });
  await changed(account, { github: LIVE, cluster: MAIN });
  await said(account, { state: 'Synced' });
  expect(federation()).toEqual({ github: text(LIVE), cluster: text(MAIN), theirs: text(THEIRS) });
  theirs({ github: THEIRS });
  await test.identity.job('sync', { filter: { kind: 'service-account' } });
  await eventually(() => expect(federation()).toEqual({ github: text(LIVE), cluster: text(MAIN), theirs: text(THEIRS) }));
  const [drifted] = (await test.outcomes(account)).filter(({ type }) => type === 'wami.sync.drifted.v1');
  expect(drifted?.personal).toMatchObject({ differences: [{ at: 'fields/federation/github', expected: text(LIVE), found: text(THEIRS) }] });
  await test.identity.patchServiceAccount(account, { federation: null });
  await eventually(() => expect(federation()).toEqual({ theirs: text(THEIRS) }));
});

it('one of others under a name that ours should have stays, all else is done, and somebody decides', async () => {
  const account = await bot({});
  theirs({ github: THEIRS });
  await changed(account, { github: MAIN, cluster: LIVE });
  await said(account, { state: 'Failed', error: { code: 'Conflict', retryable: false, message: 'federated credentials of these names stand there already and are not managed by WAMI: github' } });
  expect(federation()).toEqual({ github: text(THEIRS), cluster: text(LIVE) });
  await changed(account, { github: null });
  await said(account, { state: 'Synced' });
  expect(federation()).toEqual({ github: text(THEIRS), cluster: text(LIVE) });
  await changed(account, { github: MAIN });
  await said(account, { state: 'Failed' });
  await test.identity.job('resolve', { resources: [account], strategy: 'overwrite' });
  await said(account, { state: 'Synced' });
  expect(federation()).toEqual({ github: text(MAIN), cluster: text(LIVE) });
});

it('the guard counts those that are taken away, and a person who takes one away does not wait', async () => {
  const accounts = await Promise.all(Array.from({ length: 7 }, (_, i) => test.identity.serviceAccount(`bot-${i}`, { federation: { github: MAIN } })));
  const standing = (): number => accounts.filter((_, i) => federation(`bot-${i}`)?.['github'] !== undefined).length;
  const clock = new ShiftedClock();
  await test.start(clock.parts());
  await quiet(test);
  await meanwhile(test, clock, () => Promise.all(accounts.slice(0, 6).map((account) => changed(account, { github: null }))));
  const list = await listOf(test, 6);
  expect(new Set(Object.values(list.takes).map(String))).toEqual(new Set([partTake('federation/github')]));
  expect([JSON.stringify(list.parts).includes('github'), standing()]).toEqual([false, 7]);
  test.identity.meta = { actor: 'admin', correlationId: 'req_1', single: true };
  await changed(String(accounts[6]), { github: null });
  await eventually(() => expect(standing()).toBe(6));
  test.identity.meta = { actor: 'admin', correlationId: 'req_1' };
  await test.identity.decide(list.id, 'approved', list.hash);
  await eventually(() => expect(standing()).toBe(0));
});

it('a target that can hold the one and not the other says what is not there', async () => {
  test.cloud.hasInline = true;
  const account = await test.identity.serviceAccount('bot', { inlinePolicies: { read: { Version: '2012-10-17', Statement: [{ Action: 's3:GetObject', Effect: 'Allow', Resource: '*' }] } }, federation: { github: MAIN } });
  await test.start();
  await said(account, { state: 'Skipped', reason: 'its inline policies are not there, for the adapter cannot hold them; all else is' });
  expect(federation()).toEqual({ github: text(MAIN) });
});

import 'reflect-metadata';
import { providerTargetSchema, type ProviderTargetView } from '@wami/contracts';
import { worldForAll } from '@wami/testing';
import { AWS, World, type Running } from '../testing/world';

jest.setTimeout(60_000);

const CAPABILITIES = [
  { kind: 'user', supported: true, rename: true, tags: true, facets: ['groups'], bounded: true }, { kind: 'role', supported: false, reason: 'no such thing', rename: false, tags: false, facets: [], bounded: false },
];

/** Of two that go without different groups. */
const LEFT_OUT = { kind: 'user', reason: 'not related to …, for that is Skipped at this target; all else is as it is to be', count: 2 };

describe('the list of providers', () => {
  let world: World;
  let running: Running;
  worldForAll(World.open, async (opened) => {
    world = opened;
    for (const tenant of ['acme', 'acme/core', 'other', 'third']) await world.tenant(tenant);
    await world.configure('acme', { providers: [AWS] });
    await told(AWS.account, { health: 'ok', tenants: ['acme', 'acme/*'], credentials: { type: 'static', principal: 'arn:aws:iam::1:user/wami', expiresAt: '2020-01-01T00:00:00.000Z' } });
    await told('2', { health: 'throttled' });
    await told('3', { health: 'unused', tenants: ['other'] });
    await told('4', { health: 'unused', tenants: ['acme/core'] });
    await told('5', { health: 'unused' });
    await told('5', { health: 'not-connected', reason: 'there is no connection for aws/5' });
    const made = await world.user('acme', 'usr_ANN', 'created');
    await world.synced({ tenant: 'acme', resource: 'usr_ANN' }, made.position);
    const below = await world.user('acme/core', 'usr_BOB', 'created');
    await world.outcome('wami.sync.skipped.v1', { tenant: 'acme/core', resource: 'usr_BOB' }, { intent: below.position, version: 1, operation: 'create', reason: 'no such thing' });
    for (const [name, group] of [['usr_DAN', 'grp_ONE'], ['usr_FAY', 'grp_TWO']] as const) {
      const { position: intent } = await world.user('acme/core', name, 'created');
      const reason = `not related to group/${group}, for that is Skipped at this target; all else is as it is to be`;
      await world.outcome('wami.sync.skipped.v1', { tenant: 'acme/core', resource: name }, { intent, version: 1, operation: 'create', reason });
    }
    const failing = await world.user('acme', 'usr_EVE', 'created');
    await world.outcome('wami.sync.failed.v1', { tenant: 'acme', resource: 'usr_EVE' }, { intent: failing.position, version: 1, operation: 'create', code: 'InvalidRequest', retryable: false, retryCount: 0 }, { message: 'no' });
    await world.configure('third', { providers: [{ provider: 'gcp', account: 'asked-for' }] });
    await world.user('third', 'usr_IVY', 'created');
    running = await world.project();
  }, { beforeClose: () => running?.close() });

  const told = (account: string, more: object): Promise<unknown> => world.append(world.aws, {
    type: 'wami.target.reported.v1', stream: `aws/${account}`, key: `aws/${account}`, tenant: '', subject: `arn:wami:iam::wami:local:target/aws_${account}`, personal: {},
    data: { provider: 'aws', account, mode: 'write', limits: { concurrency: 32 }, rates: [{ access: 'read', perSecond: 10 }], credentials: { type: 'default' }, capabilities: CAPABILITIES, ...more },
  });
  const list = async (query = '', token?: string): Promise<ProviderTargetView[]> =>
    (await running.read<{ items: unknown[] }>(`/v1/providers${query}`, token)).items.map((item) => providerTargetSchema.strict().parse(item));
  const names = async (query = '', token?: string): Promise<string[]> => (await list(query, token)).map(({ provider, account }) => `${provider}/${account}`);

  it('tells what a target can hold, who we are there and until when, and what of the tenant agrees or is skipped there and why', async () => {
    const [aws] = await list(`?provider=aws&account=${AWS.account}`);
    expect(aws).toEqual({
      ...AWS, health: 'ok', mode: 'write', tenants: ['acme', 'acme/*'], credentials: { type: 'static', principal: 'arn:aws:iam::1:user/wami', expiresAt: '2020-01-01T00:00:00.000Z', expiresSoon: true },
      limits: { concurrency: 32 }, quota: [{ access: 'read', perSecond: 10 }], capabilities: CAPABILITIES, skipped: [{ kind: 'user', reason: 'no such thing', count: 1 }, LEFT_OUT],
      success: { rate: 0.5, synced: 1, failed: 1, objective: 0.99 }, reportedAt: expect.any(String) as string,
    });
    expect(await list(`?provider=aws&account=${AWS.account}&tenant=acme/core`)).toMatchObject([{ skipped: [{ count: 1 }, LEFT_OUT], success: { synced: 0, failed: 0 } }]);
    expect(await list('?provider=gcp')).toMatchObject([{ account: 'asked-for', health: 'not-connected', capabilities: [] }]);
  });

  it('shows each caller the targets that its tenant, or one below, may use or asks for, and nobody else\'s tenants', async () => {
    expect(await names()).toEqual(['aws/000000000001', 'aws/2', 'aws/3', 'aws/4', 'gcp/asked-for']);
    expect(await names('', 'tenant:acme')).toEqual(['aws/000000000001', 'aws/2', 'aws/4']);
    expect(await names('', 'tenant:acme/core')).toEqual(['aws/000000000001', 'aws/2', 'aws/4']);
    expect(await names('', 'tenant:other')).toEqual(['aws/2', 'aws/3']);
    expect(await names('', 'tenant:third')).toEqual(['aws/2', 'gcp/asked-for']);
    expect(await names('?tenant=other')).toEqual(['aws/2', 'aws/3']);
    expect((await running.get('/v1/providers?tenant=acme', 'tenant:other')).status).toBe(404);
    for (const one of await list('', 'tenant:acme')) expect(one).not.toHaveProperty('tenants');
    expect((await list('', 'tenant:other'))[0]).toMatchObject({ skipped: [], success: { synced: 0, failed: 0 } });
  });

  it('comes page by page', async () => {
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const page = await running.read<{ items: ProviderTargetView[]; nextCursor?: string }>(`/v1/providers?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ provider, account }) => `${provider}/${account}`));
      if (page.nextCursor === undefined) break;
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(await names());
  });
});

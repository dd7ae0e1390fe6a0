import 'reflect-metadata';
import { attachmentId, conflictItemSchema, type ConflictItem, type SyncMap } from '@wami/contracts';
import { worldForAll } from '@wami/testing';
import type { ResourceItem } from './resources/resources.query';
import { AWS, World, type Running } from './testing/world';

jest.setTimeout(60_000);

const ALLOW = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };

const OIDC = { url: 'https://issuer.example', clientIds: ['a'] };

describe('roles, policies, service accounts, identity providers and what is attached to them', () => {
  let world: World;
  let running: Running;

  worldForAll(World.open, async (opened) => {
    world = opened;
    await world.tenant('acme');
    await world.configure('acme', { providers: [AWS] });
    const own = { path: '/', tags: { team: 'core' } };
    await world.fact({ type: 'wami.role.created.v1', tenant: 'acme', id: 'rol_W', arnType: 'role', data: { ...own, maxSessionDuration: 3600 }, personal: { roleName: 'Writer', trustPolicy: ALLOW } });
    await world.fact({ type: 'wami.policy.created.v1', tenant: 'acme', id: 'pol_R', arnType: 'policy', data: { ...own, path: '/p/' }, personal: { policyName: 'reports', document: ALLOW } });
    await world.fact({ type: 'wami.service-account.created.v1', tenant: 'acme', id: 'sva_D', arnType: 'service-account', data: own, personal: { accountName: 'deployer' } });
    await world.fact({ type: 'wami.identity-provider.created.v1', tenant: 'acme', id: 'idp_G', arnType: 'identity-provider', data: { tags: {}, oidc: OIDC }, personal: { providerName: 'zitadel' } });
    await world.fact({ type: 'wami.identity-provider.updated.v1', tenant: 'acme', id: 'idp_G', arnType: 'identity-provider', data: { oidc: { ...OIDC, clientIds: ['b'] } }, personal: {} });
    await world.fact({ type: 'wami.policy.renamed.v1', tenant: 'acme', id: 'pol_R', arnType: 'policy', personal: { policyName: 'all reports', previousPolicyName: 'reports' } });
    running = await world.project();
  }, { beforeClose: () => running?.close() });

  it('are listed by their names, each with its state', async () => {
    const { items } = await running.read<{ items: ResourceItem[] }>('/v1/resources');
    expect(items.map(({ id, kind, name, path, version, worstState }) => [id, kind, name, path, version, worstState])).toEqual([
      ['idp_G', 'identity-provider', 'zitadel', undefined, 2, 'Pending'],
      ['pol_R', 'policy', 'all reports', '/p/', 2, 'Pending'], ['rol_W', 'role', 'Writer', '/', 1, 'Pending'], ['sva_D', 'service-account', 'deployer', '/', 1, 'Pending'],
    ]);
    const accounts = await running.read<{ items: ResourceItem[] }>('/v1/resources?kind=service-account&q=DEP');
    expect(accounts.items.map(({ arn }) => arn)).toEqual([expect.stringMatching(/:service-account\/sva_D$/)]);
  });

  it('are listed with all their fields where that is asked for, page by page', async () => {
    const first = await running.read<{ items: ResourceItem[]; nextCursor: string }>('/v1/resources?include=document&limit=3');
    expect(first.items[0]?.document).toEqual({ providerName: 'zitadel', oidc: { ...OIDC, clientIds: ['b'] }, tags: {} });
    expect(first.items[1]).toMatchObject({ name: 'all reports', version: 2, document: { policyName: 'all reports', path: '/p/', document: ALLOW, tags: { team: 'core' } } });
    const second = await running.read<{ items: ResourceItem[] }>(`/v1/resources?include=document&limit=3&cursor=${first.nextCursor}`);
    expect(second.items.map(({ document }) => document)).toEqual([{ accountName: 'deployer', path: '/', tags: { team: 'core' } }]);
    expect((await running.read<{ items: ResourceItem[] }>('/v1/resources')).items[1]).not.toHaveProperty('document');
  });

  it('that a provider cannot hold are Skipped, with the reason', async () => {
    const about = { tenant: 'acme', resource: 'sva_D', kind: 'service-account' };
    const [created] = await world.identity.readStream('sva_D');
    await world.outcome('wami.sync.skipped.v1', about, { intent: created?.position ?? '', version: 1, operation: 'create', reason: 'not yet' });
    const sync = await running.read<SyncMap>('/v1/resources/sva_D/sync?settled=true&wait=10');
    expect(sync['aws']?.[AWS.account]).toMatchObject({ state: 'Skipped', reason: 'not yet', kind: 'service-account' });
  });

  it('are listed as conflicts where something stands in the way that nobody decided about: ours beside theirs, the newest first, page by page, to who may see it', async () => {
    await world.tenant('acme/core');
    await world.configure('acme/core', { providers: [AWS] });
    const clash = async (tenant: string, resource: string, details: object | undefined, more: object = {}): Promise<void> => {
      const { position: intent } = await world.user(tenant, resource, 'created', { data: { path: '/ours/', tags: { team: 'a' } } });
      const said = { intent, version: 1, operation: 'create', code: 'Conflict', retryable: false, retryCount: 0, ...more } as const;
      await world.outcome('wami.sync.failed.v1', { tenant, resource }, said, { message: 'in the way', ...(details ? { details } : {}) });
    };
    await clash('acme', 'usr_1', { existing: { nativeArn: 'arn:aws:iam::1:user/x', tags: { team: 'theirs' } } });
    await clash('acme', 'usr_2', undefined, { nextRetryAt: '2999-01-01T00:00:00.000Z', retryable: true });
    await clash('acme/core', 'usr_3', { conflicts: [{ at: 'tags/team', base: 'z', ours: 'a', theirs: 'b' }] });
    const { position: intent } = await world.user('acme', 'usr_4', 'created');
    await world.outcome('wami.sync.skipped.v1', { tenant: 'acme', resource: 'usr_4' }, { intent, version: 1, operation: 'create', reason: 'something of this name stands there already and is not managed by WAMI' });
    const list = async (query = '', token?: string): Promise<ConflictItem[]> => (await running.read<{ items: unknown[] }>(`/v1/conflicts${query}`, token)).items.map((item) => conflictItemSchema.parse(item));
    const all = await list();
    expect(all.map(({ resource, state }) => [resource, state])).toEqual([['usr_4', 'Skipped'], ['usr_3', 'Failed'], ['usr_1', 'Failed']]);
    expect(all[2]).toMatchObject({
      kind: 'user', tenant: 'acme', ...AWS, reason: 'in the way', ours: { name: 'name of usr_1', path: '/ours/', tags: { team: 'a' } }, existing: { nativeArn: 'arn:aws:iam::1:user/x', tags: { team: 'theirs' } },
    });
    expect(all[1]).toMatchObject({ conflicts: [{ at: 'tags/team', base: 'z', ours: 'a', theirs: 'b' }], hint: expect.any(String) as string });
    expect((await list('', 'tenant:acme/core')).map(({ resource }) => resource)).toEqual(['usr_3']);
    expect((await list('?state=Skipped&provider=aws&kind=user')).map(({ resource }) => resource)).toEqual(['usr_4']);
    expect((await list('?resource=usr_1')).map(({ resource }) => resource)).toEqual(['usr_1']);
    const { nextCursor } = await running.read<{ nextCursor: string }>('/v1/conflicts?limit=1');
    expect((await list(`?limit=5&cursor=${nextCursor}`)).map(({ resource }) => resource)).toEqual(['usr_3', 'usr_1']);
  });

  it('become Pending again, for an update, where a policy is attached', async () => {
    const [role] = await world.identity.readStream('rol_W');
    await world.synced({ tenant: 'acme', resource: 'rol_W', kind: 'role' }, role?.position ?? '');
    expect(await running.read<SyncMap>('/v1/resources/rol_W/sync?settled=true&wait=10')).toMatchObject({ aws: { [AWS.account]: { state: 'Synced' } } });
    const id = attachmentId('pol_R', 'rol_W');
    await world.fact({ type: 'wami.attachment.added.v1', tenant: 'acme', id, key: 'rol_W', arnType: 'attachment', data: { policyId: 'pol_R', ownerId: 'rol_W', ownerKind: 'role' } });
    const sync = await running.read<SyncMap>('/v1/resources/rol_W/sync');
    expect(sync['aws']?.[AWS.account]).toMatchObject({ state: 'Pending', operation: 'update' });
    const history = await running.read<{ items: { type: string }[] }>('/v1/resources/rol_W/history');
    expect(history.items.map(({ type }) => type)).toContain('wami.attachment.added.v1');
  });

  it('a login profile is shown with what targets were given, whatever was heard of first: to its tenant, until it is deleted', async () => {
    const about = { tenant: 'acme', subject: 'arn:wami:iam:acme:wami:test:login-profile/lgp_1' };
    const given = (account: string, sealedPassword: string) => world.append(world.aws, {
      ...about, type: 'wami.sync.password-issued.v1', stream: `aws/${account}/lgp_1`, key: 'lgp_1', data: { resource: 'lgp_1', kind: 'login-profile', provider: 'aws', account, version: 1 },
      personal: { profileCreatedAt: '2026-01-02T03:04:05.000Z', sealedPassword },
    });
    await given('1', 'first');
    await running.read('/v1/resources');
    const created = (id: string) => world.fact({ type: 'wami.login-profile.created.v1', tenant: 'acme', id, arnType: 'login-profile', data: { ownerId: 'usr_L', ownerKind: 'user' }, personal: { sealTo: 'public' } });
    const { time } = await created('lgp_1');
    await given('2', 'other');
    await given('1', 'again');
    const path = '/v1/users/usr_L/login-profile';
    const issued = [{ account: '2', sealedPassword: 'other' }, { account: '1', sealedPassword: 'again' }];
    expect(await running.read(path, 'tenant:acme')).toMatchObject({ id: 'lgp_1', tenant: 'acme', owner: 'usr_L', version: 1, createdAt: time, issued: issued.map((one) => ({ provider: 'aws', ...one, profileCreatedAt: '2026-01-02T03:04:05.000Z' })) });
    expect([(await running.get(path, 'tenant:other')).status, (await running.get('/v1/users/usr_M/login-profile')).status]).toEqual([404, 404]);
    await world.fact({ type: 'wami.login-profile.deleted.v1', tenant: 'acme', id: 'lgp_1', arnType: 'login-profile' });
    await given('1', 'late');
    expect((await running.get(path)).status).toBe(404);
    await created('lgp_2');
    expect(await running.read(path)).toMatchObject({ id: 'lgp_2', issued: [] });
    const { rows } = await world.pool.query<{ login_profiles: string }>('SELECT string_agg(p::text, \'\') AS login_profiles FROM projection.login_profiles p');
    expect(rows[0]?.login_profiles).not.toMatch(/first|again|late/);
  });

  it('MFA devices are listed with what targets made of them, page by page, until they are deleted', async () => {
    const subject = (id: string) => `arn:wami:iam:acme:wami:test:mfa-device/${id}`;
    const made = (id: string, sealedSeed: string) => world.append(world.aws, {
      tenant: 'acme', subject: subject(id), type: 'wami.sync.seed-issued.v1', stream: `aws/1/${id}`, key: id, data: { resource: id, kind: 'mfa-device', provider: 'aws', account: '1', version: 1 }, personal: { serialNumber: `serial-${id}`, sealedSeed },
    });
    await world.user('acme', 'usr_M1', 'created');
    for (const [id, deviceName] of [['mfa_1', 'phone'], ['mfa_2', 'tablet']] as const) {
      await world.fact({ type: 'wami.mfa-device.created.v1', tenant: 'acme', id, arnType: 'mfa-device', data: { ownerId: 'usr_M1', ownerKind: 'user', deviceName }, personal: { sealTo: 'public' } });
      await made(id, `seed-of-${deviceName}`);
    }
    const path = '/v1/users/usr_M1/mfa-devices';
    const first = await running.read<{ items: object[]; nextCursor: string }>(`${path}?limit=1`, 'tenant:acme');
    expect(first.items).toMatchObject([{ id: 'mfa_1', owner: 'usr_M1', deviceName: 'phone', version: 1, issued: [{ provider: 'aws', account: '1', serialNumber: 'serial-mfa_1', sealedSeed: 'seed-of-phone' }] }]);
    expect((await running.read<{ items: object[] }>(`${path}?limit=1&cursor=${first.nextCursor}`, 'tenant:acme')).items).toMatchObject([{ id: 'mfa_2' }]);
    expect([(await running.get(path, 'tenant:other')).status, (await running.get('/v1/users/usr_M2/mfa-devices')).status]).toEqual([404, 404]);
    await world.fact({ type: 'wami.mfa-device.deleted.v1', tenant: 'acme', id: 'mfa_1', arnType: 'mfa-device' });
    await made('mfa_1', 'late-seed');
    expect(await running.read(path)).toMatchObject({ items: [{ id: 'mfa_2' }] });
    const { rows } = await world.pool.query<{ devices: string }>('SELECT string_agg(p::text, \'\') AS devices FROM projection.mfa_devices p');
    expect(rows[0]?.devices).not.toMatch(/late-seed|seed-of-phone/);
  });
});

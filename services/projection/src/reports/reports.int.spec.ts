import 'reflect-metadata';
import { accessRowSchema, credentialRowSchema, driftRowSchema, slaRowSchema, syncHealthRowSchema, type AccessRow, type RecordedEvent } from '@wami/contracts';
import { eventually, worldForAll } from '@wami/testing';
import type { z } from 'zod';
import { AWS, World, type Running } from '../testing/world';

jest.setTimeout(60_000);

const AT = { resource: '', kind: 'user', provider: 'aws', account: AWS.account };

describe('reports', () => {
  let world: World;
  let running: Running;
  worldForAll(World.open, async (opened) => {
    world = opened;
    for (const tenant of ['acme', 'acme/core', 'other']) await world.tenant(tenant);
    for (const tenant of ['acme', 'other']) await world.configure(tenant, { providers: [AWS] });
    await world.user('acme', 'usr_ANN', 'created');
    await world.user('acme/core', 'usr_BOB', 'created');
    const eve = await world.user('other', 'usr_EVE', 'created');
    await world.group('acme', 'grp_ENG');
    await policy('acme', 'pol_READ', [{ Effect: 'Allow', Action: ['s3:Get*', 's3:List*'], Resource: '*' }, { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }]);
    await policy('acme/core', 'pol_OWN', [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }]);
    await world.fact({ type: 'wami.role.created.v1', tenant: 'acme', id: 'rol_OPS', arnType: 'role', data: { path: '/', tags: {}, maxSessionDuration: 3600, permissionsBoundary: 'pol_READ' },
      personal: { roleName: 'ops', trustPolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }] } } });
    for (const [tenant, user] of [['acme', 'usr_ANN'], ['acme/core', 'usr_BOB']] as const) await world.member(tenant, 'grp_ENG', user);
    await attach('acme', 'group', 'grp_ENG', 'pol_READ');
    for (const [kind, id, name, Action] of [['group', 'grp_ENG', 'mail', 'ses:*'], ['role', 'rol_OPS', 'logs', 'logs:*']] as const) {
      await world.fact({ type: `wami.${kind}.inline-policies-changed.v1`, tenant: 'acme', id, arnType: kind, data: {}, personal: { inlinePolicies: { [name]: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] }, gone: null } } });
    }
    const bob = await attach('acme/core', 'user', 'usr_BOB', 'pol_OWN');
    await attach('acme', 'role', 'rol_OPS', 'pol_READ');
    await attach('acme', 'user', 'usr_ANN', 'pol_READ');
    const ann = await attach('acme', 'user', 'usr_ANN', 'pol_READ', 'removed');
    await world.synced({ tenant: 'acme', resource: 'usr_ANN' }, ann.position);
    await world.synced({ tenant: 'acme/core', resource: 'usr_BOB' }, bob.position);
    await world.outcome('wami.sync.failed.v1', { tenant: 'other', resource: 'usr_EVE' }, { intent: eve.position, version: 1, operation: 'create', code: 'InvalidRequest', retryable: false, retryCount: 0 }, { message: 'no' });
    await drifted('acme', 'usr_ANN');
    await drifted('acme/core', 'usr_BOB');
    await world.synced({ tenant: 'acme/core', resource: 'usr_BOB' }, bob.position, 'update');
    await world.append(world.aws, {
      type: 'wami.sync.swept.v1', stream: 'aws/1/ten_acme', key: 'aws/1/ten_acme', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:tenant/ten_acme', personal: {},
      data: { ...AWS, schedule: 'PT1H', nextAt: '2026-01-01T01:00:00.000Z', compared: 2, found: [{ kind: 'user', seen: 5, unmanaged: 3 }, { kind: 'group', seen: 1, unmanaged: 1 }], problems: [] },
    });
    await told(AWS.account, { health: 'credentials-rejected', reason: 'no', tenants: ['acme', 'acme/*'], credentials: { type: 'static', principal: 'arn:aws:iam::1:user/wami', expiresAt: '2020-01-01T00:00:00.000Z' } });
    await told('2', { health: 'ok', tenants: ['other'], credentials: { type: 'default' } });
    running = await world.project();
  }, { beforeClose: () => running?.close() });

  const policy = (tenant: string, id: string, Statement: object[]): Promise<unknown> => world.fact({
    type: 'wami.policy.created.v1', tenant, id, arnType: 'policy', data: { path: '/', tags: {} }, personal: { policyName: `name of ${id}`, document: { Version: '2012-10-17', Statement } },
  });
  const attach = (tenant: string, ownerKind: string, ownerId: string, policyId: string, change = 'added'): Promise<RecordedEvent> => world.fact({
    type: `wami.attachment.${change}.v1`, tenant, id: `att_${ownerId}${policyId}`, key: ownerId, arnType: 'attachment', data: { policyId, ownerId, ownerKind },
  });
  const drifted = (tenant: string, resource: string): Promise<unknown> => world.append(world.aws, {
    type: 'wami.sync.drifted.v1', stream: `aws/${AWS.account}/${resource}`, key: resource, tenant, subject: `arn:wami:iam:${tenant}:wami:local:user/${resource}`,
    data: { ...AT, resource, intent: '1.1', version: 1, operation: 'update', drift: 'changed', differs: ['tags/team'] }, personal: { differences: [] },
  });
  const told = (account: string, more: object): Promise<unknown> => world.append(world.aws, {
    type: 'wami.target.reported.v1', stream: `aws/${account}`, key: `aws/${account}`, tenant: '', subject: `arn:wami:iam::wami:local:target/aws_${account}`, personal: {},
    data: { provider: 'aws', account, mode: 'write', limits: { concurrency: 32 }, rates: [], capabilities: [], ...more },
  });
  const report = async <T extends z.ZodObject>(name: string, row: T, query = '', token?: string): Promise<z.infer<T>[]> =>
    (await running.read<{ items: unknown[] }>(`/v1/reports/${name}${query}`, token)).items.map((item) => row.strict().parse(item) as z.infer<T>);

  it('sync health: by tenant with all below it, target and kind how much is in which state', async () => {
    const zero = { synced: 0, pending: 0, syncing: 0, failed: 0, skipped: 0, notConfigured: 0 };
    expect(await report('sync-health', syncHealthRowSchema, '?tenant=acme')).toEqual([
      { tenant: 'acme', ...AWS, kind: 'group', resources: 1, ...zero, pending: 1 }, { tenant: 'acme', ...AWS, kind: 'policy', resources: 2, ...zero, pending: 2 },
      { tenant: 'acme', ...AWS, kind: 'role', resources: 1, ...zero, pending: 1 }, { tenant: 'acme', ...AWS, kind: 'user', resources: 2, ...zero, synced: 2 },
      { tenant: 'acme/core', ...AWS, kind: 'policy', resources: 1, ...zero, pending: 1 }, { tenant: 'acme/core', ...AWS, kind: 'user', resources: 1, ...zero, synced: 1 },
    ]);
    expect(await report('sync-health', syncHealthRowSchema, '', 'tenant:other')).toEqual([{ tenant: 'other', ...AWS, kind: 'user', resources: 1, ...zero, failed: 1 }]);
  });

  it('drift: by tenant and target how much differs and did, and what the last sweep found', async () => {
    expect(await report('drift', driftRowSchema, '', 'tenant:acme')).toEqual([
      { tenant: 'acme', ...AWS, open: 1, corrected: 0, oldestOpenAt: expect.any(String) as string, sweptAt: expect.any(String) as string, nextSweepAt: '2026-01-01T01:00:00.000Z', compared: 2, unmanaged: 4 },
      { tenant: 'acme/core', ...AWS, open: 0, corrected: 1 },
    ]);
    expect(await report('drift', driftRowSchema, '', 'tenant:other')).toEqual([]);
  });

  it('service level: what arrived in time and what failed, against the objective', async () => {
    const about = { ...AWS, days: 28, withinSeconds: 300, objective: 0.99 };
    const took = { p50Seconds: expect.any(Number) as number, p95Seconds: expect.any(Number) as number, p99Seconds: expect.any(Number) as number };
    expect(await report('sla', slaRowSchema)).toEqual([{ ...about, changes: 3, inTime: 2, late: 0, failed: 1, rate: 2 / 3, mayMiss: 0, budgetLeft: expect.closeTo(1 - 1 / 0.03, 3) as number, ...took }]);
    expect(await report('sla', slaRowSchema, '', 'tenant:acme/core')).toEqual([{ ...about, changes: 1, inTime: 1, late: 0, failed: 0, rate: 1, mayMiss: 0, budgetLeft: 1, ...took }]);
    expect((await running.get('/v1/reports/sla?tenant=acme', 'tenant:other')).status).toBe(404);
  });

  it('credentials: of each connection that the tenant may use', async () => {
    expect(await report('credentials', credentialRowSchema, '', 'tenant:acme')).toEqual([{
      ...AWS, type: 'static', principal: 'arn:aws:iam::1:user/wami', health: 'credentials-rejected', reason: 'no', expiresAt: '2020-01-01T00:00:00.000Z', expiresSoon: true, reportedAt: expect.any(String) as string,
    }]);
    expect((await report('credentials', credentialRowSchema)).map(({ account }) => account)).toEqual([AWS.account, '2']);
  });

  it('access: each way from somebody to a policy; what a tenant above gives counts for who is below, told without its names', async () => {
    const read = { policy: 'pol_READ', policyTenant: 'acme', allows: ['s3:Get*', 's3:List*'], denies: ['not s3:*'] };
    const cloud = [`aws/${AWS.account}`];
    const ann = { tenant: 'acme', principal: 'usr_ANN', principalKind: 'user', principalName: 'name of usr_ANN', group: 'grp_ENG', path: ['user/name of usr_ANN', 'group/name of grp_ENG', 'policy/name of pol_READ'], ...read, targets: cloud };
    const bob = { tenant: 'acme/core', principal: 'usr_BOB', principalKind: 'user', principalName: 'name of usr_BOB', targets: cloud };
    const own = { ...bob, path: ['user/name of usr_BOB', 'policy/name of pol_OWN'], policy: 'pol_OWN', policyTenant: 'acme/core', allows: ['sqs:*'], denies: [] };
    const mail = { policy: 'grp_ENG/inlinePolicies/mail', policyTenant: 'acme', allows: ['ses:*'], denies: [] };
    const ops = { tenant: 'acme', principal: 'rol_OPS', principalKind: 'role', principalName: 'ops', path: ['role/ops', 'policy/name of pol_READ'], ...read, boundary: 'pol_READ', assumableBy: ['ec2.amazonaws.com'], targets: cloud };
    expect(await report('access', accessRowSchema, '?tenant=acme')).toEqual([
      ops, { ...ops, path: ['role/ops', 'inline-policy/logs'], policy: 'rol_OPS/inlinePolicies/logs', allows: ['logs:*'], denies: [] },
      { ...ann, ...mail, path: [...ann.path.slice(0, 2), 'inline-policy/mail'] }, ann, own, { ...bob, group: 'grp_ENG', ...mail, path: ['user/name of usr_BOB', 'group/name of grp_ENG', 'inline-policy/mail'] }, { ...bob, group: 'grp_ENG', path: ['user/name of usr_BOB', 'group/name of grp_ENG', 'policy/name of pol_READ'], ...read },
    ]);
    expect(await report('access', accessRowSchema, '', 'tenant:acme/core')).toEqual([own, { ...bob, group: 'grp_ENG', path: ['user/name of usr_BOB', 'group/grp_ENG', 'inline-policy'], policy: 'grp_ENG/inlinePolicies', policyTenant: 'acme' },
      { ...bob, group: 'grp_ENG', path: ['user/name of usr_BOB', 'group/grp_ENG', 'policy/pol_READ'], policy: 'pol_READ', policyTenant: 'acme' }]);
    expect(await report('access', accessRowSchema, '?policy=pol_READ&group=grp_ENG&principal=usr_ANN')).toEqual([ann]);
    expect(await report('access', accessRowSchema, '', 'tenant:other')).toEqual([]);
  });

  it.each(['sync-health', 'drift', 'credentials', 'access'])('%s comes page by page', async (name) => {
    const whole = (await running.read<{ items: AccessRow[] }>(`/v1/reports/${name}`)).items;
    const paged: object[] = [];
    for (let cursor = ''; ;) {
      const page = await running.read<{ items: object[]; nextCursor?: string }>(`/v1/reports/${name}?limit=1${cursor && `&cursor=${cursor}`}`);
      paged.push(...page.items);
      if (page.nextCursor === undefined) break;
      cursor = page.nextCursor;
    }
    expect(whole.length).toBeGreaterThan(1);
    expect(paged).toEqual(whole);
  });

  it('a rebuild makes the same of them', async () => {
    const before = await Promise.all(['drift', 'sla', 'access'].map((name) => running.read(`/v1/reports/${name}`)));
    const { job } = await running.post<{ job: string }>('/v1/projection/rebuild');
    await eventually(async () => expect((await running.read<{ rebuilds: object[] }>('/v1/projection')).rebuilds).toContainEqual(expect.objectContaining({ job, phase: 'done' })));
    expect(await Promise.all(['drift', 'sla', 'access'].map((name) => running.read(`/v1/reports/${name}`)))).toEqual(before);
  });
});

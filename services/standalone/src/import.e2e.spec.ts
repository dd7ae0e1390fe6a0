import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConflictItem, DriftItem, ImportItem, JobView, SweepView, SyncMap } from '@wami/contracts';
import { readConfig, silentLogger } from '@wami/platform';
import { queryClient, type QueryClient } from '@wami/sandbox';
import { patiently as eventually, removeDirectory, temporaryDirectory } from '@wami/testing';
import { standaloneConfigSchema } from './config';
import { startStandalone, type Standalone } from './start-standalone';

jest.setTimeout(120_000);

const TOKEN = 'the-administrator-of-this-test';
const AWS = { provider: 'aws', account: '000000000001' };
const USERS = 250;
const GROUPS = 5;
interface DriftList { readonly items: readonly DriftItem[]; readonly sweeps: readonly SweepView[] }

/** What reads nothing but tells of nothing changed either. */
const READS = /^(Get|List|AssumeRole)/;

describe('an account that is full already', () => {
  const dataDir = temporaryDirectory('import');
  let standalone: Standalone;
  let cloud: QueryClient;
  let sandbox: string;

  beforeAll(async () => {
    standalone = await startStandalone(readConfig(standaloneConfigSchema, { WAMI_DATA_DIR: dataDir, WAMI_SANDBOXES: 'aws', WAMI_HTTP_PORT: '0', WAMI_ADMIN_TOKEN: TOKEN }), silentLogger);
    sandbox = (JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { sandboxes: Record<string, string> }).sandboxes[`aws/${AWS.account}`] ?? '';
    cloud = queryClient(sandbox);
    for (let i = 0; i < GROUPS; i++) await cloud('CreateGroup', { GroupName: `team-${i}`, Path: '/theirs/' });
    await Promise.all(Array.from({ length: USERS }, async (_, i) => {
      await cloud('CreateUser', { UserName: `person-${i}`, Path: '/theirs/', 'Tags.member.1.Key': 'cost', 'Tags.member.1.Value': String(i) });
      await cloud('AddUserToGroup', { GroupName: `team-${i % GROUPS}`, UserName: `person-${i}` });
    }));
    const marks = { 'managed-by': 'wami', 'wami-instance': 'elsewhere', 'wami-tenant': 'x', 'wami-id': 'usr_X', 'wami-kind': 'user' };
    await cloud('CreateUser', { UserName: 'anothers', ...tagged(marks) });
    await cloud('CreateUser', { UserName: 'terraformed', ...tagged({ 'managed-by': 'terraform' }) });
  });
  afterAll(async () => {
    await standalone?.close();
    removeDirectory(dataDir);
  });

  const tagged = (tags: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(tags).flatMap(([key, value], i) => [[`Tags.member.${i + 1}.Key`, key], [`Tags.member.${i + 1}.Value`, value]]));
  const call = async <T>(method: string, path: string, body?: unknown, token = TOKEN): Promise<{ status: number; body: T }> => {
    const response = await fetch(standalone.url + path, {
      method, headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as T };
  };
  const calls = async (): Promise<Record<string, number>> => ((await (await fetch(`${sandbox}/_sandbox/calls`)).json()) as { calls: Record<string, number> }).calls;
  const writes = (counts: Record<string, number>): Record<string, number> => Object.fromEntries(Object.entries(counts).filter(([api]) => !READS.test(api)));
  const run = async (adopt: boolean): Promise<JobView> => {
    const { status, body: { job } } = await call<{ job: string }>('POST', '/v1/sync/import', { tenant: 'default', ...AWS, adopt });
    expect(status).toBe(202);
    return eventually(async () => {
      const { body } = await call<JobView>('GET', `/v1/jobs/${job}`);
      expect(body.state).toBe('done');
      return body;
    }, { timeoutMs: 40_000 });
  };
  const items = async (job: string, outcome: string): Promise<readonly ImportItem[]> => (await call<{ items: ImportItem[] }>('GET', `/v1/imports/${job}/items?outcome=${outcome}&limit=1000`)).body.items;
  const counted = async (): Promise<Record<string, number>> => {
    const { body } = await call<{ counts: { kind: string; state: string; count: number }[] }>('GET', '/v1/sync-summary');
    return Object.fromEntries(body.counts.map(({ kind, state, count }) => [`${kind} ${state}`, count]));
  };

  it('is reported first, and nothing is made or written', async () => {
    const before = await calls();
    const { id, import: progress } = await run(false);
    expect(progress).toMatchObject({ adopt: false, listed: true, seen: USERS + GROUPS + 2, managed: 0, found: USERS + GROUPS, imported: 0, refused: 0, problems: [] });
    expect(await items(id, 'found')).toHaveLength(USERS + GROUPS);
    expect((await items(id, 'obstacle')).map(({ name, obstacle }) => [name, obstacle]).sort()).toEqual([['anothers', 'marked'], ['terraformed', 'tags']]);
    expect(writes(await calls())).toEqual(writes(before));
    expect(await counted()).toEqual({});
  });

  it('is imported: everything is Synced, nothing is written beside the marks, and what the tenant refuses is told', async () => {
    expect((await call('POST', '/v1/users', { tenant: 'default', userName: 'PERSON-7', syncToProviders: [] })).status).toBe(201);
    const before = await calls();
    const { id, import: progress, failed } = await run(true);
    expect(progress).toMatchObject({ found: USERS + GROUPS, imported: USERS + GROUPS - 1, refused: 1 });
    expect(failed).toBe(1);
    expect(await items(id, 'refused')).toEqual([expect.objectContaining({ name: 'person-7', code: 'NameTaken' })]);
    await eventually(async () => expect(await counted()).toEqual({ 'user Synced': USERS - 1, 'group Synced': GROUPS }), { timeoutMs: 60_000 });
    const after = writes(await calls());
    console.log(`import of ${USERS - 1} users, ${GROUPS} groups and their memberships: writes ${JSON.stringify(after)}`);
    expect(after).toEqual({ ...writes(before), TagUser: USERS - 1 });
    const [kept] = (await cloud('GetUser', { UserName: 'person-8' })).texts('Path');
    expect(kept).toBe('/theirs/');
    expect([...(await cloud('ListUserTags', { UserName: 'person-8' })).texts('Key')].sort()).toEqual(['cost', 'managed-by', 'wami-id', 'wami-instance', 'wami-kind', 'wami-tenant']);
    await eventually(async () => expect((await call<{ items: unknown[] }>('GET', '/v1/relations?tenant=default&limit=1000')).body.items).toHaveLength(USERS - 1));
  });

  it('is not imported again', async () => {
    const { import: progress } = await run(true);
    expect(progress).toMatchObject({ managed: USERS + GROUPS - 1, found: 1, imported: 0, refused: 1 });
  });

  it('is compared by a schedule, in bulk: a tag that was changed by hand is told field by field, and put back', async () => {
    await cloud('TagUser', { UserName: 'person-8', ...tagged({ cost: 'changed' }) });
    const before = await calls();
    expect((await call('PUT', '/v1/tenants/default/sync-config', { providers: [AWS], triggers: { schedule: 'P1M' } })).body).toMatchObject({ errors: [{ pointer: '/triggers/schedule' }] });
    expect((await call('PUT', '/v1/tenants/default/sync-config', { providers: [AWS], triggers: { schedule: 'PT5S' } })).status).toBe(200);
    const { items: [found], sweeps } = await eventually(async () => {
      const { body } = await call<DriftList>('GET', '/v1/drift?tenant=default&state=corrected');
      expect(body).toMatchObject({ items: [{ kind: 'user' }], sweeps: [{ tenant: 'default' }] });
      return body;
    }, { timeoutMs: 40_000 });
    expect(found).toMatchObject({ tenant: 'default', ...AWS, drift: 'changed', state: 'corrected', differences: [{ at: 'tags/cost', expected: '8', found: 'changed' }] });
    expect(sweeps[0]).toMatchObject({ ...AWS, schedule: 'PT5S', problems: [], compared: USERS + GROUPS - 1 });
    // Beside the one that was refused: that of somebody else’s marks and the one with tags in their place.
    expect(sweeps[0]?.found.find(({ kind }) => kind === 'user')).toEqual({ kind: 'user', seen: USERS + 2, unmanaged: 2 });
    await call('PUT', '/v1/tenants/default/sync-config', { providers: [AWS], triggers: { schedule: null } });
    const after = writes(await calls());
    expect(after).toEqual({ ...writes(before), TagUser: (before['TagUser'] ?? 0) + 1 });
    expect((await call<DriftList>('GET', '/v1/drift?tenant=default&state=open')).body.items).toEqual([]);
  });

  it('is merged where a conflict is resolved so: what the cloud alone had becomes intent, and nothing of it is lost', async () => {
    await cloud('CreateUser', { UserName: 'mergent', Path: '/theirs/', ...tagged({ cost: '1', team: 'theirs' }) });
    await cloud('AddUserToGroup', { GroupName: 'team-0', UserName: 'mergent' });
    const { body: { id } } = await call<{ id: string }>('POST', '/v1/users', { tenant: 'default', userName: 'mergent', tags: { team: 'ours' }, syncToProviders: ['aws'] });
    const state = async (): Promise<string | undefined> => (await call<SyncMap>('GET', `/v1/resources/${id}/sync`)).body['aws']?.[AWS.account]?.state;
    await eventually(async () => expect(await state()).toBe('Failed'));
    const conflicts = async (): Promise<readonly ConflictItem[]> => (await call<{ items: ConflictItem[] }>('GET', '/v1/conflicts?tenant=default')).body.items;
    expect(await conflicts()).toEqual([expect.objectContaining({
      resource: id, ...AWS, state: 'Failed', ours: { name: 'mergent', path: '/', tags: { team: 'ours' } }, existing: expect.objectContaining({ path: '/theirs/', tags: { cost: '1', team: 'theirs' } }) as object,
    })]);
    expect((await call('POST', '/v1/sync/resolve', { resource: id, ...AWS, strategy: 'merge' })).status).toBe(202);
    await eventually(async () => expect((await call('GET', `/v1/users/${id}`)).body).toMatchObject({ path: '/', tags: { cost: '1', team: 'ours' } }));
    await eventually(async () => expect(JSON.stringify((await call('GET', '/v1/relations?tenant=default&limit=1000')).body)).toContain(id));
    await eventually(async () => expect(await state()).toBe('Synced'));
    const before = writes(await calls());
    expect([...(await cloud('ListGroupsForUser', { UserName: 'mergent' })).texts('GroupName')]).toEqual(['team-0']);
    await call('POST', '/v1/sync', { resources: [id] });
    await eventually(async () => expect((await call<{ items: { type: string }[] }>('GET', `/v1/resources/${id}/history?limit=1000`)).body.items.at(-1)?.type).toBe('wami.sync.succeeded.v1'));
    expect(writes(await calls())).toEqual(before);
    expect(await conflicts()).toEqual([]);
  });

  it('is pulled from where the tenant says so: what was changed there becomes intent, nothing is written there, and looking again changes nothing on either side', async () => {
    const { body: { id } } = await call<{ id: string }>('POST', '/v1/users', { tenant: 'default', userName: 'pulled', tags: { team: 'ours' }, syncToProviders: ['aws'] });
    const state = async (): Promise<string | undefined> => (await call<SyncMap>('GET', `/v1/resources/${id}/sync`)).body['aws']?.[AWS.account]?.state;
    await eventually(async () => expect(await state()).toBe('Synced'));
    expect((await call('PUT', '/v1/tenants/default/sync-config', { providers: [AWS], direction: 'sideways' })).status).toBe(422);
    expect((await call('PUT', '/v1/tenants/default/sync-config', { providers: [AWS], direction: 'pull' })).body).toMatchObject({ effective: { direction: 'pull' } });
    // Behind it everything has heard of the direction and is at rest: a membership of a group that is not is left to the next look.
    const { body: { job: all } } = await call<{ job: string }>('POST', '/v1/sync', { filter: { tenant: 'default' } });
    await eventually(async () => expect((await call<JobView>('GET', `/v1/jobs/${all}`)).body.state).toBe('done'));
    await cloud('UntagUser', { UserName: 'pulled', 'TagKeys.member.1': 'team' });
    await cloud('TagUser', { UserName: 'pulled', ...tagged({ theirs: '1' }) });
    await cloud('AddUserToGroup', { GroupName: 'team-1', UserName: 'pulled' });
    const before = writes(await calls());
    const history = async (): Promise<readonly { type: string }[]> => (await call<{ items: { type: string }[] }>('GET', `/v1/resources/${id}/history?limit=1000`)).body.items;
    expect((await call('POST', '/v1/sync', { resources: [id] })).status).toBe(202);
    await eventually(async () => expect((await call('GET', `/v1/users/${id}`)).body).toMatchObject({ tags: { theirs: '1' } }));
    await eventually(async () => expect((await history()).map(({ type }) => type)).toContain('wami.membership.added.v1'));
    await eventually(async () => expect(await state()).toBe('Synced'));
    const types = (await history()).map(({ type }) => type).filter((type) => /pulled|updated|added/.test(type));
    expect([...types].sort()).toEqual(['wami.membership.added.v1', 'wami.sync.pulled.v1', 'wami.user.updated.v1']);
    const { body: { job } } = await call<{ job: string }>('POST', '/v1/sync', { resources: [id] });
    await eventually(async () => expect((await call<JobView>('GET', `/v1/jobs/${job}`)).body.state).toBe('done'));
    expect((await history()).map(({ type }) => type).filter((type) => /pulled|updated|added/.test(type))).toEqual(types);
    expect(writes(await calls())).toEqual(before);
    await call('PUT', '/v1/tenants/default/sync-config', { providers: [AWS] });
  });

  it('is none of a child tenant: it cannot import into the one above, nor see what that found', async () => {
    await call('POST', '/v1/tenants', { id: 'default/child', name: 'Child' });
    const { body: { secret } } = await call<{ secret: string }>('POST', '/v1/api-keys', { tenant: 'default/child', role: 'admin', name: 'child' });
    const { id } = await run(false);
    await eventually(async () => expect((await call('GET', '/v1/resources', undefined, secret)).status).toBe(200));
    expect((await call('POST', '/v1/sync/import', { tenant: 'default', ...AWS }, secret)).status).toBe(404);
    expect((await call('GET', `/v1/jobs/${id}`, undefined, secret)).status).toBe(404);
    expect((await call('GET', `/v1/imports/${id}/items`, undefined, secret)).status).toBe(404);
  });
});

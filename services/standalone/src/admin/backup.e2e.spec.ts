import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@wami/embedded-postgres';
import { Client } from 'pg';
import type { ApprovalView, BackupResult, DriftItem, ImportItem, JobView, LogVerdict, PauseView, SyncMap, WamiCloudEvent } from '@wami/contracts';
import { queryClient, startSandboxAws, type SandboxAws } from '@wami/sandbox';
import { callsSince, patiently as eventually, removeDirectory, startWamiProcess, temporaryDirectory, writeCount, type WamiProcess } from '@wami/testing';
import { Attempt } from '../testing/attempt';
import { wamiCommand, type WamiRan } from '../testing/wami-command';

jest.setTimeout(240_000);

const ACCOUNT = '000000000001';
const AWS = { provider: 'aws', account: ACCOUNT };
interface Made { readonly id: string; readonly sync?: SyncMap }
interface List<T> { readonly items: readonly T[] }

/** All that can be asked for, as far as it does not tell of the moment of asking. */
const QUERIES = [
  '/v1/resources?limit=1000', '/v1/sync-states?limit=1000', '/v1/tenants', '/v1/api-keys', '/v1/conflicts', '/v1/drift', '/v1/plans', '/v1/approvals', '/v1/dead-letters',
  '/v1/events?limit=1000', '/v1/reports/access', '/v1/tenants/default/sync-config',
];

/** A living instance is saved, goes on, and is lost; what was saved is put into an empty one, in front of clouds that have moved on. */
describe('a backup', () => {
  const folder = temporaryDirectory('backup');
  const [first, second, file] = [join(folder, 'first'), join(folder, 'second'), join(folder, 'wami.backup')];
  const connections = join(folder, 'connections.yaml');
  const env = { WAMI_CONNECTIONS: connections, BACKUP_KEY: 'AKIASANDBOX000000000', BACKUP_SECRET: 'sandbox' };
  const ids: Record<string, string> = {};
  let cloud: SandboxAws;
  let wami: WamiProcess | undefined;
  let saved: Record<string, unknown>;
  let savedAt: string;
  let key: string;
  let callsBefore: SandboxAws extends { calls(): infer C } ? C : never;

  const start = async (dataDir: string): Promise<void> => void (wami = await startWamiProcess({ dataDir, env }));
  const call = async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> => {
    if (!wami) throw new Error('WAMI does not run');
    return (await wami.call<T>(method, path, body, headers)).body;
  };
  const settled = { prefer: 'wait=60' };
  const make = async (kind: string, body: object): Promise<string> => (await call<Made>('POST', `/v1/${kind}`, { tenant: 'default', ...body }, settled)).id;
  const strong = <T>(path: string): Promise<T> => call<T>('GET', path, undefined, { 'wami-consistency': 'strong' });
  const everything = async (): Promise<Record<string, unknown>> => Object.fromEntries([
    ...await Promise.all(QUERIES.map(async (path) => [path, await strong(path)])), ...await Promise.all(Object.values(ids).map(async (id) => [`history of ${id}`, await strong(`/v1/resources/${id}/history?limit=1000`)])),
  ]) as Record<string, unknown>;
  const user = (name: string) => cloud.snapshot().users.find(({ userName }) => userName === name);
  const names = (): string[] => cloud.snapshot().users.map(({ userName }) => userName).sort();
  const written = (): number => writeCount(callsSince(callsBefore, cloud.calls()));
  const stateOf = async (id: string): Promise<string | undefined> => (await strong<SyncMap>(`/v1/resources/${id}/sync`))['aws']?.[ACCOUNT]?.state;
  const admin = (args: readonly string[], dataDir: string): Promise<WamiRan> => wamiCommand(['admin', ...args], { ...env, WAMI_DATA_DIR: dataDir });

  beforeAll(async () => {
    cloud = await startSandboxAws({ account: ACCOUNT });
    writeFileSync(connections, `connections:\n  - { provider: aws, account: "${ACCOUNT}", endpoint: "${cloud.url}", credentials: { type: static, accessKeyId: env:BACKUP_KEY, secretAccessKey: env:BACKUP_SECRET } }\n`);
    await start(first);
    for (const name of ['ann', 'bob', 'cy', 'gus']) ids[name] = await make('users', { userName: name, email: `${name}@example.org`, tags: { team: 'core' } });
    ids['crew'] = await make('groups', { groupName: 'crew' });
    ids['read'] = await make('policies', { policyName: 'read', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] } });
    for (const name of ['ann', 'bob']) await call('PUT', `/v1/groups/${ids['crew']}/members/${ids[name]}`, undefined, settled);
    await call('PUT', `/v1/groups/${ids['crew']}/policies/${ids['read']}`, undefined, settled);
    await call('DELETE', `/v1/users/${ids['gus']}`, undefined, settled);
    key = (await call<{ secret: string }>('POST', '/v1/api-keys', { tenant: 'default', role: 'viewer', name: 'ci' })).secret;
    await eventually(async () => expect((await strong<List<{ state: string }>>('/v1/sync-states?limit=1000')).items.filter(({ state }) => state !== 'Synced')).toEqual([]), { timeoutMs: 60_000 });
  });
  afterAll(async () => {
    await wami?.stop();
    await cloud?.close();
    removeDirectory(folder);
  });

  it('is one file for its owner alone, made while WAMI runs, and never written over another', async () => {
    saved = await everything();
    const { code, out, err } = await admin(['backup', file, '--with-secrets', '-o', 'json'], first);
    expect([code, err]).toEqual([0, expect.stringContaining('identity.events: ')]);
    savedAt = (JSON.parse(out) as BackupResult).createdAt;
    expect(JSON.parse(out)).toMatchObject({ file, bytes: statSync(file).size, secrets: ['master.key', 'key.pepper', 'admin.token', 'connections.yaml'] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await everything()).toEqual(saved);
    expect(await admin(['backup', file], first)).toMatchObject({ code: 6, err: expect.stringContaining('is there already') });
  });

  it('is refused where it is not whole, or where there is an instance already', async () => {
    expect(await admin(['check', file], first)).toMatchObject({ code: 0 });
    const damaged = join(folder, 'damaged.backup');
    copyFileSync(file, damaged);
    truncateSync(damaged, statSync(file).size - 2048);
    expect(await admin(['restore', damaged], second)).toMatchObject({ code: 1, err: expect.stringContaining('is no whole backup') });
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(600) ^ 1, 600);
    writeFileSync(damaged, bytes);
    expect(await admin(['restore', damaged], second)).toMatchObject({ code: 1, err: expect.stringContaining('is damaged: ') });
    expect(existsSync(second)).toBe(false);
    expect(await admin(['restore', file], first)).toMatchObject({ code: 1, err: expect.stringContaining('is in use by process') });
  });

  it('brings back everything as it was, and nothing is called to be changed in a cloud that has moved on', async () => {
    ids['dora'] = await make('users', { userName: 'dora' });
    await call('PUT', `/v1/groups/${ids['crew']}/members/${ids['dora']}`, undefined, settled);
    await call('PATCH', `/v1/users/${ids['bob']}`, { userName: 'bobby' }, settled);
    await call('DELETE', `/v1/users/${ids['cy']}`, undefined, settled);
    expect(names()).toEqual(['ann', 'bobby', 'dora']);
    await wami?.stop();
    wami = undefined;
    expect(await admin(['restore', file], first)).toMatchObject({ code: 6, err: expect.stringContaining('There is an instance already (identity, projection, sync_aws') });
    callsBefore = cloud.calls();
    delete ids['dora'];

    const { code, out } = await admin(['restore', file, '-o', 'json'], second);
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ pause: expect.stringMatching(/^pau_/), secrets: ['master.key', 'key.pepper', 'admin.token', 'connections.yaml'] })]);
    await start(second);
    const { pause } = JSON.parse(out) as { pause: string };
    const now = await eventually(async () => {
      const found = await everything();
      const events = found['/v1/events?limit=1000'] as List<WamiCloudEvent>;
      expect(events.items.at(-1)).toMatchObject({ type: 'wami.pause.started.v1', actor: 'wami admin restore' });
      // The pause came after all that was saved; where the page ends is not what is compared.
      return { ...found, '/v1/events?limit=1000': { ...events, items: events.items.slice(0, -1), position: undefined } };
    }, { timeoutMs: 60_000 });
    const before = { ...saved, '/v1/events?limit=1000': { ...saved['/v1/events?limit=1000'] as object, position: undefined } };
    for (const path of Object.keys(before)) expect([path, (now as Record<string, unknown>)[path]]).toEqual([path, before[path as keyof typeof before]]);
    expect((await strong<List<PauseView>>('/v1/pauses')).items).toMatchObject([{ id: pause, tenant: '', reason: expect.stringContaining('restored from the backup of') }]);
    expect((await call<List<unknown>>('GET', '/v1/resources', undefined, { authorization: `Bearer ${key}` })).items.length).toBeGreaterThan(4);
    expect(written()).toBe(0);
  });

  it('takes commands at once, in places after all that were ever given, and holds them', async () => {
    if (!wami) throw new Error('WAMI does not run');
    const { headers, body: { id } } = await wami.call<Made>('POST', '/v1/users', { tenant: 'default', userName: 'eve' });
    ids['eve'] = id;
    const after = headers.get('wami-position') ?? '';
    expect((await call<SyncMap>('GET', `/v1/resources/${id}/sync`, undefined, { 'wami-after': after }))['aws']?.[ACCOUNT]?.state).toBe('Pending');
    await eventually(async () => expect((await strong<SyncMap>(`/v1/resources/${id}/sync`))['aws']?.[ACCOUNT]).toMatchObject({ reason: expect.stringContaining('paused by') }), { timeoutMs: 60_000 });
    expect(written()).toBe(0);
  });

  it('takes over what was changed in the clouds meanwhile, shows what was deleted and made there, and writes nothing', async () => {
    await call('PUT', '/v1/tenants/default/sync-config', { providers: [AWS], direction: 'pull', triggers: { schedule: 'PT5S' } });
    await call('POST', '/v1/sync/resume', { reason: 'looked' });
    const drift = await eventually(async () => {
      const { items } = await strong<List<DriftItem>>('/v1/drift?tenant=default');
      expect(items.map(({ resource, drift: what, state }) => [resource, what, state])).toEqual(expect.arrayContaining([[ids['bob'], 'changed', 'corrected'], [ids['cy'], 'missing', 'open']]));
      expect(await call<{ userName: string }>('GET', `/v1/users/${ids['bob']}`)).toMatchObject({ userName: 'bobby' });
      return items;
    }, { timeoutMs: 90_000 });
    process.stdout.write(`restored while the clouds moved on: ${JSON.stringify(drift.map(({ drift: what, differences }) => [what, differences]))}\n`);
    const { job } = await call<{ job: string }>('POST', '/v1/sync/import', { tenant: 'default', ...AWS });
    await eventually(async () => expect((await strong<JobView>(`/v1/jobs/${job}`)).state).toBe('done'), { timeoutMs: 60_000 });
    const { items } = await strong<List<ImportItem>>(`/v1/imports/${job}/items`);
    expect(items.map(({ name, obstacle }) => [name, obstacle])).toEqual([['dora', 'marked']]);
    expect(written()).toBe(0);
  });

  it('and then brings them together: nothing made since is deleted, nothing is made twice, and what was to go stays gone', async () => {
    const [dora, bobby] = [user('dora'), user('bobby')];
    await call('DELETE', `/v1/users/${ids['cy']}`);
    await call('PUT', '/v1/tenants/default/sync-config', { providers: [AWS], direction: 'push', triggers: { schedule: null } });
    await eventually(async () => expect([names(), await stateOf(ids['bob'] ?? ''), await stateOf(ids['eve'] ?? '')]).toEqual([['ann', 'bobby', 'dora', 'eve'], 'Synced', 'Synced']), { timeoutMs: 90_000 });
    await eventually(async () => expect(await strong(`/v1/resources/${ids['cy']}/sync`)).toEqual({}), { timeoutMs: 60_000 });
    expect([user('dora'), user('bobby')]).toEqual([dora, bobby]);
  });

  it('what was made since is taken over once its marks are off', async () => {
    const dora = user('dora');
    const marks = Object.keys(dora?.tags ?? {}).filter((tag) => /^(managed-by|wami-)/.test(tag));
    await queryClient(cloud.url)('UntagUser', { UserName: 'dora', ...Object.fromEntries(marks.map((tag, i) => [`TagKeys.member.${i + 1}`, tag])) });
    const { job } = await call<{ job: string }>('POST', '/v1/sync/import', { tenant: 'default', ...AWS, adopt: true });
    await eventually(async () => expect(await strong<JobView>(`/v1/jobs/${job}`)).toMatchObject({ state: 'done', import: { imported: 1 } }), { timeoutMs: 60_000 });
    await eventually(() => expect(user('dora')).toMatchObject({ userId: dora?.userId, tags: { 'managed-by': 'wami' } }), { timeoutMs: 60_000 });
    process.stdout.write(`restored while the clouds moved on: adopted 1, wrongly deleted ${['ann', 'bobby', 'dora', 'eve'].filter((name) => !user(name)).length}\n`);
    expect(names()).toEqual(['ann', 'bobby', 'dora', 'eve']);
  });

  it('goes back to a time by the event log: who was renamed has the name again, who was deleted is made anew, and what was made since goes once somebody approved', async () => {
    if (!wami) throw new Error('WAMI does not run');
    const cli = (args: readonly string[]): Promise<WamiRan> => wamiCommand(args, { WAMI_ADDRESS: wami?.url, WAMI_TOKEN: wami?.authorization.slice('Bearer '.length) });
    const many = Array.from({ length: 5 }, (_, i) => `many-${i}`);
    await call('POST', '/v1/batch', { operations: many.map((userName) => ({ method: 'POST', path: '/v1/users', body: { tenant: 'default', userName } })) });
    await eventually(() => expect(names()).toEqual(['ann', 'bobby', 'dora', 'eve', ...many]), { timeoutMs: 60_000 });
    const bobby = user('bobby');

    const { code, out, err } = await cli(['apply', '--at', savedAt, '--yes']);
    expect([code, out, err]).toEqual([0, expect.stringContaining('userName: "bobby" -> "bob"'), expect.stringContaining('as-it-was: all ')]);
    expect(await call<{ userName: string }>('GET', `/v1/users/${ids['bob']}`)).toMatchObject({ userName: 'bob' });
    const gone = (): number => ['dora', 'eve', ...many].filter((name) => !user(name)).length;
    // How much of the budget is used up before the rest is held depends on how the log is read; that it is no more than that does not.
    await eventually(async () => {
      const { items } = await strong<List<ApprovalView>>('/v1/approvals?state=open');
      expect(items.map(({ held }) => held + gone())).toEqual([7]);
    }, { timeoutMs: 60_000 });
    expect(gone()).toBeLessThanOrEqual(5);
    await eventually(() => expect(names()).toEqual(expect.arrayContaining(['ann', 'bob', 'cy'])), { timeoutMs: 60_000 });
    // The list may still change between a look at it and its approval, which is refused then.
    await eventually(async () => {
      const { items: [approval] } = await strong<List<ApprovalView>>('/v1/approvals?state=open');
      await call('POST', `/v1/approvals/${approval?.id}/approve`, { hash: approval?.hash });
    }, { timeoutMs: 60_000 });
    await eventually(() => expect(names()).toEqual(['ann', 'bob', 'cy']), { timeoutMs: 60_000 });
    expect(user('bob')?.userId).toBe(bobby?.userId);
    expect(await cli(['diff', '--at', savedAt, '--exit-code'])).toMatchObject({ code: 0 });
  });

  it('rows of another cluster are refused at the start, with the command that makes them readable', async () => {
    const events = (await strong<List<WamiCloudEvent>>('/v1/events?limit=1000')).items;
    await wami?.stop();
    wami = undefined;
    const postgres = await startEmbeddedPostgres({ dataDir: join(second, 'postgres') });
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    // As a dump of a cluster that had run for long leaves them in a young one.
    for (const schema of ['identity', 'sync_aws']) await client.query(`UPDATE ${schema}.store_info SET tx_ahead = 0; ALTER TABLE ${schema}.events ALTER COLUMN tx SET DEFAULT pg_current_xact_id()`);
    await client.end();
    await postgres.stop();
    const refused = new Attempt({ ...env, WAMI_DATA_DIR: second });
    expect((await refused.end()).code).toBe(1);
    const command = /run `wami (admin [^`]+)` once/.exec(refused.err)?.[1];
    expect([command, refused.err]).toEqual(['admin restore --in-place', expect.stringContaining('come from another database cluster')]);
    expect(await wamiCommand((command ?? '').split(' '), { ...env, WAMI_DATA_DIR: second })).toMatchObject({ code: 0, out: expect.stringContaining('pau_') });
    await start(second);
    const now = (await eventually(async () => {
      const { items } = await strong<List<WamiCloudEvent>>('/v1/events?limit=1000');
      expect(items.filter(({ type }) => type === 'wami.pause.started.v1')).toHaveLength(2);
      return items;
    }, { timeoutMs: 60_000 })).filter(({ id }) => events.some((event) => event.id === id));
    process.stdout.write(`rows of another cluster: events visible before ${events.length}, after ${now.length}\n`);
    expect(now).toEqual(events);
  });

  it('the log shows that it was not tampered with, and that it was', async () => {
    const note = join(folder, 'log.json');
    await eventually(async () => {
      const { code, out } = await admin(['verify', '--note', note, '-o', 'json'], second);
      expect([code, (JSON.parse(out) as LogVerdict[]).map(({ source, unsealed, problems }) => [source, unsealed, problems])]).toEqual([0, expect.arrayContaining([['identity', 0, []], ['sync-aws', 0, []]])]);
    }, { timeoutMs: 60_000 });
    expect(await admin(['verify', '--against', note], second)).toMatchObject({ code: 0 });
    expect(await admin(['verify', '--against', file], second)).toMatchObject({ code: 0 });
    await wami?.stop();
    wami = undefined;
    const postgres = await startEmbeddedPostgres({ dataDir: join(second, 'postgres') });
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    const noted = (JSON.parse(readFileSync(note, 'utf8')) as { logs: LogVerdict[] }).logs.find(({ source }) => source === 'identity')?.checkpoint?.number;
    await client.query('DELETE FROM identity.seals WHERE number >= $1', [noted]);
    await client.query(`UPDATE sync_aws.events SET recorded_at = recorded_at + interval '1 second' WHERE position = (SELECT min(position) FROM sync_aws.events)`);
    await client.end();
    await postgres.stop();
    expect(await admin(['verify', '--against', note], second)).toMatchObject({ code: 1, err: expect.stringMatching(/sync-aws: the events between .* are not those that were sealed[^]*identity: the log ends before seal \d+/) });
  });
});

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SyncMap } from '@wami/contracts';
import { eventually, removeDirectory, temporaryDirectory } from '@wami/testing';
import { Attempt, processesIn } from './testing/attempt';

jest.setTimeout(120_000);

const ACCOUNT = '000000000001';
const PROJECT = 'sandbox-project';
const ENTRA_TENANT = 'sandbox-tenant';

interface Sandbox { readonly users: readonly { readonly userName: string; readonly userId: string }[] }

const synced = { state: 'Synced', operation: 'create', version: 1 };

describe('the first minutes with npm start', () => {
  const folder = temporaryDirectory('first-minutes');
  const dataDir = join(folder, 'data');
  const inData = (name: string): string => readFileSync(join(dataDir, name), 'utf8');
  let wami: Attempt;
  let url: string;
  let token: string;

  const start = async (): Promise<void> => {
    wami = new Attempt({ WAMI_DATA_DIR: dataDir });
    url = await wami.ready();
    token = inData('admin.token').trim();
  };
  afterAll(async () => {
    await wami.end('SIGTERM');
    removeDirectory(folder);
  });

  const call = async <Body>(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<{ status: number; headers: Headers; body: Body }> => {
    const response = await fetch(url + path, {
      method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers }, signal: AbortSignal.timeout(60_000), ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? undefined : JSON.parse(text)) as Body };
  };
  const make = async (kind: string, named: object): Promise<{ id: string; position: string }> => {
    const { status, headers, body } = await call<{ id: string }>('POST', `/v1/${kind}`, { tenant: 'default', ...named });
    expect(status).toBe(201);
    return { id: body.id, position: headers.get('wami-position') ?? '' };
  };
  const create = (userName: string): Promise<{ id: string; position: string }> => make('users', { userName });
  const settled = async (id: string, after?: string): Promise<SyncMap> =>
    (await call<SyncMap>('GET', `/v1/resources/${id}/sync?settled=true&wait=30`, undefined, after === undefined ? {} : { 'wami-after': after })).body;
  const cloud = async (): Promise<Record<string, string>> => {
    const { sandboxes } = JSON.parse(inData('server.json')) as { sandboxes: Record<string, string> };
    const { users } = await (await fetch(`${sandboxes[`aws/${ACCOUNT}`]}/_sandbox/state`)).json() as Sandbox;
    return Object.fromEntries(users.map(({ userName, userId }) => [userName, userId]));
  };

  it('starts in an empty folder, says so in one line on stdout, and makes the tenant `default`, synced to a sandbox of each cloud', async () => {
    await start();
    expect(wami.out).toBe(`WAMI ready ${url}\n`);
    const targets = [['aws', ACCOUNT], ['gcp', PROJECT], ['azure', ENTRA_TENANT]] as const;
    expect([...wami.err.matchAll(/SANDBOX {4}(\S+) at http:\/\/127\.0\.0\.1:\d+ \(no real cloud is called\)/g)].map(([, target]) => target)).toEqual(targets.map((target) => target.join('/')));
    expect(wami.err).toContain('npx wami user create ann');
    expect(wami.err).toMatch(/Console {4}http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{32} /);
    expect(await (await fetch(url)).text()).toContain(`content="${targets.map((target) => target.join('/')).join(' ')}"`);
    expect(wami.err).not.toContain(token);
    expect(statSync(join(dataDir, 'admin.token')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(inData('server.json'))).toMatchObject({ url, pid: wami.pid });
    const { body } = await call<{ effective: { providers: object[] } }>('GET', '/v1/tenants/default/sync-config');
    expect(body.effective.providers).toEqual(targets.map(([provider, account]) => ({ provider, account })));
  });

  let ann: { id: string };
  it('a user, a group and a service account that are created are soon Synced at each cloud', async () => {
    const created = await create('ann');
    ann = created;
    const [crew, robot] = [await make('groups', { groupName: 'crew' }), await make('service-accounts', { accountName: 'build-robot' })];
    expect(await settled(created.id, created.position)).toMatchObject({
      aws: { [ACCOUNT]: { ...synced, nativeArn: `arn:aws:iam::${ACCOUNT}:user/ann` } }, gcp: { [PROJECT]: synced }, azure: { [ENTRA_TENANT]: synced },
    });
    expect(await settled(crew.id, crew.position)).toMatchObject({ aws: { [ACCOUNT]: synced }, gcp: { [PROJECT]: synced }, azure: { [ENTRA_TENANT]: synced } });
    expect(await settled(robot.id, robot.position)).toMatchObject({ aws: { [ACCOUNT]: synced }, gcp: { [PROJECT]: synced }, azure: { [ENTRA_TENANT]: synced } });
    expect(Object.keys(await cloud()).sort()).toEqual(['ann', 'build-robot']);
  });

  it('a second start on the same folder says who has it, and harms nothing', async () => {
    const second = new Attempt({ WAMI_DATA_DIR: dataDir, WAMI_ADMIN_TOKEN: 'another-token-of-the-second-start' });
    expect(await second.end()).toEqual({ code: 1, signal: null });
    expect(second.out).toBe('');
    expect(second.err).toBe(`wami: The data directory ${dataDir} is in use by process ${wami.pid} (${url}). Stop that one, or set WAMI_DATA_DIR to another folder.\n`);
    expect(inData('admin.token').trim()).toBe(token);
    expect(JSON.parse(inData('server.json'))).toMatchObject({ pid: wami.pid });
    expect((await call('GET', '/v1/whoami')).status).toBe(200);
  });

  it('SIGTERM ends it cleanly, while somebody follows the log, and leaves no process behind', async () => {
    const stream = await fetch(`${url}/v1/events`, { headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' } });
    expect(stream.status).toBe(200);
    const rest = stream.text().catch(() => 'cut off');
    expect(await wami.end('SIGTERM')).toEqual({ code: 0, signal: null });
    await rest;
    expect(wami.err).not.toContain('"level"');
    expect(processesIn(dataDir)).toEqual([]);
    expect(existsSync(join(dataDir, 'server.json'))).toBe(false);
  });

  it('the next start has everything: token, users, states, the cloud', async () => {
    const before = token;
    await start();
    expect(token).toBe(before);
    expect(await settled(ann.id)).toMatchObject({ aws: { [ACCOUNT]: { state: 'Synced', version: 1 } }, gcp: { [PROJECT]: { state: 'Synced', version: 1 } }, azure: { [ENTRA_TENANT]: { state: 'Synced', version: 1 } } });
    expect((await call<{ items: { type: string }[] }>('GET', `/v1/resources/${ann.id}/history`)).body.items[0]?.type).toBe('wami.user.created.v1');
    expect((await call('POST', '/v1/users', { tenant: 'default', userName: 'Ann' })).status).toBe(409);
    expect(Object.keys(await cloud()).sort()).toEqual(['ann', 'build-robot']);
    expect((await call<{ items: object[] }>('GET', '/v1/tenants')).body.items).toHaveLength(1);
  });

  it('SIGKILL right after an answer: nothing stays behind, and the next start brings the user into the cloud, once', async () => {
    const { ann: native } = await cloud();
    const { id, position } = await create('bob');
    await wami.end('SIGKILL');
    await eventually(() => expect(processesIn(dataDir)).toEqual([]), { timeoutMs: 60_000, describe: 'its database is gone too' });
    await start();
    expect(await settled(id, position)).toMatchObject({ aws: { [ACCOUNT]: { state: 'Synced' } }, gcp: { [PROJECT]: { state: 'Synced' } }, azure: { [ENTRA_TENANT]: { state: 'Synced' } } });
    const users = await cloud();
    expect(Object.keys(users).sort()).toEqual(['ann', 'bob', 'build-robot']);
    expect(users['ann']).toBe(native);
  });
});

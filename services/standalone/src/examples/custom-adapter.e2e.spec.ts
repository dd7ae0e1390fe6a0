import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SyncMap, SyncState } from '@wami/contracts';
import { HealthRegistry, Metrics, readConfig, silentLogger, StartupError } from '@wami/platform';
import { newDataDirectory, patiently as eventually, removeDirectory, startFaultProxy, temporaryDirectory, type FaultProxy } from '@wami/testing';
import { standaloneConfigSchema } from '../config';
import { startStandalone, type Standalone } from '../start-standalone';
import { startSyncThread } from '../sync-thread/start-sync-thread';
import { apiCalls } from '../testing/api-calls';
import { startDirectoryProcess, type DirectoryEntry, type DirectoryProcess } from '../testing/directory-process';
import { packedAdapter } from '../testing/packed-adapter';

jest.setTimeout(240_000);

const TOKEN = 'the-administrator-of-this-test';
const ORGANIZATION = 'acme';
const SECRET = 'the-token-of-the-directory';
/** More calls than are made; of five answers one is lost. */
const MANY = 1000;
const LOST_OF = 5;

const nameAndGroups = ({ name, groups }: DirectoryEntry): string => `${name}: ${groups?.map((group) => group.name).join() ?? ''}`;

describe('an adapter that was installed as a package of somebody else', () => {
  const folder = temporaryDirectory('custom-adapter');
  let directory: DirectoryProcess;
  let way: FaultProxy;
  let wami: Standalone;

  beforeAll(async () => {
    directory = await startDirectoryProcess(ORGANIZATION, SECRET);
    way = await startFaultProxy(directory.url);
    writeFileSync(join(folder, 'token'), SECRET);
    const connections = join(folder, 'connections.json');
    writeFileSync(connections, JSON.stringify({ connections: [{ provider: 'directory', account: ORGANIZATION, endpoint: way.url, credentials: { type: 'bearer', token: `file:${join(folder, 'token')}` } }] }));
    await newDataDirectory(join(folder, 'postgres'));
    wami = await startStandalone(readConfig(standaloneConfigSchema, {
      WAMI_DATA_DIR: folder, WAMI_HTTP_PORT: '0', WAMI_ADMIN_TOKEN: TOKEN, WAMI_CONNECTIONS: connections, WAMI_ADAPTER: packedAdapter(join(folder, 'elsewhere')),
    }), silentLogger);
  });
  afterAll(async () => {
    await wami?.close();
    await way?.close();
    await directory?.stop();
    removeDirectory(folder);
  });

  const { call, make } = apiCalls(() => wami.url, TOKEN);
  const stateOf = async (id: string): Promise<SyncState | undefined> => (await call<SyncMap>('GET', `/v1/resources/${id}/sync`))['directory']?.[ORGANIZATION];
  const settled = async (...ids: string[]): Promise<void> => eventually(async () => expect((await Promise.all(ids.map(stateOf))).map((found) => found?.state)).toEqual(ids.map(() => 'Synced')));
  /** Whether a rename whose answer was lost still comes about is waited for first. */
  const gone = (id: string) => eventually(async () => expect(await stateOf(id)).toBeUndefined(), { timeoutMs: 90_000 });

  it('makes, renames and deletes people, groups and memberships there, though answers are lost all the time, and touches nothing of others', async () => {
    const [zoe, theirs] = [await directory.call('POST', '/users', { name: 'zoe' }), await directory.call('POST', '/groups', { name: 'theirs', labels: { 'managed-by': 'somebody' } })];
    await directory.call('PUT', `/groups/${theirs.id}/members/${zoe.id}`);
    const before = await directory.all();
    await call('POST', '/v1/tenants', { id: 'acme', name: 'Acme' });
    await call('PUT', '/v1/tenants/acme/sync-config', { providers: [{ provider: 'directory', account: ORGANIZATION }], retry: { maxRetries: 20, baseDelayMs: 50, maxDelayMs: 500 } });
    for (let answer = 2; answer <= MANY; answer += LOST_OF) way.at(answer, 'lost-answer');

    const ann = await make('users', { userName: 'ann', displayName: 'Ann', email: 'ann@example.com', tags: { team: 'core' } });
    const bob = await make('users', { userName: 'bob' });
    const admins = await make('groups', { groupName: 'admins' });
    for (const user of [ann, bob]) await call('PUT', `/v1/groups/${admins}/members/${user}`);
    await eventually(async () => expect((await directory.all()).users.map(nameAndGroups)).toEqual(['ann: admins', 'bob: admins', 'zoe: theirs']));
    await settled(ann, bob, admins);
    const made = (await directory.all()).users.find(({ name }) => name === 'ann');
    expect(made).toMatchObject({ displayName: 'Ann', email: 'ann@example.com', labels: { team: 'core', 'managed-by': 'wami', 'wami-instance': 'local', 'wami-tenant': 'acme', 'wami-id': ann, 'wami-kind': 'user' } });

    await call('PATCH', `/v1/users/${ann}`, { userName: 'anna', tags: { team: 'edge' } });
    await call('PATCH', `/v1/groups/${admins}`, { groupName: 'owners' });
    await call('DELETE', `/v1/groups/${admins}/members/${bob}`);
    await eventually(async () => expect((await directory.all()).users.map(nameAndGroups)).toEqual(['anna: owners', 'bob: ', 'zoe: theirs']));
    await settled(ann, bob, admins);
    expect((await directory.all()).users.find(({ name }) => name === 'anna')).toMatchObject({ id: made?.id, labels: { team: 'edge', 'wami-id': ann } });

    for (const path of [`users/${bob}`, `groups/${admins}`, `users/${ann}`]) await call('DELETE', `/v1/${path}`);
    await Promise.all([gone(bob), gone(admins), gone(ann)]);
    expect(await directory.all()).toEqual(before);
    expect(way.calls()).toBeLessThan(MANY);
    expect(way.calls()).toBeGreaterThan(4 * LOST_OF);
    way.heal();
  });

  it('leaves a name that somebody else holds alone, and says why what it cannot hold is not there', async () => {
    const before = await directory.all();
    const zoe = await make('users', { userName: 'Zoe' });
    await eventually(async () => expect(await stateOf(zoe)).toMatchObject({ state: 'Failed', error: { code: 'Conflict' } }));
    const robot = await make('service-accounts', { accountName: 'robot' });
    await eventually(async () => expect(await stateOf(robot)).toMatchObject({ state: 'Skipped', reason: 'the directory holds people only' }));
    expect(await directory.all()).toEqual(before);
  });

  it('whose package is not there stops the start with what to do', async () => {
    const start = startSyncThread(
      { databaseUrl: '', sealKey: new Uint8Array(32), http: { port: 0, host: '' }, instance: 'local', folder, sandboxes: [], adapter: '@acme/wami-absent' },
      { keys: { find: () => Promise.resolve(new Map()) }, health: new HealthRegistry(), metrics: new Metrics(), logger: silentLogger },
    );
    await expect(start).rejects.toThrow(StartupError);
    await expect(start).rejects.toThrow(/^WAMI_ADAPTER: @acme\/wami-absent is not there, as seen from .*\. Install it there \(npm install @acme\/wami-absent\), or name another one\.$/);
  });
});

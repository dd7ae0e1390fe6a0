import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SyncMap } from '@wami/contracts';
import { removeDirectory, servicesApart, temporaryDirectory, type ServicesApart } from '@wami/testing';
import { startDirectoryProcess, type DirectoryProcess } from '../testing/directory-process';

jest.setTimeout(120_000);

const ORGANIZATION = 'acme';
const SECRET = 'the-token-of-the-directory';

describe('sync-custom as a process of its own', () => {
  const folder = temporaryDirectory('sync-custom');
  let directory: DirectoryProcess;
  let wami: ServicesApart;

  beforeAll(async () => {
    directory = await startDirectoryProcess(ORGANIZATION, SECRET);
    const connection = { provider: 'directory', account: ORGANIZATION, endpoint: directory.url, credentials: { type: 'bearer', token: 'env:DIRECTORY_SECRET' } };
    wami = await servicesApart({ log: 'postgres', connections: JSON.stringify({ connections: [connection] }), env: { DIRECTORY_SECRET: SECRET } });
    wami.identity.start();
    await wami.identity.ready();
  }, 300_000);
  afterAll(async () => {
    await wami?.stop();
    await directory?.stop();
    removeDirectory(folder);
  }, 60_000);

  it('brings what its package is for to agree', async () => {
    const sync = await wami.another('sync-custom', { WAMI_ADAPTER: '@wami/example-custom-adapter' });
    sync.start();
    await sync.ready();
    await wami.call(wami.identity, 'POST', '/v1/tenants', { id: 'acme', name: 'Acme' });
    await wami.call(wami.identity, 'PUT', '/v1/tenants/acme/sync-config', { providers: [{ provider: 'directory', account: ORGANIZATION }] });
    const { status, body } = await wami.call<{ sync?: SyncMap }>(wami.identity, 'POST', '/v1/users', { tenant: 'acme', userName: 'ann' }, { prefer: 'wait=30' });
    expect([status, body.sync?.['directory']?.[ORGANIZATION]]).toEqual([201, expect.objectContaining({ state: 'Synced' })]);
    expect((await directory.all()).users.map(({ name }) => name)).toEqual(['ann']);
    await sync.stop();
  });

  it('does not take over what another adapter left in its schema', async () => {
    const another = join(folder, 'another');
    mkdirSync(another);
    writeFileSync(join(another, 'index.js'), `exports.wamiAdapter = { portVersion: 1, create: () => ({
      provider: 'another', capabilities: [{ kind: 'user', supported: false, reason: 'it holds nothing' }], connect() { throw new Error('it is never connected'); },
    }) };`);
    const sync = await wami.another('sync-custom', { WAMI_ADAPTER: another });
    sync.start();
    await expect(sync.ready()).rejects.toThrow('sync-custom holds the state of directory in this database, and its adapter is now for another');
  });

  it('whose package is not there says what to do, in one line, and ends', async () => {
    const sync = await wami.another('sync-custom', { WAMI_ADAPTER: '@acme/wami-absent' });
    sync.start();
    await expect(sync.ready()).rejects.toThrow('ended before it was ready');
    expect(sync.said()).toMatch(/^wami: WAMI_ADAPTER: @acme\/wami-absent is not there, .*\n$/);
  });
});

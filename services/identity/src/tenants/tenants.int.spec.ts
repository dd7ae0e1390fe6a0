import { patiently as eventually, worldForAll } from '@wami/testing';
import { ACME_TOKEN, IdentityWorld } from '../testing/identity-world';

const at = (path: string): string => `/v1/tenants/${encodeURIComponent(path)}`;
const AWS = { provider: 'aws', account: '000000000001' };

jest.setTimeout(60_000);

describe('tenants over HTTP', () => {
  let world: IdentityWorld;
  worldForAll(IdentityWorld.start, (started) => {
    world = started;
  });

  const create = (id: string, more: object = {}) => world.create('tenants', { id, name: id, ...more });
  const status = async (method: string, path: string, body?: unknown, token?: string): Promise<unknown[]> => {
    const answer = await world.call(method, path, body, token ? { token } : {});
    return [answer.status, answer.body['code']];
  };

  it('creates a tenant and, below it, a child that is named by its encoded path', async () => {
    await create('north');
    const answer = await world.call('POST', '/v1/tenants', { id: 'north/eng', name: 'Engineering', metadata: { cost: '17' } });
    expect([answer.status, answer.headers.get('location'), answer.headers.get('etag')]).toEqual([201, '/v1/tenants/north%2Feng', '"1"']);
    expect(answer.body).toMatchObject({ id: 'north/eng', name: 'Engineering', parent: 'north', status: 'active', version: 1, metadata: { cost: '17' }, quotas: {}, providerAccounts: [] });
    expect(answer.body['arn']).toMatch(/^arn:wami:iam:north\/eng:wami:test:tenant\/ten_/);
    expect((await world.call('GET', at('north/eng'))).body).toEqual(answer.body);
  });

  it('wants the parent to be there, and each path once', async () => {
    expect(await status('POST', '/v1/tenants', { id: 'nobody/x', name: 'x' })).toEqual([404, 'NotFound']);
    expect(await status('POST', '/v1/tenants', { id: 'north', name: 'x' })).toEqual([409, 'NameTaken']);
    expect(await status('POST', '/v1/tenants', { id: 'North', name: 'x' })).toEqual([422, 'ValidationFailed']);
  });

  it('merges a patch', async () => {
    await create('patched', { metadata: { a: '1', b: '2' } });
    const answer = await world.call('PATCH', at('patched'), { name: 'New', metadata: { a: null, c: '3' } });
    expect([answer.status, answer.body['name'], answer.body['metadata']]).toEqual([200, 'New', { b: '2', c: '3' }]);
    expect((await world.call('PATCH', at('patched'), { name: 'Newer' }, { headers: { 'if-match': '"1"' } })).status).toBe(412);
  });

  it('refuses to delete what holds anything, deletes what is empty, and frees the path', async () => {
    await create('full');
    await create('full/child');
    expect(await status('DELETE', at('full'))).toEqual([409, 'TenantNotEmpty']);
    expect((await status('DELETE', at('full/child')))[0]).toBe(204);
    const user = await world.create('users', { tenant: 'full', userName: 'ann' });
    expect(await status('DELETE', at('full'))).toEqual([409, 'TenantNotEmpty']);
    const group = await world.create('groups', { tenant: 'full', groupName: 'g' });
    await world.call('PUT', `/v1/groups/${group}/members/${user}`);
    for (const path of [`/v1/users/${user}`, `/v1/groups/${group}`]) await world.call('DELETE', path);
    expect((await status('DELETE', at('full')))[0]).toBe(204);
    expect(await status('GET', at('full'))).toEqual([404, 'NotFound']);
    expect(await status('POST', '/v1/users', { tenant: 'full', userName: 'ann' })).toEqual([404, 'NotFound']);
    await create('full');
    expect((await world.call('GET', at('full'))).body['version']).toBe(1);
  });

  it('deletes by force, as a job, everything from below; the path is taken until all is gone', async () => {
    await create('doomed');
    await create('doomed/a');
    await create('doomed/a/b');
    const user = await world.create('users', { tenant: 'doomed/a/b', userName: 'ann' });
    const group = await world.create('groups', { tenant: 'doomed', groupName: 'g' });
    await world.call('PUT', `/v1/groups/${group}/members/${user}`);
    const answer = await world.call('DELETE', `${at('doomed')}?force=true`);
    expect(answer.status).toBe(202);
    expect(answer.body['job']).toMatch(/^job_/);
    await eventually(async () => (await world.call('GET', at('doomed'))).status === 404, { describe: 'the tenant is gone' });
    for (const path of [at('doomed/a'), at('doomed/a/b'), `/v1/users/${user}`, `/v1/groups/${group}`]) expect((await world.call('GET', path)).status).toBe(404);
    const types = (await world.store.readLog('0.0', 1000)).events.filter(({ tenant }) => tenant.startsWith('doomed')).map(({ type, tenant }) => `${type} ${tenant}`);
    expect(types.slice(-3)).toEqual(['wami.tenant.deleted.v1 doomed/a/b', 'wami.tenant.deleted.v1 doomed/a', 'wami.tenant.deleted.v1 doomed']);
    await create('doomed');
  });

  it('takes nothing in while it is deleted by force, and names the same job again', async () => {
    await create('going');
    await create('going/child');
    await world.pool.query('ALTER TABLE identity.housekeeping_tasks ADD CONSTRAINT held CHECK (due_at > now() + interval \'1 year\') NOT VALID');
    try {
      const first = await world.call('DELETE', `${at('going')}?force=true`);
      expect(first.status).toBe(202);
      expect((await world.call('DELETE', `${at('going')}?force=true`)).body).toEqual(first.body);
      expect((await world.call('GET', at('going'))).body['status']).toBe('deleting');
      expect(await status('POST', '/v1/users', { tenant: 'going/child', userName: 'x' })).toEqual([409, 'TenantDeleting']);
      expect(await status('POST', '/v1/tenants', { id: 'going/new', name: 'x' })).toEqual([409, 'TenantDeleting']);
      expect(await status('POST', '/v1/tenants', { id: 'going', name: 'x' })).toEqual([409, 'NameTaken']);
    } finally {
      await world.pool.query('ALTER TABLE identity.housekeeping_tasks DROP CONSTRAINT held');
    }
    await eventually(async () => (await world.call('GET', at('going'))).status === 404, { describe: 'the tenant is gone' });
  });

  it('lists by path, in pages, what was written when the query arrived', async () => {
    await create('list');
    for (const child of ['c', 'a', 'b']) await create(`list/${child}`);
    await create('list/a/deep');
    const pages: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await world.call('GET', `/v1/tenants?parent=list&limit=2${cursor && `&cursor=${cursor}`}`);
      pages.push((body['items'] as { id: string }[]).map(({ id }) => id));
      cursor = String(body['nextCursor'] ?? '');
    } while (cursor !== '');
    expect(pages).toEqual([['list/a', 'list/b'], ['list/c']]);
    expect(await status('GET', '/v1/tenants?parent=list&cursor=bm9wZQ')).toEqual([400, 'MalformedRequest']);
    expect(await status('GET', '/v1/tenants?limit=0')).toEqual([422, 'ValidationFailed']);
    expect(await status('GET', '/v1/tenants?parent=unknown')).toEqual([404, 'NotFound']);
  });

  it('shows a caller its own tenant and what is below, and nothing else', async () => {
    for (const id of ['acme', 'acme/eng', 'acmeother']) await create(id);
    const { body } = await world.call('GET', '/v1/tenants', undefined, { token: ACME_TOKEN });
    expect((body['items'] as { id: string }[]).map(({ id }) => id)).toEqual(['acme', 'acme/eng']);
    for (const [method, path, more] of [['GET', at('acmeother')], ['DELETE', at('acmeother')], ['DELETE', `${at('acmeother')}?force=true`],
      ['PUT', `${at('acmeother')}/sync-config`, {}], ['GET', `${at('acmeother')}/sync-config`], ['POST', '/v1/tenants', { id: 'zzz', name: 'x' }]] as const) {
      expect([method, path, ...await status(method, path, more, ACME_TOKEN)]).toEqual([method, path, 404, 'NotFound']);
    }
  });

  describe('sync-config', () => {
    const config = async (path: string): Promise<Record<string, unknown>> => (await world.call('GET', `${at(path)}/sync-config`)).body;

    it('is inherited; what is left out of a PUT too', async () => {
      for (const id of ['top', 'top/mid', 'top/mid/low']) await create(id);
      expect(await config('top/mid/low')).toMatchObject({ providers: [], conflictResolution: 'fail', direction: 'push', own: {}, effective: { retry: { maxRetries: 8 } } });
      const put = await world.call('PUT', `${at('top')}/sync-config`, { providers: [AWS], conflictResolution: 'skip' });
      expect([put.status, put.headers.get('etag')]).toEqual([200, '"2"']);
      await world.call('PUT', `${at('top/mid')}/sync-config`, { retry: { maxRetries: 3 }, kinds: { user: { deletionPolicy: 'orphan' } } });
      const low = await config('top/mid/low');
      expect(low).toMatchObject({ providers: [AWS], conflictResolution: 'skip', retry: { maxRetries: 3, baseDelayMs: 500 }, deletionPolicy: 'delete', kinds: { user: { deletionPolicy: 'orphan' } }, own: {} });
      expect(low['effective']).toMatchObject({ providers: [AWS] });
      await world.call('PUT', `${at('top/mid')}/sync-config`, { providers: [] });
      expect(await config('top/mid/low')).toMatchObject({ providers: [], retry: { maxRetries: 8 } });
    });

    it('obeys If-Match, refuses what it does not know, and keeps quiet where nothing changes', async () => {
      await create('conf');
      const put = (body: unknown, headers = {}) => world.call('PUT', `${at('conf')}/sync-config`, body, { headers });
      expect((await put({ providers: [AWS] }, { 'if-match': '"1"' })).status).toBe(200);
      expect((await put({ providers: [AWS] }, { 'if-match': '"1"' })).status).toBe(412);
      expect((await put({ providers: [AWS] })).headers.get('etag')).toBe('"2"');
      const bad = await put({ providers: [{ provider: 'AWS', account: '' }], direction: 'sideways', more: 1, kinds: { user: { deletionPolicy: 'keep' }, cat: {} } });
      expect(bad.status).toBe(422);
      expect([...new Set((bad.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer))].sort()).toEqual(['/direction', '/kinds/cat', '/kinds/user/deletionPolicy', '/more', '/providers/0/account', '/providers/0/provider']);
    });
  });
});

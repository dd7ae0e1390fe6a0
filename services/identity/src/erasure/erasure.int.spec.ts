import { patiently as eventually, worldForAll } from '@wami/testing';
import type { SubjectKeys } from '../ports';
import { ACME_TOKEN, EDITOR_TOKEN, IdentityWorld, OTHER_TOKEN } from '../testing/identity-world';

jest.setTimeout(60_000);

/** The keys, watched: says in which transaction one was destroyed, and fails where a test wants it to. */
class WatchedKeys {
  readonly destroyed: { readonly subject: string; readonly tx: string }[] = [];
  failure: Error | undefined;

  readonly around = (keys: SubjectKeys): SubjectKeys => ({
    destroy: async (transaction, owned) => {
      if (this.failure) throw this.failure;
      const { rows: [row] } = await transaction.query<{ tx: string }>('SELECT pg_current_xact_id()::text AS tx');
      this.destroyed.push({ subject: owned.subject, tx: row?.tx ?? '' });
      await keys.destroy(transaction, owned);
    },
  });
}

describe('erasing a user', () => {
  const keys = new WatchedKeys();
  let world: IdentityWorld;
  worldForAll((url) => IdentityWorld.start(url, undefined, keys.around), async (started) => {
    world = started;
    for (const id of ['acme', 'other']) await world.create('tenants', { id, name: id });
  });

  let number = 0;
  const ann = async (more: object = {}): Promise<{ id: string; userName: string }> => {
    const userName = `ann-${++number}`;
    return { userName, id: await world.create('users', { tenant: 'acme', userName, displayName: 'Ann Smith', email: 'ann@example.org', ...more }) };
  };
  const erase = (id: string, more: Parameters<IdentityWorld['call']>[3] = {}, query = '') => world.call('DELETE', `/v1/users/${id}?erase=true${query}`, undefined, more);
  const typesOf = async (id: string): Promise<string[]> => (await world.store.readStream(id)).map(({ type }) => type);
  const TYPES = ['wami.user.created.v1', 'wami.user.deleted.v1', 'wami.subject.erased.v1'];

  it('deletes, says so, and destroys the key, in one transaction', async () => {
    const { id, userName } = await ann();
    const answer = await erase(id);
    expect([answer.status, answer.headers.get('wami-position')]).toEqual([204, expect.any(String)]);
    const events = await world.store.readStream(id);
    expect(events.map(({ type }) => type)).toEqual(TYPES);
    expect(events.at(-1)).toMatchObject({ key: id, tenant: 'acme', data: { kind: 'user' }, personal: {}, meta: { actor: 'admin' } });
    const [deletedIn, erasedIn] = events.slice(1).map(({ position }) => position.split('.')[0]);
    expect(keys.destroyed.at(-1)).toEqual({ subject: id, tx: erasedIn });
    expect(deletedIn).toBe(erasedIn);
    expect((await world.call('GET', `/v1/users/${id}`)).status).toBe(404);
    expect((await world.call('POST', '/v1/users', { tenant: 'acme', userName })).status).toBe(201);
  });

  it('erases nothing where the key cannot be destroyed', async () => {
    const { id } = await ann();
    keys.failure = new Error('the keys are away');
    try {
      expect((await erase(id)).status).toBe(500);
    } finally {
      keys.failure = undefined;
    }
    expect(await typesOf(id)).toEqual(['wami.user.created.v1']);
    expect((await erase(id)).status).toBe(204);
  });

  it('erases who was deleted before, by id', async () => {
    const { id } = await ann();
    await world.call('DELETE', `/v1/users/${id}`);
    expect((await erase(id)).status).toBe(204);
    expect(await typesOf(id)).toEqual(TYPES);
    expect(keys.destroyed.at(-1)).toMatchObject({ subject: id });
  });

  it('does nothing the second time, however it is asked', async () => {
    const { id } = await ann();
    await erase(id);
    const [destroyed, head] = [keys.destroyed.length, await world.store.head()];
    expect((await erase(id)).status).toBe(204);
    expect(await erase(id, { headers: { prefer: 'wait=1' } })).toMatchObject({ status: 200, body: { sync: {} } });
    expect((await erase(id, { headers: { 'idempotency-key': 'again' } })).status).toBe(204);
    expect((await erase(id, {}, '&dryRun=true')).status).toBe(204);
    expect([keys.destroyed.length, await world.store.head()]).toEqual([destroyed, head]);
    expect((await world.call('DELETE', `/v1/users/${id}`)).status).toBe(404);
  });

  it('lets one of many that come at once do it', async () => {
    const { id } = await ann();
    const before = keys.destroyed.length;
    const answers = await Promise.all(Array.from({ length: 10 }, () => erase(id)));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(10).fill(204));
    expect(await typesOf(id)).toEqual(TYPES);
    expect(keys.destroyed.length).toBe(before + 1);
  });

  it('is done once under one key, also where twenty ask at once', async () => {
    const { id } = await ann();
    const answers = await Promise.all(Array.from({ length: 20 }, () => erase(id, { headers: { 'idempotency-key': 'erase-once' } })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect(await typesOf(id)).toEqual(TYPES);
  });

  it('writes nothing on a dry run', async () => {
    const { id } = await ann();
    const before = keys.destroyed.length;
    expect((await erase(id, {}, '&dryRun=true')).status).toBe(204);
    expect([await typesOf(id), keys.destroyed.length]).toEqual([['wami.user.created.v1'], before]);
  });

  it('minds If-Match', async () => {
    const { id } = await ann();
    expect((await erase(id, { headers: { 'if-match': '"7"' } })).status).toBe(412);
    expect((await erase(id, { headers: { 'if-match': '"1"' } })).status).toBe(204);
  });

  it('takes the role that configures, which is told before anything is looked up; deleting alone does not', async () => {
    const { id } = await ann();
    for (const which of [id, 'usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y']) {
      expect(await erase(which, { token: EDITOR_TOKEN })).toMatchObject({ status: 403, body: { params: { needs: 'configure', roles: ['admin'] } } });
    }
    expect((await world.call('DELETE', `/v1/users/${id}?erase=TRUE`, undefined, { token: EDITOR_TOKEN })).status).toBe(403);
    const inBatch = await world.call('POST', '/v1/batch', { operations: [{ method: 'DELETE', path: `/v1/users/${id}?erase=true` }] }, { token: EDITOR_TOKEN });
    expect(inBatch.body).toMatchObject({ results: [{ status: 403 }] });
    expect(await typesOf(id)).toEqual(['wami.user.created.v1']);
    expect((await world.call('DELETE', `/v1/users/${id}?erase=false`, undefined, { token: EDITOR_TOKEN })).status).toBe(204);
    expect((await erase(id, { token: ACME_TOKEN })).status).toBe(204);
  });

  it('answers 404 of what is another tenant’s, whether it is there, deleted or erased', async () => {
    const { id } = await ann();
    expect((await erase(id, { token: OTHER_TOKEN })).status).toBe(404);
    await world.call('DELETE', `/v1/users/${id}`);
    expect((await erase(id, { token: OTHER_TOKEN })).status).toBe(404);
    await erase(id);
    const [theirs, nobodys] = [await erase(id, { token: OTHER_TOKEN }), await erase('usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y', { token: OTHER_TOKEN })];
    expect({ ...theirs.body, requestId: '', instance: '' }).toEqual({ ...nobodys.body, requestId: '', instance: '' });
    expect(await typesOf(id)).toEqual(TYPES);
  });

  it('answers a repeated command without a name', async () => {
    const headers = { 'idempotency-key': 'made-once' };
    const body = { tenant: 'acme', userName: 'planted-name', displayName: 'Planted Name', email: 'planted@example.org' };
    const made = await world.call('POST', '/v1/users', body, { headers });
    const id = String(made.body['id']);
    await world.call('PATCH', `/v1/users/${id}`, { userName: 'planted-again' }, { headers: { 'idempotency-key': 'renamed-once' } });
    await erase(id);
    const again = await world.call('POST', '/v1/users', body, { headers });
    expect(again.body).toEqual({ id, arn: made.body['arn'], version: 1, tenant: 'acme', userName: '', path: '/', tags: {} });
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    const renamed = await world.call('PATCH', `/v1/users/${id}`, { userName: 'planted-again' }, { headers: { 'idempotency-key': 'renamed-once' } });
    expect(JSON.stringify([again.body, renamed.body])).not.toMatch(/planted/i);
  });

  it('keeps no Idempotency-Key as it was written', async () => {
    await world.call('POST', '/v1/users', { tenant: 'acme', userName: 'keyed' }, { headers: { 'idempotency-key': 'create-planted-key' } });
    const { rows } = await world.pool.query<{ text: string }>('SELECT k::text AS text FROM identity.idempotency k');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ text }) => text.includes('planted-key'))).toEqual([]);
  });

  it('with Prefer: wait answers when the clouds have answered the deletion', async () => {
    await world.call('PUT', '/v1/tenants/acme/sync-config', { providers: [{ provider: 'aws', account: '000000000001' }] });
    const { id } = await ann();
    const waiting = erase(id, { headers: { prefer: 'wait=20' } });
    await eventually(async () => expect(await typesOf(id)).toEqual(TYPES));
    await world.cloud.succeeded({ resource: id, intent: (await world.store.readStream(id))[1]?.position ?? '', operation: 'delete' });
    expect(await waiting).toMatchObject({ status: 200, body: { sync: {} } });
  });
});

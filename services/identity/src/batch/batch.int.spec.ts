import { decodePosition, type BatchResult, type RecordedEvent } from '@wami/contracts';
import { patiently as eventually, worldForAll } from '@wami/testing';
import { IdentityWorld } from '../testing/identity-world';

jest.setTimeout(60_000);

describe('batches', () => {
  let world: IdentityWorld;
  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    await world.create('tenants', { id: 'acme', name: 'Acme' });
  });

  const batch = async (operations: readonly object[], headers: Record<string, string> = {}, query = '') => {
    const answer = await world.call('POST', `/v1/batch${query}`, { operations }, { headers });
    return { ...answer, results: (answer.body as unknown as BatchResult).results as { status: number; headers: Record<string, string>; body: Record<string, unknown> | null }[] };
  };
  const create = (userName: string, more: object = {}) => ({ method: 'POST', path: '/v1/users', body: { tenant: 'acme', userName }, ...more });

  it('answers each operation in order; one that fails leaves the others', async () => {
    const { status, results } = await batch([
      create('b1'), create('B1'), { method: 'POST', path: '/v1/groups', body: { tenant: 'acme', groupName: 'g' } }, create('b2', { body: { tenant: 'acme' } }),
      { method: 'DELETE', path: '/v1/users/usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y' }, { method: 'POST', path: '/v1/nothing', body: {} },
    ]);
    expect(status).toBe(200);
    expect(results.map(({ status: one }) => one)).toEqual([201, 409, 201, 422, 404, 404]);
    expect(results[0]).toMatchObject({ headers: { etag: '"1"', location: expect.stringMatching(/^\/v1\/users\/usr_/) as string, 'wami-position': expect.any(String) as string }, body: { userName: 'b1' } });
    expect(results[1]?.body).toMatchObject({ code: 'NameTaken' });
    const user = String(results[0]?.body?.['id']);
    const group = String(results[2]?.body?.['id']);
    const second = await batch([
      { method: 'PUT', path: `/v1/groups/${group}/members/${user}` }, { method: 'PUT', path: `/v1/groups/${group}/members/${user}` },
      { method: 'PATCH', path: `/v1/users/${user}`, body: { displayName: 'B' } }, { method: 'DELETE', path: `/v1/groups/${group}` },
    ]);
    expect(second.results.map(({ status: one, body }) => [one, body === null])).toEqual([[201, false], [204, true], [200, false], [204, true]]);
    expect(second.headers.get('wami-position')).toBe(second.results[3]?.headers['wami-position']);
    expect((await batch([{ method: 'POST', path: '/v1/nothing', body: {} }])).headers.get('wami-position')).toBeNull();
  });

  it('takes a thousand, keeps the order of what depends on it, and tells each its own answer', async () => {
    const names = Array.from({ length: 1000 }, (_, i) => `many-${i}`);
    const { results } = await batch(names.map((name) => create(name)));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set([201]));
    expect(results.map(({ body }) => body?.['userName'])).toEqual(names);
    expect((await world.call('POST', '/v1/batch', { operations: [...names, 'one more'].map((name) => create(name)) })).status).toBe(422);
  });

  it('does each operation once under its key, and all of them under the key of the batch', async () => {
    const keyed = await batch([create('k1', { idempotencyKey: 'op-1' }), create('k1', { idempotencyKey: 'op-1' }), create('k2', { idempotencyKey: 'op-1' })]);
    expect(keyed.results.map(({ status, body }) => [status, body?.['id'] === keyed.results[0]?.body?.['id']])).toEqual([[201, true], [201, true], [422, false]]);
    const headers = { 'idempotency-key': 'batch-1' };
    const [first, again] = [await batch([create('k3'), create('k4')], headers), await batch([create('k3'), create('k4')], headers)];
    expect(first.results.map(({ status }) => status)).toEqual([201, 201]);
    expect(again.results.map(({ body }) => body)).toEqual(first.results.map(({ body }) => body));
  });

  it('writes nothing for a dry run', async () => {
    const head = await world.store.head();
    const { results } = await batch([create('dry'), { method: 'POST', path: '/v1/groups?dryRun=false', body: { tenant: 'acme', groupName: 'dry' } }], {}, '?dryRun=true');
    expect(results.map(({ status }) => status)).toEqual([201, 201]);
    expect(await world.store.head()).toBe(head);
  });

  it('hands the correlation on, and acts as the caller', async () => {
    const { results } = await batch([create('corr')], { 'x-correlation-id': 'import-9' });
    const [event] = await world.store.readStream(String(results[0]?.body?.['id']));
    expect(event?.meta).toMatchObject({ correlationId: 'import-9', actor: 'admin' });
  });

  it.each([
    ['a batch inside', [{ method: 'POST', path: '/v1/batch', body: { operations: [] } }]], ['a batch inside, spelt otherwise', [{ method: 'POST', path: '/v1/%62atch', body: { operations: [create('x')] } }]],
  ])('refuses %s', async (_name, operations) => {
    const { results } = await batch(operations);
    expect(results.map(({ status }) => status)).toEqual([422]);
  });

  it.each([
    ['no operation', []], ['a read', [{ method: 'GET', path: '/v1/users/x' }]], ['another origin', [{ method: 'POST', path: 'http://example.com/v1/users' }]],
    ['a path outside of the API', [{ method: 'POST', path: '/internal/x' }]], ['an unknown field', [{ method: 'POST', path: '/v1/users', token: 'x' }]],
  ])('refuses as a whole: %s', async (_name, operations) => {
    expect((await world.call('POST', '/v1/batch', { operations })).status).toBe(422);
  });

  it.each(['/v1/users/%zz', '/v1/../health/live', '/v1/users/a b', '/v1/users\r\nx: y', '/v1/\u0001', '/v1//users', '/v1/users?x=1'])('answers %j without breaking', async (path) => {
    const { status, results } = await batch([{ method: 'PATCH', path, body: {} }]);
    expect(status).toBe(200);
    expect(results[0]?.status).toBeGreaterThanOrEqual(400);
    expect(results[0]?.status).toBeLessThan(500);
  });

  it('waits for all its operations together', async () => {
    await world.call('PUT', '/v1/tenants/acme/sync-config', { providers: [{ provider: 'aws', account: '000000000001' }] });
    const head = await world.store.head();
    const answer = batch([create('w1'), create('w2'), create('w2')], { prefer: 'wait=10' });
    const written = await eventually(async (): Promise<readonly RecordedEvent[]> => {
      const { events } = await world.store.readLog(head, 10);
      expect(events).toHaveLength(2);
      return events;
    });
    for (const { key, position } of written) await world.cloud.succeeded({ resource: key, intent: position });
    const { results, headers } = await answer;
    expect(headers.get('preference-applied')).toBe('wait=10');
    expect(results.map(({ body }) => (body?.['sync'] as { aws: Record<string, { state: string }> } | undefined)?.aws['000000000001']?.state)).toEqual(['Synced', 'Synced', undefined]);
    expect(decodePosition(results[0]?.headers['wami-position'] ?? '')?.['identity']).toBeTruthy();
  });
});

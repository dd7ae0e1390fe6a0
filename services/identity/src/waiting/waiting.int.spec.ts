import { decodePosition, type SyncMap } from '@wami/contracts';
import { patiently as eventually, worldForAll } from '@wami/testing';
import { IdentityWorld, type Answer } from '../testing/identity-world';

const ACCOUNT = '000000000001';
const SECOND = '000000000002';
/** Seconds in which what was said meanwhile is surely heard. */
const ENOUGH_TO_HEAR = 3;

jest.setTimeout(60_000);

describe('Prefer: wait', () => {
  let world: IdentityWorld;
  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    await world.create('tenants', { id: 'acme', name: 'Acme' });
    await world.create('tenants', { id: 'acme/two', name: 'Two' });
    await world.create('tenants', { id: 'alone', name: 'Alone' });
    await world.call('PUT', '/v1/tenants/acme/sync-config', { providers: [{ provider: 'aws', account: ACCOUNT }] });
    await world.call('PUT', '/v1/tenants/acme%2Ftwo/sync-config', { providers: [{ provider: 'aws', account: ACCOUNT }, { provider: 'aws', account: SECOND }] });
  });

  let number = 0;
  const wait = (seconds: number) => ({ headers: { prefer: `wait=${seconds}` } });
  const positionOf = ({ headers }: Answer): string => decodePosition(headers.get('wami-position') ?? '')?.['identity'] ?? '';
  const sync = ({ body }: Answer): SyncMap => body['sync'] as SyncMap;
  /** Sends a write that waits, and hands out what was written before the answer comes. */
  const begin = async (method: string, path: string, body: unknown, seconds = 10) => {
    const head = await world.store.head();
    const answer = world.call(method, path, body, wait(seconds));
    const written = await eventually(async () => (await world.store.readLog(head, 10)).events.at(-1) ?? null, { describe: 'the write is stored' });
    if (!written) throw new Error('nothing was written');
    return { answer, intent: written.position, resource: written.key };
  };
  const createUser = (tenant = 'acme', more: object = {}) => world.create('users', { tenant, userName: `u${++number}`, ...more });
  const beginCreate = (tenant = 'acme', seconds = 10) => begin('POST', '/v1/users', { tenant, userName: `u${++number}` }, seconds);

  it('answers when the target settled, with its state', async () => {
    const { answer, intent, resource } = await beginCreate();
    await world.cloud.started({ resource, intent });
    await world.cloud.succeeded({ resource, intent });
    const created = await answer;
    expect([created.status, created.headers.get('preference-applied')]).toEqual([201, 'wait=10']);
    expect(sync(created)).toEqual({ aws: { [ACCOUNT]: expect.objectContaining({
      state: 'Synced', resource, kind: 'user', tenant: 'acme', provider: 'aws', account: ACCOUNT, operation: 'create', version: 1, nativeArn: expect.any(String) as string }) as object } });
  });

  it('waits for every chosen target, and for no other', async () => {
    const { answer, intent, resource } = await beginCreate('acme/two');
    await world.cloud.succeeded({ resource, intent, account: SECOND });
    await world.cloud.failed({ resource, intent });
    const { aws } = sync(await answer);
    expect([aws?.[ACCOUNT]?.state, aws?.[SECOND]?.state]).toEqual(['Failed', 'Synced']);
    const narrowed = await begin('POST', '/v1/users', { tenant: 'acme/two', userName: `u${++number}`, syncToProviders: [`aws/${SECOND}`] });
    await world.cloud.succeeded({ resource: narrowed.resource, intent: narrowed.intent, account: SECOND });
    expect(Object.keys(sync(await narrowed.answer)['aws'] ?? {})).toEqual([SECOND]);
  });

  it('does not take an older word for the answer', async () => {
    const { answer, intent, resource } = await beginCreate();
    await world.cloud.succeeded({ resource, intent });
    await answer;
    const patched = await begin('PATCH', `/v1/users/${resource}`, { displayName: 'X' }, 1);
    await world.cloud.succeeded({ resource, intent });
    const late = await patched.answer;
    expect([late.status, sync(late)['aws']?.[ACCOUNT]]).toEqual([200, expect.objectContaining({ state: 'Pending', operation: 'update' })]);
  });

  it('goes on waiting over a failure that is tried again', async () => {
    const { answer, intent, resource } = await beginCreate();
    await world.cloud.failed({ resource, intent }, '2030-01-01T00:00:00.000Z');
    // Whoever has the answer to a later outcome has heard the failure.
    const later = await beginCreate();
    await world.cloud.succeeded({ resource: later.resource, intent: later.intent });
    await later.answer;
    await world.cloud.succeeded({ resource, intent });
    expect(sync(await answer)['aws']?.[ACCOUNT]?.state).toBe('Synced');
  });

  it('tells of a failure that is tried again, when the time is up', async () => {
    const { answer, intent, resource } = await beginCreate('acme', ENOUGH_TO_HEAR);
    const nextRetryAt = '2030-01-01T00:00:00.000Z';
    await world.cloud.failed({ resource, intent }, nextRetryAt);
    const created = await answer;
    expect(created.status).toBe(201);
    expect(sync(created)['aws']?.[ACCOUNT]).toMatchObject({ state: 'Failed', nextRetryAt, error: { code: 'Conflict', message: 'it is there already' } });
  });

  it('answers at once where no cloud is asked for', async () => {
    const user = await world.call('POST', '/v1/users', { tenant: 'alone', userName: 'x' }, wait(60));
    expect([user.status, sync(user)]).toEqual([201, {}]);
    const tenant = await world.call('PATCH', '/v1/tenants/alone', { name: 'Y' }, wait(60));
    expect([tenant.status, sync(tenant)]).toEqual([200, {}]);
  });

  it('gives a deletion and a membership a body, and shows nothing once the deletion was carried out', async () => {
    const user = await createUser();
    const group = await world.create('groups', { tenant: 'acme', groupName: `g${++number}` });
    const added = await begin('PUT', `/v1/groups/${group}/members/${user}`, undefined);
    expect(added.resource).toBe(user);
    await world.cloud.succeeded({ resource: user, intent: added.intent, operation: 'update' });
    expect((await added.answer).body).toMatchObject({ groupId: group, sync: { aws: { [ACCOUNT]: { state: 'Synced', resource: user, operation: 'update' } } } });
    const again = await world.call('PUT', `/v1/groups/${group}/members/${user}`, undefined, wait(10));
    expect([again.status, Object.keys(again.body)]).toEqual([200, ['sync']]);
    const deleted = await begin('DELETE', `/v1/users/${user}`, undefined);
    await world.cloud.succeeded({ resource: user, intent: deleted.intent, operation: 'delete' });
    const gone = await deleted.answer;
    expect([gone.status, gone.body]).toEqual([200, { sync: {} }]);
    const pending = await world.call('DELETE', `/v1/groups/${group}`, undefined, wait(1));
    expect(sync(pending)['aws']?.[ACCOUNT]).toMatchObject({ state: 'Pending', operation: 'delete', kind: 'group' });
  });

  it('answers a repeated command from what was said meanwhile', async () => {
    const body = { tenant: 'acme', userName: `u${++number}` };
    const headers = { prefer: 'wait=10', 'idempotency-key': 'wait-again' };
    const first = await world.call('POST', '/v1/users', body, { headers: { 'idempotency-key': 'wait-again' } });
    await world.cloud.succeeded({ resource: String(first.body['id']), intent: positionOf(first) });
    const again = await world.call('POST', '/v1/users', body, { headers });
    expect([again.status, again.body['id'], sync(again)['aws']?.[ACCOUNT]?.state]).toEqual([201, first.body['id'], 'Synced']);
  });

  it('ends with the application', async () => {
    const { answer } = await beginCreate('acme', 60);
    await Promise.all([world.stopApp(), answer.then((created) => expect(sync(created)['aws']?.[ACCOUNT]?.state).toBe('Pending'))]);
    await world.startApp();
  });

  describe('sync verbs', () => {
    const post = (path: string, body: unknown, seconds?: number) => world.call('POST', path, body, seconds === undefined ? {} : wait(seconds));
    const jobs = async (after: string) => (await world.store.readLog(after, 100)).events.filter(({ type }) => type === 'wami.sync-job.requested.v1');

    it('are events that name verb, scope and targets; 202 with the job', async () => {
      const user = await createUser('acme/two');
      const head = await world.store.head();
      const now = await post('/v1/sync', { resources: [user], providers: ['aws'] });
      const retry = await post('/v1/sync/retry', { filter: { tenant: 'acme', state: 'Failed' }, maxRetries: 2 });
      const resolve = await post('/v1/sync/resolve', { resource: user, provider: 'aws', account: SECOND, strategy: 'overwrite' });
      for (const answer of [now, retry, resolve]) expect([answer.status, answer.headers.get('wami-position') === null]).toEqual([202, false]);
      const both = [{ provider: 'aws', account: ACCOUNT }, { provider: 'aws', account: SECOND }];
      const requested = (await jobs(head)).map(({ key, tenant, data }) => ({ key, tenant, data }));
      expect(requested).toEqual([
        { key: now.body['job'], tenant: '', data: { verb: 'sync', scope: '', resources: [user], targets: both } },
        { key: retry.body['job'], tenant: 'acme', data: { verb: 'retry', scope: '', filter: { tenant: 'acme', state: 'Failed' }, maxRetries: 2, targets: both } },
        { key: resolve.body['job'], tenant: '', data: { verb: 'resolve', scope: '', resources: [user], strategy: 'overwrite', targets: both.slice(1) } },
      ]);
    });

    it('answer with counts, and with the states of a single resource, where they waited', async () => {
      const user = await createUser();
      const { answer, intent } = await (async () => {
        const begun = await begin('POST', '/v1/sync', { resources: [`arn:wami:iam:acme:wami:test:user/${user}`] });
        const job = begun.resource;
        await world.cloud.accepted(job, 1);
        await world.cloud.succeeded({ resource: user, intent: begun.intent, operation: 'update', jobs: [job] });
        return begun;
      })();
      const done = await answer;
      expect(intent).toBeTruthy();
      expect([done.status, done.headers.get('preference-applied')]).toEqual([200, 'wait=10']);
      expect(done.body).toMatchObject({ retried: 1, succeeded: 1, failed: 0, stillPending: 0, sync: { aws: { [ACCOUNT]: { state: 'Synced' } } } });
    });

    it('do not wait for what is held, and count it', async () => {
      const [one, two] = [await createUser(), await createUser()];
      const { answer, resource: job, intent } = await begin('POST', '/v1/sync/retry', { filter: { tenant: 'acme', kind: 'user' } });
      await world.cloud.accepted(job, 2);
      await world.cloud.succeeded({ resource: one, intent, jobs: [job] });
      await world.cloud.waits({ resource: two, intent, jobs: [job] }, "the tenant's trigger onUpdate is off; ask for a sync to carry it out");
      const { status, body } = await answer;
      expect([status, body]).toEqual([200, expect.objectContaining({ job, retried: 2, succeeded: 1, failed: 0, stillPending: 1, held: 1 })]);
    });

    it('tell what is known when the time is up', async () => {
      const [one, two] = [await createUser(), await createUser()];
      const { answer, resource: job, intent } = await begin('POST', '/v1/sync/retry', { filter: { tenant: 'acme', kind: 'user' } }, ENOUGH_TO_HEAR);
      await world.cloud.accepted(job, 3);
      await world.cloud.succeeded({ resource: one, intent, jobs: [job] });
      await world.cloud.failed({ resource: two, intent, jobs: [job] });
      expect((await answer).body).toMatchObject({ job, retried: 3, succeeded: 1, failed: 1, stillPending: 1 });
    });

    it.each([
      ['/v1/sync', { resources: ['usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y'] }, 404], ['/v1/sync', { resources: ['arn:wami:iam:acme:wami:test:user/usr_x'] }, 404],
      ['/v1/sync', { resources: [] }, 422], ['/v1/sync', { filter: { tenant: 'unknown' } }, 404], ['/v1/sync', { filter: { state: 'Happy' } }, 422],
      ['/v1/sync/retry', { maxRetries: 0 }, 422], ['/v1/sync/resolve', { resource: 'x', provider: 'aws', strategy: 'blend' }, 422],
      ['/v1/sync/resolve', { resource: 'x', provider: 'aws', strategy: 'skip' }, 404],
    ])('%s refuses %j with %i', async (path, body, status) => {
      expect((await post(path, body)).status).toBe(status);
    });

    it('resolve only where the tenant is synced to', async () => {
      const user = await createUser();
      const answer = await post('/v1/sync/resolve', { resource: user, provider: 'gcp', strategy: 'skip' });
      expect([answer.status, answer.body['errors']]).toEqual([422, [expect.objectContaining({ pointer: '/provider' })]]);
    });
  });
});

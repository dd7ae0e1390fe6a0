import { isSealed, type NewEvent, type RecordedEvent } from '@wami/contracts';
import { inTransaction, openEventStore, PersonalData, type Append, type EventStore } from '@wami/event-store';
import { Secret, StartupError } from '@wami/platform';
import { worldForAll } from '@wami/testing';
import { IDENTITY_SCHEMA, IDENTITY_SOURCE } from '../identity.names';
import { ACME_TOKEN, IdentityWorld, MASTER_KEY, SERVICE_TOKEN, TOKEN } from '../testing/identity-world';
import { localMasterKey } from './master-key';
import { openSubjectKeys } from './open-subject-keys';

const META = { actor: 'test', correlationId: 'c' };
const OTHER_KEY = new Secret(Buffer.alloc(32, 'another'));
const PLANTED = { userName: 'planted.person', displayName: 'Planted Person', email: 'planted.person@example.com' };

const userCreated = (stream: string, key = stream): NewEvent => ({
  type: 'wami.user.created.v1', stream, key, tenant: 'acme/eng', subject: `arn:wami:iam:acme/eng:wami:test:user/${key}`, data: { path: '/', tags: {} }, personal: PLANTED,
});
const creation = (stream: string, key = stream): Append => ({ stream, tenant: 'acme/eng', expectedVersion: 0, events: [userCreated(stream, key)], meta: META });

jest.setTimeout(60_000);

describe('the keys of personal data', () => {
  let world: IdentityWorld;
  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    for (const id of ['acme', 'acme/eng', 'other']) await world.create('tenants', { id, name: id });
  });

  const rows = async <Row extends object>(text: string, ...values: unknown[]): Promise<Row[]> => (await world.pool.query<Row>(text, values)).rows;
  const keysOf = (...subjects: string[]) => rows<{ subject: string; wrapped: string | null }>(`SELECT subject, wrapped FROM identity.subject_keys WHERE subject = ANY($1)`, subjects);
  /** Another replica, which remembers nothing. */
  const replica = async (): Promise<{ store: EventStore; personal: PersonalData }> => {
    const { personal, nameKey } = await openSubjectKeys(world.pool, IDENTITY_SCHEMA, { current: localMasterKey(MASTER_KEY) });
    return { store: await openEventStore({ pool: world.pool, schema: IDENTITY_SCHEMA, source: IDENTITY_SOURCE, personal, nameKey }), personal };
  };
  const stored = async (stream: string): Promise<unknown[]> => (await rows<{ personal: unknown }>('SELECT personal FROM identity.events WHERE stream_id = $1 ORDER BY version', stream)).map(({ personal }) => personal);

  it('a user is stored sealed under a key that is made with it, and read as before, by every replica', async () => {
    const id = await world.create('users', { tenant: 'acme/eng', ...PLANTED });
    expect((await world.call('PATCH', `/v1/users/${id}`, { displayName: 'Planted Again' })).status).toBe(200);
    expect((await stored(id)).every(isSealed)).toBe(true);
    expect(await keysOf(id)).toHaveLength(1);
    const { store } = await replica();
    expect((await store.readStream(id)).map(({ personal }) => personal)).toEqual([PLANTED, { displayName: 'Planted Again' }]);
    expect((await world.call('GET', `/v1/users/${id}`)).body).toMatchObject({ ...PLANTED, displayName: 'Planted Again' });
    await store.close();
  });

  it('nothing that was planted stands in any table of identity', async () => {
    const { id } = (await world.call('POST', '/v1/users', { tenant: 'acme', userName: 'planted.twin', email: 'planted.twin@example.com' })).body;
    await world.call('POST', '/v1/groups', { tenant: 'acme', groupName: 'planted-group', displayName: 'planted' });
    await world.call('PATCH', `/v1/users/${String(id)}`, { userName: 'planted.twin.renamed' });
    for (const { table } of await rows<{ table: string }>(`SELECT table_name AS table FROM information_schema.tables WHERE table_schema = 'identity' AND table_type = 'BASE TABLE'`)) {
      const [found] = await rows<{ n: number }>(`SELECT count(*)::int AS n FROM identity."${table}" t WHERE t::text ILIKE '%planted%'`);
      expect([table, found?.n]).toEqual([table, 0]);
    }
  });

  it('50 first events of one subject on two replicas make one key, and all can be read', async () => {
    const [one, two] = [await replica(), await replica()];
    const streams = Array.from({ length: 50 }, (_, i) => `usr_race_${i}`);
    await Promise.all(streams.map((stream, i) => (i % 2 ? one : two).store.append(creation(stream, 'usr_raced'))));
    expect(await keysOf('usr_raced', ...streams)).toHaveLength(1);
    const { store } = await replica();
    const read = await Promise.all(streams.map((stream) => store.readStream(stream)));
    expect(read.map(([event]) => event?.personal)).toEqual(streams.map(() => PLANTED));
    expect((await stored('usr_race_0')).every(isSealed)).toBe(true);
    await Promise.all([one, two, { store }].map((each) => each.store.close()));
  });

  it('there is no key without an event: refused, rolled back, or only tried', async () => {
    await world.store.append(creation('usr_there'));
    await expect(world.store.append({ ...creation('usr_there'), events: [userCreated('usr_there', 'usr_refused')] })).rejects.toThrow('VersionConflict');
    await expect(inTransaction(world.pool, async (client) => {
      await world.store.appendIn(client, [creation('usr_rolled_back')]);
      throw new Error('no');
    })).rejects.toThrow('no');
    const dry = await world.call('POST', '/v1/users?dryRun=true', { tenant: 'acme', userName: 'dry-run' });
    expect(dry.status).toBeLessThan(300);
    expect(await keysOf('usr_refused', 'usr_rolled_back', String(dry.body['id']))).toEqual([]);
    expect(await keysOf('usr_there')).toHaveLength(1);
  });

  it('a batch makes its keys with its events', async () => {
    const operations = Array.from({ length: 40 }, (_, i) => ({ method: 'POST', path: '/v1/users', body: { tenant: 'acme', userName: `batched-${i}` } }));
    const { body } = await world.call('POST', '/v1/batch', { operations });
    const ids = (body['results'] as { body: { id: string } }[]).map((result) => result.body.id);
    expect(await keysOf(...ids)).toHaveLength(40);
  });

  it('a destroyed key leaves blanks: the stream is read, nothing is kept of what comes later, and no new key is made', async () => {
    await world.store.append(creation('usr_gone'));
    const rename: NewEvent = { ...userCreated('usr_gone'), type: 'wami.user.renamed.v1', data: {}, personal: { userName: 'planted.new', previousUserName: PLANTED.userName } };
    await inTransaction(world.pool, (client) => world.subjectKeys.keys.destroy(client, { subject: 'usr_gone', tenant: 'acme/eng' }));
    expect((await world.store.readStream('usr_gone')).map((event: RecordedEvent) => event.personal)).toEqual([{ userName: '' }]);
    await world.store.append({ stream: 'usr_gone', tenant: 'acme/eng', expectedVersion: 1, events: [rename], meta: META });
    expect((await stored('usr_gone'))[1]).toEqual({});
    expect((await world.store.readStream('usr_gone')).map((event: RecordedEvent) => event.personal)).toEqual([{ userName: '' }, { userName: '', previousUserName: '' }]);
    expect(await keysOf('usr_gone')).toEqual([{ subject: 'usr_gone', wrapped: null }]);
  });

  it('another master key is refused at the start; as the one before it, it is replaced', async () => {
    const open = (current: Secret<Buffer>, previous?: Secret<Buffer>) =>
      openSubjectKeys(world.pool, IDENTITY_SCHEMA, { current: localMasterKey(current), ...(previous ? { previous: localMasterKey(previous) } : {}) });
    await expect(open(OTHER_KEY)).rejects.toThrow(StartupError);
    await expect(open(OTHER_KEY)).rejects.toThrow(/master key is not the one.*WAMI_MASTER_KEY_PREVIOUS/);
    const id = await world.create('users', { tenant: 'other', userName: 'rotated' });
    const { personal } = await open(OTHER_KEY, MASTER_KEY);
    const [event] = (await world.store.readLog('0.0', 10_000)).events.filter(({ stream }) => stream === id);
    expect((await personal.open(event ? [event] : [])).map((one) => one.personal)).toEqual([{ userName: 'rotated' }]);
    await open(OTHER_KEY);
    await expect(open(MASTER_KEY)).rejects.toThrow(StartupError);
    await open(MASTER_KEY, OTHER_KEY);
  });

  it('names that were kept without a key are brought under it, once', async () => {
    const schema = 'older_identity';
    await world.pool.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.names (LIKE identity.names INCLUDING ALL); CREATE TABLE ${schema}.tenant_keys (LIKE identity.tenant_keys INCLUDING ALL)`);
    const plain = '_-'.padEnd(43, 'x');
    await world.pool.query(`INSERT INTO ${schema}.names VALUES ('acme', 'user', $1, 'usr_1'), ('other', 'user', $1, 'usr_2')`, [plain]);
    const values = async () => (await rows<{ value: string }>(`SELECT value FROM ${schema}.names ORDER BY stream_id`)).map(({ value }) => value);
    const opening = () => openSubjectKeys(world.pool, schema, { current: localMasterKey(MASTER_KEY) });
    await Promise.all([opening(), opening()]);
    const keyed = await values();
    expect(new Set([plain, ...keyed]).size).toBe(3);
    await opening();
    expect(await values()).toEqual(keyed);
  });

  describe('asked for by another service', () => {
    const ask = async (token: string, body: unknown = { subjects: [] }) => {
      const response = await fetch(`${world.url}/internal/v1/subject-keys`, {
        method: 'POST', headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) }, body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() as { keys?: Record<string, string> } };
    };

    it('are told to who has the secret of the services, and to nobody else', async () => {
      const id = await world.create('users', { tenant: 'acme', userName: 'asked-for' });
      const { status, body } = await ask(SERVICE_TOKEN.reveal(), { subjects: [id, 'usr_gone', 'usr_unknown'] });
      expect(status).toBe(200);
      expect(body.keys).toEqual({ [id]: expect.stringMatching(/^[\w-]{43}$/) as string, usr_gone: 'gone' });
      for (const [token, refused] of [['', 401], ['no-such-token', 401], [TOKEN, 404], [ACME_TOKEN, 404]] as const) {
        expect([token, (await ask(token, { subjects: [id] })).status]).toEqual([token, refused]);
      }
      expect((await ask(SERVICE_TOKEN.reveal(), { subjects: Array.from({ length: 1001 }, String) })).status).toBe(422);
    });

    it('are all that the secret opens, and stand in no document', async () => {
      for (const path of ['/v1/users/usr_1', '/v1/tenants', '/internal/head', '/metrics', '/v1/whoami']) {
        expect([path, (await world.call('GET', path, undefined, { token: SERVICE_TOKEN.reveal() })).status]).toEqual([path, 404]);
      }
      expect(await (await fetch(`${world.url}/openapi.json`)).text()).not.toContain('subject-keys');
    });
  });
});

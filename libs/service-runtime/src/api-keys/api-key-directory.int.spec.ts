import { createHash } from 'node:crypto';
import { UNREADABLE, type ApiKeyEvent, type RecordedEvent } from '@wami/contracts';
import { createPostgresEventLog, migrateCheckpoints, type EventLog } from '@wami/event-log';
import { createPool, inTransaction, migrateEventStore, openEventStore, type EventStore } from '@wami/event-store';
import { silentLogger } from '@wami/platform';
import { eventually, worldForEach } from '@wami/testing';
import type { Pool } from 'pg';
import { ApiKeyDirectory } from './api-key-directory';
import { applyToApiKeys } from './api-key-rows';

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');
const LATER = '2999-01-01T00:00:00.000Z';

/** Identity's store, and services with replicas that hear of it. */
class Services {
  private readonly logs: EventLog[] = [];
  private readonly directories: ApiKeyDirectory[] = [];

  private constructor(private readonly pool: Pool, private readonly store: EventStore) {}

  static async on(connectionString: string): Promise<Services> {
    const pool = createPool({ connectionString, max: 12, applicationName: 'api-keys-test', onError: () => undefined });
    await migrateEventStore(pool, { schema: 'identity' });
    for (const schema of ['projection', 'sync_aws']) await migrateCheckpoints(pool, schema);
    return new Services(pool, await openEventStore({ pool, schema: 'identity', source: 'identity' }));
  }

  async replica(schema: string): Promise<ApiKeyDirectory> {
    const log = createPostgresEventLog({ pool: this.pool, sources: [{ source: 'identity', schema: 'identity' }] });
    this.logs.push(log);
    const directory = await ApiKeyDirectory.open({ pool: this.pool, schema, log, logger: silentLogger });
    this.directories.push(directory);
    return directory;
  }

  /** As after a restore of the log: one event comes once more, alone. */
  async readAgain(schema: string, id: string, version: number): Promise<void> {
    const events = (await this.store.readStream(id)).filter((event) => event.version === version);
    await inTransaction(this.pool, (client) => applyToApiKeys(client, schema, events));
  }

  async bring(schema: string, event: RecordedEvent): Promise<void> {
    await inTransaction(this.pool, (client) => applyToApiKeys(client, schema, [event]));
  }

  async last(id: string): Promise<RecordedEvent> {
    const event = (await this.store.readStream(id)).at(-1);
    if (!event) throw new Error(`${id} has no event`);
    return event;
  }

  async happened(id: string, version: number, event: Pick<ApiKeyEvent, 'type' | 'data' | 'personal'>): Promise<string> {
    const { position } = await this.store.append({
      stream: id, tenant: 'acme', expectedVersion: version - 1, meta: { actor: 'admin', correlationId: 'test' },
      events: [{ ...event, stream: id, key: id, tenant: 'acme', subject: `arn:wami:iam:acme:wami:test:api-key/${id}` }],
    });
    return position;
  }

  created = (id: string, secret: string): Promise<string> =>
    this.happened(id, 1, { type: 'wami.api-key.created.v1', data: { role: 'editor', hash: hash(secret), expiresAt: LATER }, personal: { name: 'ci' } });

  rotated = (id: string, version: number, secret: string, previousUntil: string): Promise<string> =>
    this.happened(id, version, { type: 'wami.api-key.rotated.v1', data: { hash: hash(secret), previousUntil }, personal: {} });

  revoked = (id: string, version: number): Promise<string> => this.happened(id, version, { type: 'wami.api-key.revoked.v1', data: {}, personal: {} });

  async stop(): Promise<void> {
    for (const directory of this.directories.splice(0)) await directory.close();
    for (const log of this.logs.splice(0)) await log.close();
  }

  async close(): Promise<void> {
    await this.stop();
    await this.store.close();
    await this.pool.end();
  }
}

describe('what a service knows of API keys', () => {
  let services: Services;
  worldForEach(Services.on, (opened) => { services = opened; });

  it('reaches every replica of every service, and so does a revocation, within 5 s', async () => {
    const replicas = await Promise.all(['projection', 'projection', 'projection', 'sync_aws', 'sync_aws'].map((schema) => services.replica(schema)));
    const figures: number[] = [];
    for (let i = 0; i < 10; i++) {
      const id = `key_${i}`;
      await services.created(id, id);
      await eventually(async () => (await Promise.all(replicas.map((one) => one.find(hash(id))))).every(Boolean), { timeoutMs: 5000 });
      expect(await replicas[1]?.find(hash(id))).toEqual({ id, tenant: 'acme', role: 'editor', until: Date.parse(LATER) });
      await services.revoked(id, 2);
      const since = Date.now();
      await eventually(async () => !(await Promise.all(replicas.map((one) => one.find(hash(id))))).some(Boolean), { timeoutMs: 4000 });
      figures.push(Date.now() - since);
    }
    console.log(`revocations heard by ${replicas.length} replicas of 2 services: ${figures.length}, slowest ${Math.max(...figures)} ms (a key is believed for 1000 ms more)`);
  });

  it('is the newest secret and the one before, until its time', async () => {
    const directory = await services.replica('projection');
    await services.created('key_R', 'one');
    await services.rotated('key_R', 2, 'two', '2500-01-01T00:00:00.000Z');
    const position = await services.rotated('key_R', 3, 'three', '2600-01-01T00:00:00.000Z');
    expect(await directory.reached(position, 5000)).toBe(true);
    expect(await directory.find(hash('one'))).toBeUndefined();
    expect((await directory.find(hash('two')))?.until).toBe(Date.parse('2600-01-01T00:00:00.000Z'));
    expect(await directory.find(hash('three'))).toEqual({ id: 'key_R', tenant: 'acme', role: 'editor' });
    await services.revoked('key_R', 4);
    await eventually(async () => !(await directory.find(hash('two'))) && !(await directory.find(hash('three'))), { timeoutMs: 5000 });
  });

  it('is not revived by a log that is read again from its start, page by page', async () => {
    const directory = await services.replica('projection');
    await services.created('key_X', 'gone');
    await services.rotated('key_X', 2, 'gone too', LATER);
    expect(await directory.reached(await services.revoked('key_X', 3), 5000)).toBe(true);
    for (const again of [1, 2, 3]) {
      await services.readAgain('projection', 'key_X', again);
      expect([await directory.find(hash('gone')), await directory.find(hash('gone too'))]).toEqual([undefined, undefined]);
    }
  });

  it('is revoked where something of it cannot be read: that may have been its revocation', async () => {
    const directory = await services.replica('projection');
    await services.created('key_U', 'unread');
    expect(await directory.reached(await services.rotated('key_U', 2, 'unread too', LATER), 5000)).toBe(true);
    await services.bring('projection', { ...await services.last('key_U'), id: 'evt_u', type: UNREADABLE, unreadable: 'its content is not the JSON of an event' });
    expect([await directory.find(hash('unread')), await directory.find(hash('unread too'))]).toEqual([undefined, undefined]);
    await services.bring('projection', { ...await services.last('key_U'), id: 'evt_v', key: 'usr_1', type: UNREADABLE, unreadable: 'of somebody else' });
  });

  it('is taken over by another replica when the one that listened is gone', async () => {
    const [first, second] = [await services.replica('projection'), await services.replica('projection')];
    await services.created('key_T', 'taken');
    await eventually(async () => Boolean(await second.find(hash('taken'))), { timeoutMs: 5000 });
    await first.close();
    await services.revoked('key_T', 2);
    await eventually(async () => !(await second.find(hash('taken'))), { timeoutMs: 5000, describe: 'the other one heard it' });
  });

  it('tells when a key was used last', async () => {
    const directory = await services.replica('projection');
    expect(await directory.reached(await services.created('key_U', 'used'), 5000)).toBe(true);
    expect((await directory.lastUses(['key_U'])).size).toBe(0);
    directory.used('key_U');
    expect((await directory.lastUses(['key_U'])).get('key_U')).toBeInstanceOf(Date);
  });
});

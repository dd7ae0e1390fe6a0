import { randomBytes } from 'node:crypto';
import {
  comparePositions, encodePosition, formatArn, membershipId, type ArnType, type BindingEvent, type LogPosition, type NewEvent, type RecordedEvent, type SyncConfigPatch,
} from '@wami/contracts';
import { createPostgresEventLog, type EventLog } from '@wami/event-log';
import { createPool, migrateEventStore, openEventStore, type EventStore } from '@wami/event-store';
import { createHttpApp, HealthRegistry, listen, Metrics, silentLogger, type AccessTokens, type Caller } from '@wami/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Pool } from 'pg';
import { createProjection, type Projection, type ProjectionOptions } from '../create-projection';
import { headsOfSchemas } from '../position/heads-of-schemas';

export const SOURCES = [{ source: 'identity', schema: 'identity' }, { source: 'sync-aws', schema: 'sync_aws' }];
export const AWS = { provider: 'aws', account: '000000000001' };
const INSTANCE = 'local';

/** Tokens that were good once. */
export const revokedTokens = new Set<string>();

/** Tokens that name a caller: `admin`, or `tenant:acme`. */
const tokens: AccessTokens = {
  callerOf: (token): Promise<Caller | undefined> => Promise.resolve(
    revokedTokens.has(token) ? undefined : token === 'admin' ? { actor: 'admin', role: 'admin', tenant: '' }
      : token.startsWith('tenant:') ? { actor: 'key', role: 'admin', tenant: token.slice(7) } : undefined),
};

type Outcome = { readonly [T in BindingEvent['type']]: Omit<Extract<BindingEvent, { type: T }>['data'], 'resource' | 'kind' | 'provider' | 'account'> };

/** Writers of both sides, as the real services write, and a running projection with its HTTP app. */
export class World {
  private readonly versions = new Map<string, number>();
  private constructor(readonly pool: Pool, readonly identity: EventStore, readonly aws: EventStore) {}

  static async open(url: string): Promise<World> {
    const pool = createPool({ connectionString: url, applicationName: 'projection-test', max: 20, onError: () => undefined });
    for (const { schema } of SOURCES) await migrateEventStore(pool, { schema });
    const [identity, aws] = await Promise.all(SOURCES.map((source) => openEventStore({ pool, ...source })));
    if (!identity || !aws) throw new Error('no stores');
    return new World(pool, identity, aws);
  }

  async close(): Promise<void> {
    await Promise.all([this.identity.close(), this.aws.close()]);
    await this.pool.end();
  }

  async append(store: EventStore, event: NewEvent): Promise<RecordedEvent> {
    const expectedVersion = this.versions.get(event.stream) ?? 0;
    const result = await store.append({ stream: event.stream, tenant: event.tenant, expectedVersion, events: [event], meta: { actor: 'test', correlationId: 'c1' } });
    if (result.outcome !== 'appended' || !result.events[0]) throw new Error('not appended');
    this.versions.set(event.stream, result.version);
    return result.events[0];
  }

  tenant(path: string, id = `ten_${path.replaceAll(/[^a-z0-9]/g, '')}`, root = `ten_${path.split('/')[0]}`): Promise<RecordedEvent> {
    return this.append(this.identity, {
      type: 'wami.tenant.created.v1', stream: id, key: root, tenant: path, subject: formatArn({ tenant: path, instance: INSTANCE, type: 'tenant', id }),
      data: { tenantId: id, path, name: path, providerAccounts: [], quotas: {}, metadata: {} }, personal: {},
    });
  }

  configure(path: string, config: SyncConfigPatch): Promise<RecordedEvent> {
    const id = `ten_${path.replaceAll(/[^a-z0-9]/g, '')}`;
    return this.append(this.identity, {
      type: 'wami.tenant.sync-configured.v2', stream: id, key: `ten_${path.split('/')[0]}`, tenant: path,
      subject: formatArn({ tenant: path, instance: INSTANCE, type: 'tenant', id }), data: { config }, personal: {},
    });
  }

  user(tenant: string, id: string, change: 'created' | 'updated' | 'deleted', more: { data?: object; personal?: object } = {}): Promise<RecordedEvent> {
    const created = change === 'created';
    return this.append(this.identity, {
      type: `wami.user.${change}.v1`, stream: id, key: id, tenant, subject: formatArn({ tenant, instance: INSTANCE, type: 'user', id }),
      data: { ...(created ? { path: '/', tags: {} } : {}), ...more.data }, personal: { ...(created ? { userName: `name of ${id}` } : {}), ...more.personal },
    });
  }

  group(tenant: string, id: string): Promise<RecordedEvent> {
    return this.append(this.identity, {
      type: 'wami.group.created.v1', stream: id, key: id, tenant, subject: formatArn({ tenant, instance: INSTANCE, type: 'group', id }),
      data: { tags: {} }, personal: { groupName: `name of ${id}` },
    });
  }

  member(tenant: string, groupId: string, userId: string): Promise<RecordedEvent> {
    const id = membershipId(groupId, userId);
    return this.append(this.identity, {
      type: 'wami.membership.added.v1', stream: id, key: userId, tenant, subject: formatArn({ tenant, instance: INSTANCE, type: 'membership', id }),
      data: { groupId, userId }, personal: {},
    });
  }

  /** Any other event of a resource or a relation, as it stands in the log. */
  fact(event: { readonly type: string; readonly tenant: string; readonly id: string; readonly arnType: ArnType; readonly key?: string; readonly data?: object; readonly personal?: object }): Promise<RecordedEvent> {
    const { type, tenant, id, arnType, key = id, data = {}, personal = {} } = event;
    return this.append(this.identity, { type, stream: id, key, tenant, subject: formatArn({ tenant, instance: INSTANCE, type: arnType, id }), data, personal });
  }

  outcome<T extends BindingEvent['type']>(
    type: T, about: { tenant: string; resource: string; kind?: string; account?: string }, data: Outcome[T], personal: object = {},
  ): Promise<RecordedEvent> {
    const { tenant, resource, kind = 'user', account = AWS.account } = about;
    return this.append(this.aws, {
      type, stream: `aws/${account}/${resource}`, key: resource, tenant, subject: formatArn({ tenant, instance: INSTANCE, type: kind as 'user', id: resource }),
      data: { resource, kind, provider: 'aws', account, ...data }, personal,
    });
  }

  synced(about: { tenant: string; resource: string; kind?: string; account?: string }, intent: LogPosition, operation: 'create' | 'update' | 'delete' = 'create'): Promise<RecordedEvent> {
    return this.outcome('wami.sync.succeeded.v1', about, { intent, version: 1, operation, changed: true }, { nativeArn: `arn:aws:iam::1:user/${about.resource}` });
  }

  /** A projection on this database; `log` lets a test give its own transport. */
  async project(options: Partial<ProjectionOptions> & { log?: EventLog } = {}): Promise<Running> {
    const log = options.log ?? createPostgresEventLog({ pool: this.pool, sources: SOURCES });
    const metrics = new Metrics('projection');
    const health = new HealthRegistry();
    const projection = await createProjection({
      pool: this.pool, log, sources: SOURCES.map(({ source }) => source), heads: headsOfSchemas(this.pool, SOURCES), health, metrics, logger: silentLogger, ...options,
    });
    const app = await createHttpApp({ title: 'test', modules: [projection.module], tokens, health, metrics, logger: silentLogger });
    const url = await listen(app, 0, '127.0.0.1');
    return new Running(projection, app, url, log, metrics, health);
  }
}

export class Running {
  constructor(
    readonly projection: Projection, private readonly app: NestFastifyApplication, readonly url: string, private readonly log: EventLog,
    readonly metrics: Metrics, readonly health: HealthRegistry,
  ) {}

  async close(): Promise<void> {
    await this.app.close();
    await this.projection.close();
    await this.log.close();
  }

  /** Open connections of callers. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) => this.app.getHttpServer().getConnections((error, count) => (error ? reject(error) : resolve(count))));
  }

  get(path: string, token = 'admin', headers: Record<string, string> = { 'wami-consistency': 'strong' }, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...headers } });
  }

  /** The body of the answer to a POST, which must be a success. */
  async post<T = Record<string, unknown>>(path: string, body: object = {}): Promise<T> {
    const response = await this.get(path, 'admin', { 'content-type': 'application/json' }, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return await response.json() as T;
  }

  /** Every page of a list, one after the other, without waiting for what is written meanwhile. */
  async all<T = Record<string, unknown>>(path: string): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: { items: T[]; nextCursor?: string } = await this.read(`${path}${path.includes('?') ? '&' : '?'}limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`, 'admin', {});
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }

  /** The body of a 200. */
  async read<T = Record<string, unknown>>(path: string, token?: string, headers?: Record<string, string>): Promise<T> {
    const response = await this.get(path, token, headers);
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return await response.json() as T;
  }
}

export const positionAfter = (event: RecordedEvent): string => encodePosition({ [event.source]: event.position });

export const randomId = (prefix: string): string => `${prefix}_${randomBytes(8).toString('hex').toUpperCase()}`;

export const latest = (...positions: LogPosition[]): LogPosition => positions.sort(comparePositions).at(-1) ?? '0.0';

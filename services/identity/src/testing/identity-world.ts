import { createEventLog, migrateCheckpoints, openedLog } from '@wami/event-log';
import { createPool, ensureRequestRole, migrate, migrateEventStore, openEventStore, PersonalData, type EventStore } from '@wami/event-store';
import { createHttpApp, firstOf, HealthRegistry, listen, Metrics, scopedTenant, Secret, serviceToken, silentLogger, type AccessTokens, type Logger } from '@wami/platform';
import { openIdentityAccess } from '../api-keys/open-identity-access';
import { localMasterKey } from '../subject-keys/master-key';
import { openSubjectKeys, type OpenSubjectKeys } from '../subject-keys/open-subject-keys';
import { SubjectKeysModule } from '../subject-keys/subject-keys.controller';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Pool } from 'pg';
import { IdentityModule } from '../identity.module';
import { IDENTITY_MIGRATIONS } from '../directory/directory.migrations';
import { IDENTITY_REQUEST_SCOPE } from '../directory/request-scope.migrations';
import { IDENTITY_SCHEMA, IDENTITY_SOURCE } from '../identity.names';
import type { SubjectKeys } from '../ports';
import { CloudWriter } from './cloud-writer';

export const TOKEN = 'the-administrator-of-this-test';
/** Sees `acme` and what is below it. */
export const ACME_TOKEN = 'somebody-who-sees-only-acme';
/** Sees `acme/eng` alone. */
export const ENG_TOKEN = 'somebody-who-sees-only-acme-eng';
/** Changes identities of `acme` and configures nothing. */
export const EDITOR_TOKEN = 'somebody-who-edits-in-acme';
/** Sees `other` alone. */
export const OTHER_TOKEN = 'somebody-who-sees-only-other';

/** What services show each other. */
export const SERVICE_TOKEN = new Secret('what-the-services-of-this-test-share');

export const MASTER_KEY = new Secret(Buffer.alloc(32, 'master'));

export const PEPPER = new Secret('the-pepper-of-this-test-32-characters');

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
}

/** Identity on a real database and a real port, with a sync service's event table beside it. */
export class IdentityWorld {
  private constructor(
    readonly pool: Pool, /** Sees all. */ readonly store: EventStore, private readonly requests: EventStore, readonly subjectKeys: OpenSubjectKeys, readonly cloud: CloudWriter,
    private app: NestFastifyApplication | undefined, public url: string, private readonly logger: Logger, private readonly destroyers: SubjectKeys,
  ) {}

  static async start(databaseUrl: string, logger: Logger = silentLogger, around: (keys: SubjectKeys) => SubjectKeys = (keys) => keys): Promise<IdentityWorld> {
    const pool = createPool({ connectionString: databaseUrl, max: 12, applicationName: 'identity-test', onError: () => undefined });
    for (const schema of [IDENTITY_SCHEMA, 'sync_aws']) await migrateEventStore(pool, { schema });
    await migrateCheckpoints(pool, IDENTITY_SCHEMA);
    await migrate({ pool, schema: IDENTITY_SCHEMA, tool: IDENTITY_SOURCE, migrations: IDENTITY_MIGRATIONS });
    await ensureRequestRole(pool);
    await migrate({ pool, schema: IDENTITY_SCHEMA, tool: 'identity-request-scope', migrations: IDENTITY_REQUEST_SCOPE });
    const subjectKeys = await openSubjectKeys(pool, IDENTITY_SCHEMA, { current: localMasterKey(MASTER_KEY) });
    const { personal, nameKey } = subjectKeys;
    const storing = { pool, schema: IDENTITY_SCHEMA, source: IDENTITY_SOURCE, personal, nameKey };
    const [store, requests] = [await openEventStore(storing), await openEventStore({ ...storing, scopeOf: scopedTenant })];
    const cloud = new CloudWriter(await openEventStore({ pool, schema: 'sync_aws', source: 'sync-aws', personal: new PersonalData({ keys: subjectKeys.keys }) }));
    const world = new IdentityWorld(pool, store, requests, subjectKeys, cloud, undefined, '', logger, around(subjectKeys.keys));
    await world.startApp();
    return world;
  }

  get application(): NestFastifyApplication {
    if (!this.app) throw new Error('the application is stopped');
    return this.app;
  }

  async startApp(): Promise<void> {
    const { pool, requests: store, logger } = this;
    const log = openedLog(createEventLog({ pool, sources: [{ source: 'sync-aws', schema: 'sync_aws' }] }), this.subjectKeys.personal);
    const health = new HealthRegistry();
    const access = await openIdentityAccess({ pool, store, health, logger, administrator: new Secret(TOKEN), pepper: PEPPER, oidc: undefined });
    this.app = await createHttpApp({
      title: 'identity', modules: [SubjectKeysModule.of(this.subjectKeys.keys), IdentityModule.register({ store, pool, log, logger, health, instance: 'test', syncSources: ['sync-aws'], apiKeys: { directory: access.keys, pepper: PEPPER }, subjectKeys: this.destroyers })],
      tokens: firstOf(access.tokens, serviceToken(SERVICE_TOKEN), scopedTokens), health, metrics: new Metrics('identity'), logger,
    });
    this.closeLog = async () => {
      await access.close();
      await log.close();
    };
    this.url = await listen(this.app, 0, '127.0.0.1');
  }

  async stopApp(): Promise<void> {
    await this.app?.close();
    await this.closeLog();
    this.app = undefined;
  }

  async close(): Promise<void> {
    await this.stopApp();
    await Promise.all([this.store.close(), this.requests.close()]);
    await this.cloud.store.close();
    await this.pool.end();
  }

  async call(method: string, path: string, body?: unknown, { headers = {}, token = TOKEN }: CallOptions = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method, headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) as Record<string, unknown> };
  }

  /** Creates and hands back the id; fails where the answer is not 201. */
  async create(collection: 'users' | 'groups' | 'roles' | 'policies' | 'service-accounts' | 'identity-providers' | 'tenants', body: Readonly<Record<string, unknown>>): Promise<string> {
    const { status, body: answer } = await this.call('POST', `/v1/${collection}`, body);
    if (status !== 201) throw new Error(`POST ${collection} answered ${status}: ${JSON.stringify(answer)}`);
    return String(answer['id']);
  }

  private closeLog: () => Promise<void> = () => Promise.resolve();
}

const SCOPES: Readonly<Record<string, string>> = { [ACME_TOKEN]: 'acme', [ENG_TOKEN]: 'acme/eng', [EDITOR_TOKEN]: 'acme', [OTHER_TOKEN]: 'other' };

const scopedTokens: AccessTokens = {
  callerOf: (token) => {
    const tenant = SCOPES[token];
    return Promise.resolve(tenant === undefined ? undefined : { actor: 'somebody', role: token === EDITOR_TOKEN ? 'editor' : 'admin', tenant });
  },
};

import { createEventLog, migrateCheckpoints, migrateRelay, openedLog, startRelay, type EventLog, type Relay } from '@wami/event-log';
import {
  createPool, DatabaseTooNew, ensureRequestRole, migrate, migrateEventStore, openEventStore, RequestRoleMissing, RestoredElsewhere, startSealer, type EventStore, type Migration,
  type PersonalData,
} from '@wami/event-store';
import { databaseAddress, describeError, scopedTenant, StartupError, watchDatabase, type HealthRegistry, type KafkaAccess, type Logger, type Metrics, type Secret } from '@wami/platform';
import { tracedBatch } from '@wami/tracing';
import type { Pool } from 'pg';
import { Closing } from './closing';
import { SOURCES } from './sources';
import { waitForDatabase } from './wait-for-database';
import { measuredStore } from './writer-metrics';

export interface RuntimeOptions {
  /** `identity`, `projection`, `sync-aws`: names the process to the database and the brokers. */
  readonly service: string;
  /** The service's own schema. */
  readonly schema: string;
  /** The service's own tables, beside those of store and log. */
  readonly migrations?: readonly Migration[];
  /** What the role of requests may see of all its tables. With it the store's reads need a scope: see `withinTenant` and `asWorker`. */
  readonly requestScope?: readonly Migration[];
  readonly databaseUrl: Secret;
  readonly kafka?: KafkaAccess | undefined;
  readonly http: { readonly port: number; readonly host: string };
  readonly health: HealthRegistry;
  readonly logger: Logger;
  /** Told of what a writer writes. */
  readonly metrics?: Metrics;
  readonly connections?: number;
  /**
   * Opens what holds the keys of personal data, once the tables are there. Without it events are stored and read as they are: only for
   * tests of something else. @throws StartupError
   */
  readonly personal?: (pool: Pool) => PersonalParts | Promise<PersonalParts>;
  /** Under it a writer's log is sealed, so that it shows when it was tampered with; see `sealKeyOf`. Without it nothing is sealed. */
  readonly sealKey?: Buffer;
}

export interface PersonalParts {
  readonly personal: PersonalData;
  /** Under which the names are kept that must be unique; identity's alone. */
  readonly nameKey?: Buffer;
}

export interface Runtime {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly personal?: PersonalData;
  /** Stops carrying events and closes every connection. */
  close(): Promise<void>;
}

export interface WriterRuntime extends Runtime {
  readonly store: EventStore;
  /** Only on Kafka; on PostgreSQL the store is the log. */
  readonly relay?: Relay;
}

/** What a service that only reads needs: its tables and the log. What was opened before a failure is closed again. @throws StartupError */
export async function openReader(options: RuntimeOptions): Promise<Runtime> {
  const closing = new Closing();
  return closing.onFailure(async () => {
    const { nameKey: _, ...opened } = await open(options, closing);
    return { ...opened, close: () => closing.run() };
  });
}

/** What a service that writes events needs beside: its store, and the relay that carries them out. @throws StartupError */
export async function openWriter(options: RuntimeOptions): Promise<WriterRuntime> {
  const { service, schema, requestScope, kafka, health, logger, metrics, sealKey } = options;
  const closing = new Closing();
  return closing.onFailure(async () => {
    const { pool, log, nameKey, personal } = await open(options, closing, async (migrated) => {
      await migrateEventStore(migrated, { schema });
      await migrateRelay(migrated, schema);
      if (requestScope) await migrate({ pool: migrated, schema, tool: `${service}-request-scope`, migrations: requestScope });
    });
    const store = await explained(() => openEventStore({
      pool, schema, source: service, ...(personal ? { personal } : {}), ...(nameKey ? { nameKey } : {}), ...(requestScope ? { scopeOf: scopedTenant } : {}),
    }));
    closing.before(() => store.close());
    const sealer = sealKey && startSealer({ pool, schema, source: service, key: sealKey, onError: (error) => logger.warn(describeError(error), 'the log is not sealed for now') });
    if (sealer) closing.before(() => sealer.close());
    const relay = kafka && startRelay({
      ...kafka, store, pool, clientId: `wami-${service}`, around: (events, send) => tracedBatch('publish', { kind: 'producer' }, events, send),
    });
    // Side by side, because each takes its time when the brokers are away.
    closing.before(() => Promise.all([relay?.close(), log.close()]));
    if (relay) health.add('relay', () => relay.health());
    return { pool, log, store: metrics ? measuredStore(metrics, service, store, relay) : store, ...(personal ? { personal } : {}), ...(relay ? { relay } : {}), close: () => closing.run() };
  });
}

type Opened = Pick<Runtime, 'pool' | 'log'> & Partial<PersonalParts>;

async function open(options: RuntimeOptions, closing: Closing, migrateMore?: (pool: Pool) => Promise<void>): Promise<Opened> {
  const { service, schema, migrations = [], databaseUrl, kafka, http, health, logger, connections = 12 } = options;
  const address = databaseAddress(databaseUrl.reveal());
  const pool = createPool({
    connectionString: databaseUrl.reveal(), max: connections, applicationName: `wami-${service}`,
    onError: (error) => logger.warn({ database: address, ...describeError(error) }, 'a database connection broke'),
  });
  closing.before(() => pool.end());
  await waitForDatabase({ pool, address, http, logger });
  await explained(async () => {
    await ensureRequestRole(pool);
    await migrateCheckpoints(pool, schema);
    await migrate({ pool, schema, tool: service, migrations });
    await migrateMore?.(pool);
  });
  const parts = await options.personal?.(pool);
  const stored = createEventLog({ pool, sources: SOURCES, ...(kafka ? { kafka: { ...kafka, clientId: `wami-${service}` } } : {}) });
  const log = parts ? openedLog(stored, parts.personal) : stored;
  closing.before(() => log.close());
  const database = watchDatabase(pool, address);
  closing.before(database.stop);
  health.add('database', database.check);
  health.add('log', () => log.health());
  return { pool, log, ...parts };
}

/** What an operator can put right is told as such. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatabaseTooNew || error instanceof RestoredElsewhere || error instanceof RequestRoleMissing) throw new StartupError(error.message);
    throw error;
  }
}

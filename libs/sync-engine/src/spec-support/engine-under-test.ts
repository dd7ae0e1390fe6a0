import { evolveBinding, type BindingOutcome } from '@wami/domain';
import { BINDING_EVENTS, type RecordedBindingEvent, type RecordedEvent, type SyncConfigPatch } from '@wami/contracts';
import { createPostgresEventLog, migrateCheckpoints, type EventLog } from '@wami/event-log';
import { createPool, migrate, migrateEventStore, openEventStore, type EventStore } from '@wami/event-store';
import type { Connection, ConnectionSource } from '@wami/provider-port';
import type { Pool } from 'pg';
import { EngineDatabase } from '../database/engine-database';
import { silentLogger } from '../logger';
import { SYNC_ENGINE_MIGRATIONS } from '../migrations';
import type { EngineOptions } from '../options';
import { startSyncEngine, type SyncEngine, type SyncEngineParts } from '../start-sync-engine';
import { ACCOUNT, INSTANCE, TestIdentity } from './identity';
import { ModelCloud } from './model-cloud';

/** Nothing comes about in the model cloud later than it was asked for, but by reads that do not show it yet. The lease outlasts a machine that stalls for seconds. Nothing is told of targets but where a spec asks. */
export const FAST: Partial<EngineOptions> = { leaseMs: 10_000, callTimeoutMs: 400, pollMs: 50, sightMs: 3_000, checkEveryMs: Infinity };
/** Whoever takes over waits for its end. */
export const SHORT_LEASE: Partial<EngineOptions> = { leaseMs: 1_000 };
/** A spec may hold calls for a while. */
export const HOLDING: Partial<EngineOptions> = { callTimeoutMs: 20_000, leaseMs: 60_000 };
const BINDING_TYPES: ReadonlySet<string> = new Set(BINDING_EVENTS.map(({ type }) => type));
/** Few and quick retries, so that a spec sees them all. */
export const QUICK_RETRY = { maxRetries: 3, baseDelayMs: 10, maxDelayMs: 40 };
export const TO_AWS: SyncConfigPatch = { providers: [{ provider: 'aws', account: ACCOUNT }], retry: QUICK_RETRY };

export const CONNECTION: Connection = { provider: 'aws', account: ACCOUNT, credentials: { type: 'default' } };

/** Connections that a spec changes. */
export class TestConnections implements ConnectionSource {
  private readonly listeners = new Set<(connections: readonly Connection[]) => void>();

  constructor(private connections: readonly Connection[] = [CONNECTION]) {}

  current(): readonly Connection[] {
    return this.connections;
  }

  onChange(listener: (connections: readonly Connection[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  set(connections: readonly Connection[]): void {
    this.connections = connections;
    for (const listener of this.listeners) listener(connections);
  }
}

const poolOn = (connectionString: string): Pool => createPool({ connectionString, max: 12, applicationName: 'sync-engine-spec', onError: () => undefined });

async function migrateAll(pool: Pool): Promise<void> {
  await migrateEventStore(pool, { schema: 'identity' });
  await migrateEventStore(pool, { schema: 'sync_aws' });
  await migrateCheckpoints(pool, 'sync_aws');
  await migrate({ pool, schema: 'sync_aws', tool: 'sync-engine', migrations: SYNC_ENGINE_MIGRATIONS });
}

/** The engine on a real database with a model cloud, and an identity to command. Used by specs. */
export class EngineUnderTest {
  readonly cloud = new ModelCloud();
  readonly connections = new TestConnections();
  private engine: SyncEngine | undefined;
  private engineLog: EventLog | undefined;

  private constructor(readonly pool: Pool, readonly identity: TestIdentity, readonly store: EventStore) {}

  static readonly open = Object.assign(async (url: string): Promise<EngineUnderTest> => {
    const pool = poolOn(url);
    await migrateAll(pool);
    const identity = new TestIdentity(await openEventStore({ pool, schema: 'identity', source: 'identity' }));
    return new EngineUnderTest(pool, identity, await openEventStore({ pool, schema: 'sync_aws', source: 'sync-aws' }));
  }, {
    async tables(url: string) {
      const pool = poolOn(url);
      await migrateAll(pool).finally(() => pool.end());
    },
  });

  async start(more: Partial<SyncEngineParts> = {}): Promise<SyncEngine> {
    const { pool, store, connections } = this;
    this.engineLog = createPostgresEventLog({ pool, sources: [{ source: 'identity', schema: 'identity' }] });
    this.engine = await startSyncEngine({
      adapter: this.cloud.adapter(), store, log: this.engineLog, pool, schema: 'sync_aws', connections, instance: INSTANCE, logger: silentLogger, ...more,
      options: { ...FAST, ...more.options },
    });
    return this.engine;
  }

  /** Its tables, for a step that a spec takes itself while no engine runs. */
  engineDatabase(): EngineDatabase {
    return new EngineDatabase(this.pool, this.store, 'sync_aws', 'aws', INSTANCE);
  }

  async stop(): Promise<void> {
    await this.engine?.close();
    await this.engineLog?.close();
    this.engine = undefined;
    this.engineLog = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.identity.store.close();
    await this.store.close();
    await this.pool.end();
  }

  /** Every outcome so far, in order. */
  async outcomes(resource?: string): Promise<RecordedEvent[]> {
    const { events } = await this.store.readLog('0.0', 100_000);
    return events.filter(({ key }) => resource === undefined || key === resource);
  }

  /** What the projection would make of a binding's events. */
  async said(resource: string, account = ACCOUNT): Promise<BindingOutcome | undefined> {
    const events = (await this.store.readStream(`aws/${account}/${resource}`)).filter(({ type }) => BINDING_TYPES.has(type)) as RecordedBindingEvent[];
    return events.reduce<BindingOutcome | undefined>(evolveBinding, undefined);
  }

  async stateOf(resource: string, account = ACCOUNT): Promise<string | undefined> {
    return (await this.said(resource, account))?.outcome.state;
  }

  /** How many bindings are in which state, as the engine keeps them. */
  async states(): Promise<Record<string, number>> {
    const { rows } = await this.pool.query<{ state: string; n: number }>('SELECT state, count(*)::int AS n FROM sync_aws.engine_bindings GROUP BY state');
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  }

  /** Nothing is due now or in hand, and identity is folded to its end. */
  async isQuiet(): Promise<boolean> {
    const { rows: [row] } = await this.pool.query<{ busy: number }>(
      `SELECT (SELECT count(*) FROM sync_aws.engine_bindings WHERE claimed OR due_at IS NOT NULL)::int + (SELECT count(*) FROM sync_aws.engine_reviews)::int
        + (SELECT count(*) FROM identity.events e WHERE NOT EXISTS (SELECT 1 FROM sync_aws.checkpoints c WHERE (c.tx, c.position) >= (e.tx, e.position)))::int AS busy`);
    return row?.busy === 0;
  }
}

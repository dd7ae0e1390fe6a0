import type { EventLog } from '@wami/event-log';
import type { EventStore } from '@wami/event-store';
import type { ConnectionSource, ProviderAdapter } from '@wami/provider-port';
import type { Pool } from 'pg';
import type { EngineLogger } from './logger';
import type { EngineMetrics } from './metrics';
import type { EngineOptions } from './options';
import type { Seams } from './seams';
import { Engine, type EngineHealth } from './engine';

export interface SyncEngineParts {
  readonly adapter: ProviderAdapter;
  /** The service's own store, migrated; outcomes are appended to it. */
  readonly store: EventStore;
  /** Carries identity's events. */
  readonly log: EventLog;
  /** Of the database that holds `schema`. A few connections are enough. */
  readonly pool: Pool;
  /** The service's own schema, migrated with `SYNC_ENGINE_MIGRATIONS`. */
  readonly schema: string;
  readonly connections: ConnectionSource;
  /** Name of this installation, part of every ownership mark. */
  readonly instance: string;
  readonly seams?: Seams;
  readonly options?: Partial<EngineOptions>;
  readonly logger: EngineLogger;
  readonly metrics?: EngineMetrics;
}

export interface SyncEngine {
  /** Whether the engine does its work, and for each target that it owns whether that can be reached. */
  health(): EngineHealth;
  /** Names of all providers that tenants ask for by what was read so far, this engine's own or not. */
  providersAskedFor(): Promise<readonly string[]>;
  /** Tries once more, soon, what could not be taken in: to be asked where this may be another release than the one that parked it. */
  tryParkedAgain(): void;
  /** Stops claiming, finishes what is in flight (at most `callTimeoutMs`), and gives its targets back. */
  close(): Promise<void>;
}

/**
 * Makes one provider agree with identity's events, until it is closed. Many replicas may run: each target is owned by one of them at a
 * time. Resolves when the log is subscribed.
 * @throws RangeError where the options contradict each other.
 */
export async function startSyncEngine(parts: SyncEngineParts): Promise<SyncEngine> {
  const engine = new Engine(parts);
  await engine.start();
  return engine;
}

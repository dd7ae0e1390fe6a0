import type { DynamicModule } from '@nestjs/common';
import { migrateCheckpoints, type EventLog, type Subscription } from '@wami/event-log';
import { ensureRequestRole, inTransaction, KeysUnavailable, migrate, PersonalData } from '@wami/event-store';
import { describeError, type HealthRegistry, type KafkaAccess, type Logger, type Metrics } from '@wami/platform';
import { tracedBatch } from '@wami/tracing';
import type { Pool } from 'pg';
import { lockIngest } from './ingest/insert-events';
import { ParkedWatch } from './ingest/parked-watch';
import { PROJECTION_MIGRATIONS } from './ingest/projection.migrations';
import { Projector } from './ingest/projector';
import { READ_MODELS } from './model/read-models';
import type { ReadModel } from './model/read-model';
import { Applied } from './position/applied';
import type { HeadSource } from './position/head-source';
import { Lag } from './position/lag';
import { exportMetrics } from './projection-metrics';
import { ProjectionModule } from './projection.module';
import { prepareGenerations } from './rebuild/generations';
import { endOutdated, requestRebuild } from './rebuild/rebuild-jobs';
import { Rebuilder } from './rebuild/rebuilder';
import { Replayer } from './replays/replayer';

export const DEFAULT_SCHEMA = 'projection';
const GROUP = 'projection';
const BATCH = 1000;
const PACE_MS = 25;
const REBUILD_PAGE = 10_000;

export interface ProjectionOptions {
  readonly pool: Pool;
  readonly log: EventLog;
  /** Whose events are taken in: `identity` and the sync services. */
  readonly sources: readonly string[];
  readonly heads: HeadSource;
  /** Opens what the projection keeps sealed. The log may open for its other subscribers: this one asks it not to. */
  readonly personal?: PersonalData;
  readonly health: HealthRegistry;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Default `projection`. */
  readonly schema?: string;
  /** Default: those of this release. */
  readonly models?: readonly ReadModel[];
  /** Where events can be replayed to; without it they cannot. */
  readonly kafka?: KafkaAccess | undefined;
  /** Events that a rebuild reads and writes at a time; default 10 000. */
  readonly rebuildPage?: number;
}

/** A projection that runs: it follows the log and keeps the read models current. */
export interface Projection {
  /** The queries; give it to `createHttpApp`. */
  readonly module: DynamicModule;
  readonly applied: Applied;
  /** Stops following; the pool and the log stay the caller's. Close the HTTP app first. */
  close(): Promise<void>;
}

/** Makes or upgrades the tables, begins to follow the log, and rebuilds beside the running models what this release folds differently. */
export async function createProjection(options: ProjectionOptions): Promise<Projection> {
  const { pool, log, sources, heads, personal = unsealed(), health, metrics, logger, schema = DEFAULT_SCHEMA, models = READ_MODELS, rebuildPage = REBUILD_PAGE, kafka } = options;
  await ensureRequestRole(pool);
  await migrate({ pool, schema, tool: 'projection', migrations: PROJECTION_MIGRATIONS });
  await migrateCheckpoints(pool, schema);
  await prepareModels(pool, schema, models);
  const applied = new Applied(pool, schema, sources);
  const projector = new Projector({ pool, schema, models, personal, logger, onCommit: () => applied.committed() });
  await retryAtStart(projector, logger);
  const newest = await applied.newestTime();
  const subscription = await log.subscribe({
    group: GROUP, sources, from: 'beginning', sealed: true, batchSize: BATCH, paceMs: PACE_MS, checkpoints: { schema },
    onBatch: (batch) => tracedBatch('fold projection', { kind: 'consumer' }, batch.events, () => projector.take(batch)),
  });
  applied.follow(subscription);
  const lag = new Lag(applied, heads, logger, newest);
  const rebuilder = new Rebuilder({ pool, schema, models, personal, logger, page: rebuildPage });
  const replayer = kafka && new Replayer({ pool, schema, logger, kafka: { ...kafka, clientId: 'wami-replay' } });
  const parked = new ParkedWatch(pool, schema, models);
  watch(health, subscription, rebuilder, parked, lag);
  exportMetrics(metrics, pool, schema, lag);
  return {
    module: ProjectionModule.register({ pool, schema, models, personal, heads, applied, lag, rebuilder, replayer, projector }),
    applied,
    async close() {
      const closed = await Promise.allSettled([subscription.close(), rebuilder.close(), replayer?.close(), lag.close(), parked.close()]);
      for (const one of closed) if (one.status === 'rejected') logger.error(describeError(one.reason), 'closing the projection failed');
    },
  };
}

/** This release may know what one before did not. */
async function retryAtStart(projector: Projector, logger: Logger): Promise<void> {
  try {
    await projector.retryParked();
  } catch (error) {
    if (!(error instanceof KeysUnavailable)) throw error;
    logger.warn(describeError(error), 'parked events are tried again at the next start');
  }
}

/** Where nothing was ever sealed. */
function unsealed(): PersonalData {
  return new PersonalData({ keys: { find: () => Promise.resolve(new Map()) } });
}

async function prepareModels(pool: Pool, schema: string, models: readonly ReadModel[]): Promise<void> {
  await inTransaction(pool, async (client) => {
    const stale = await prepareGenerations(client, schema, models, await lockIngest(client, schema));
    await endOutdated(client, schema, models);
    if (stale.length > 0) await requestRebuild(client, schema, stale);
  });
}

function watch(health: HealthRegistry, subscription: Subscription, rebuilder: Rebuilder, parked: ParkedWatch, lag: Lag): void {
  health.add('projection', () => subscription.health());
  health.add('read models', () => {
    if (parked.stale !== undefined) return { ok: false, reason: rebuilder.reason === undefined ? parked.stale : `${parked.stale}; the rebuild failed: ${rebuilder.reason}` };
    const notes = [lag.reason, parked.reason].filter((note) => note !== undefined);
    return notes.length === 0 ? { ok: true } : { ok: true, reason: notes.join('; ') };
  });
}

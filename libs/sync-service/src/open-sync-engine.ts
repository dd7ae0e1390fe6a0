import { describeError, StartupError, type HealthRegistry, type Logger, type Metrics } from '@wami/platform';
import { isProviderError, type ConnectionSource, type ProviderAdapter } from '@wami/provider-port';
import type { SyncServiceName, WriterRuntime } from '@wami/service-runtime';
import { prometheusMetrics, startSyncEngine, type EngineOptions, type Seams, type SyncEngine } from '@wami/sync-engine';

export interface SyncEngineParts {
  readonly named: SyncServiceName;
  readonly adapter: ProviderAdapter;
  readonly runtime: WriterRuntime;
  readonly connections: ConnectionSource;
  readonly instance: string;
  readonly health: HealthRegistry;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly options?: Partial<EngineOptions>;
  /** For tests that break the process at named places. Default: the real ones. */
  readonly seams?: Seams;
}

/** The engine with one adapter, on what the process opened. @throws StartupError where a connection makes no sense. */
export async function openSyncEngine({ named, adapter, runtime, connections, instance, health, metrics, logger, options, seams }: SyncEngineParts): Promise<SyncEngine> {
  checkConnections(adapter, connections);
  await refuseStateOfAnother(named, adapter, runtime);
  const engine = await startSyncEngine({
    adapter, store: runtime.store, log: runtime.log, pool: runtime.pool, schema: named.schema, connections, instance, logger,
    metrics: prometheusMetrics(metrics, adapter.provider), ...(options ? { options } : {}), ...(seams ? { seams } : {}),
  });
  engine.tryParkedAgain();
  health.add('engine', () => engine.health());
  tellParked(metrics, runtime, named);
  return engine;
}

/** A schema holds the state of one provider: under another's name its accounts and ids would be taken for that one's. */
async function refuseStateOfAnother({ service, schema }: SyncServiceName, { provider }: ProviderAdapter, { pool }: WriterRuntime): Promise<void> {
  const { rows: [other] } = await pool.query<{ group_name: string }>(
    `SELECT group_name FROM "${schema}".checkpoints WHERE starts_with(group_name, 'sync-') AND group_name <> 'sync-' || $1 LIMIT 1`, [provider]);
  if (!other) return;
  throw new StartupError(`${service} holds the state of ${other.group_name.slice('sync-'.length)} in this database, and its adapter is now for ${provider}: use an adapter for that provider again, or another installation for ${provider}.`);
}

/** The projection tells its own under the same name. Where the database is away, what was told last stays, and all other figures are told. */
function tellParked(metrics: Metrics, { pool }: WriterRuntime, { schema, service }: SyncServiceName): void {
  metrics.gauge('wami_deadletter_events', 'Events that could not be taken in and those that wait behind them', ['consumer'], async (gauge) => {
    const answer = await pool.query<{ count: number }>(`SELECT count(*) FROM ${schema}.engine_parked WHERE skipped_at IS NULL`).catch(() => undefined);
    if (answer) gauge.set({ consumer: service }, Number(answer.rows[0]?.count ?? 0));
  });
}

/** What the adapter refuses about a connection is told at start, before anything is synced with it. */
function checkConnections(adapter: ProviderAdapter, connections: ConnectionSource): void {
  for (const connection of connections.current().filter(({ provider }) => provider === adapter.provider)) {
    try {
      void adapter.connect(connection).close();
    } catch (error) {
      const why = isProviderError(error) ? error.message : describeError(error).error;
      throw new StartupError(`The connection ${connection.provider}/${connection.account} cannot be used: ${why}`);
    }
  }
}

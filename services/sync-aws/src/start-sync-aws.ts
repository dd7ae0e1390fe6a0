import { administratorToken, createHttpApp, HealthRegistry, listen, Metrics, type Logger, type Running } from '@wami/platform';
import { HeadModule, openWriter } from '@wami/service-runtime';
import { openConnectionsFile, SYNC_ENGINE_MIGRATIONS } from '@wami/sync-engine';
import type { SyncAwsConfig } from './config';
import { openSyncAws, SYNC_AWS } from './open-sync-aws';

/** sync-aws as a process of its own. Resolves when it is ready; `address` is where health, metrics and its head are answered. */
export async function startSyncAws(config: SyncAwsConfig, logger: Logger): Promise<Running & { address: string }> {
  const health = new HealthRegistry();
  const metrics = new Metrics(SYNC_AWS.service);
  const http = { port: config.WAMI_HTTP_PORT, host: config.WAMI_HOST };
  const connections = openConnectionsFile(config.WAMI_CONNECTIONS, process.env, logger);
  health.add('connections', () => connections.health());
  const runtime = await openWriter({
    ...SYNC_AWS, migrations: SYNC_ENGINE_MIGRATIONS, databaseUrl: config.WAMI_DATABASE_URL, http, health, logger,
    ...(config.WAMI_KAFKA_BROKERS ? { kafkaBrokers: config.WAMI_KAFKA_BROKERS } : {}),
  });
  const engine = await openSyncAws({ runtime, connections, instance: config.WAMI_INSTANCE, health, metrics, logger });
  const app = await createHttpApp({
    title: 'WAMI sync-aws', modules: [HeadModule.of([runtime.store])], tokens: administratorToken(config.WAMI_ADMIN_TOKEN), health, metrics, logger,
  });
  const address = await listen(app, http.port, http.host);
  logger.info({ address }, 'sync-aws answers');
  return {
    address,
    async close() {
      await app.close();
      connections.close();
      await engine.close();
      await runtime.close();
    },
  };
}

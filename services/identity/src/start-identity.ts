import { administratorToken, createHttpApp, createLogger, HealthRegistry, httpLimitsOf, listen, Metrics, type Logger, type Running } from '@wami/platform';
import { HeadModule, openWriter, SYNC_SOURCES } from '@wami/service-runtime';
import { IDENTITY_MIGRATIONS } from './directory/directory.migrations';
import type { IdentityConfig } from './identity.config';
import { IdentityModule } from './identity.module';
import { IDENTITY_SCHEMA, IDENTITY_SOURCE } from './identity.names';

const CONNECTIONS = 20;

export interface RunningIdentity extends Running {
  readonly url: string;
}

/** Identity as a process of its own. @throws StartupError with one line for the operator. */
export async function startIdentity(config: IdentityConfig, logger: Logger = createLogger(IDENTITY_SOURCE, config.WAMI_LOG_LEVEL)): Promise<RunningIdentity> {
  const health = new HealthRegistry();
  const http = { port: config.WAMI_HTTP_PORT, host: config.WAMI_HOST };
  const runtime = await openWriter({
    service: IDENTITY_SOURCE, schema: IDENTITY_SCHEMA, migrations: IDENTITY_MIGRATIONS, databaseUrl: config.WAMI_DATABASE_URL, http, health, logger,
    connections: CONNECTIONS, ...(config.WAMI_KAFKA_BROKERS ? { kafkaBrokers: config.WAMI_KAFKA_BROKERS } : {}),
  });
  try {
    const identity = IdentityModule.register({ ...runtime, logger, health, instance: config.WAMI_INSTANCE, syncSources: SYNC_SOURCES });
    const app = await createHttpApp({
      limits: httpLimitsOf(config), title: 'WAMI identity', modules: [identity, HeadModule.of([runtime.store])], tokens: administratorToken(config.WAMI_ADMIN_TOKEN),
      health, metrics: new Metrics(IDENTITY_SOURCE), logger,
    });
    const close = async (): Promise<void> => {
      await app.close();
      await runtime.close();
    };
    try {
      return { url: await listen(app, http.port, http.host), close };
    } catch (error) {
      await app.close();
      throw error;
    }
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

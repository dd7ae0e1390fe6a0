import { createHttpApp, createLogger, grpcPortOf, HealthRegistry, httpLimitsOf, kafkaOf, listen, Metrics, oidcSettingsOf, serveMetrics, startGrpc, type Logger, type Running } from '@wami/platform';
import { openAccess, openReader, remotePersonalData, SOURCES, tellUsesTo } from '@wami/service-runtime';
import { openTracing, tracingSettingsOf } from '@wami/tracing';
import { createProjection, DEFAULT_SCHEMA } from './create-projection';
import { PROJECTION_GRPC, projectionStreams } from './grpc/grpc-services';
import { PROJECTION_MIGRATIONS } from './ingest/projection.migrations';
import { headsOverHttp } from './position/head-source';
import { headsOfSchemas } from './position/heads-of-schemas';
import type { ProjectionConfig } from './projection.config';

const SERVICE = 'projection';
const CONNECTIONS = 20;

export interface RunningProjection extends Running {
  readonly url: string;
  /** Host and port. */
  readonly grpc: string;
}

/** The projection as a process of its own. @throws StartupError with one line for the operator. */
export async function startProjection(config: ProjectionConfig, logger: Logger = createLogger(SERVICE, config.WAMI_LOG_LEVEL)): Promise<RunningProjection> {
  const oidc = oidcSettingsOf(config);
  const health = new HealthRegistry();
  const metrics = new Metrics(SERVICE);
  const http = { port: config.WAMI_HTTP_PORT, host: config.WAMI_HOST };
  const kafka = kafkaOf(config);
  const personal = remotePersonalData({ identity: config.WAMI_IDENTITY_URL, token: config.WAMI_SERVICE_TOKEN });
  const { pool, log, close: closeRuntime } = await openReader({
    service: SERVICE, schema: DEFAULT_SCHEMA, migrations: PROJECTION_MIGRATIONS, databaseUrl: config.WAMI_DATABASE_URL, http, health, logger,
    connections: CONNECTIONS, personal: () => ({ personal }), kafka,
  });
  const closing = [closeRuntime];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    closing.unshift(await openTracing(SERVICE, tracingSettingsOf(config), logger));
    const heads = config.WAMI_WRITERS ? headsOverHttp(config.WAMI_WRITERS, config.WAMI_ADMIN_TOKEN) : headsOfSchemas(pool, SOURCES);
    const projection = await createProjection({ pool, log, sources: SOURCES.map(({ source }) => source), heads, personal, health, metrics, logger, kafka });
    closing.push(() => projection.close());
    const identity = config.WAMI_WRITERS?.['identity'];
    const access = await openAccess({
      pool, log, schema: DEFAULT_SCHEMA, health, logger, administrator: config.WAMI_ADMIN_TOKEN, pepper: config.WAMI_KEY_PEPPER, oidc,
      ...(identity === undefined ? {} : { tellUses: tellUsesTo(identity, config.WAMI_ADMIN_TOKEN) }),
    });
    closing.push(() => access.close());
    const app = await createHttpApp({ limits: httpLimitsOf(config), title: 'WAMI queries', modules: [projection.module], tokens: access.tokens, health, metrics, logger });
    closing.push(() => app.close());
    const url = await listen(app, http.port, http.host);
    const scraped = await serveMetrics(metrics, config);
    closing.push(() => scraped.close());
    const grpc = await startGrpc({
      app, services: PROJECTION_GRPC, streams: projectionStreams(app), tokens: access.tokens, health, logger, host: http.host,
      port: grpcPortOf(config, 50_052), connections: config.WAMI_HTTP_CONNECTIONS,
    });
    closing.push(() => grpc.close());
    return { url, grpc: grpc.address, close };
  } catch (error) {
    await close();
    throw error;
  }
}

import { createHttpApp, createLogger, firstOf, grpcPortOf, HealthRegistry, httpLimitsOf, kafkaOf, listen, Metrics, oidcSettingsOf, serveMetrics, serviceToken, startGrpc, type Logger, type Running } from '@wami/platform';
import { ApiKeyUsesModule, Closing, HeadModule, openWriter, sealKeyOf, SYNC_SOURCES } from '@wami/service-runtime';
import { openTracing, tracingSettingsOf } from '@wami/tracing';
import { tellBackups } from './backups/tell-backups';
import { openIdentityAccess } from './api-keys/open-identity-access';
import { IDENTITY_MIGRATIONS } from './directory/directory.migrations';
import { IDENTITY_REQUEST_SCOPE } from './directory/request-scope.migrations';
import { IDENTITY_GRPC } from './grpc-services';
import type { IdentityConfig } from './identity.config';
import { IdentityModule } from './identity.module';
import { IDENTITY_SCHEMA, IDENTITY_SOURCE } from './identity.names';
import { masterKeysOf } from './subject-keys/master-key.config';
import { openSubjectKeys, type OpenSubjectKeys } from './subject-keys/open-subject-keys';
import { SubjectKeysModule } from './subject-keys/subject-keys.controller';

const CONNECTIONS = 20;

export interface RunningIdentity extends Running {
  readonly url: string;
  /** Host and port. */
  readonly grpc: string;
}

/** Identity as a process of its own. What was opened before a failure is closed again. @throws StartupError with one line for the operator. */
export async function startIdentity(config: IdentityConfig, logger: Logger = createLogger(IDENTITY_SOURCE, config.WAMI_LOG_LEVEL)): Promise<RunningIdentity> {
  const closing = new Closing();
  const addresses = await closing.onFailure(() => open(config, logger, closing));
  return { ...addresses, close: () => closing.run() };
}

async function open(config: IdentityConfig, logger: Logger, closing: Closing): Promise<Omit<RunningIdentity, 'close'>> {
  const oidc = oidcSettingsOf(config);
  const health = new HealthRegistry();
  const metrics = new Metrics(IDENTITY_SOURCE);
  const masterKeys = masterKeysOf(config);
  let subjectKeys: OpenSubjectKeys | undefined;
  const http = { port: config.WAMI_HTTP_PORT, host: config.WAMI_HOST };
  closing.before(await openTracing(IDENTITY_SOURCE, tracingSettingsOf(config), logger));
  const runtime = await openWriter({
    service: IDENTITY_SOURCE, schema: IDENTITY_SCHEMA, migrations: IDENTITY_MIGRATIONS, requestScope: IDENTITY_REQUEST_SCOPE, databaseUrl: config.WAMI_DATABASE_URL, http, health, logger, metrics,
    connections: CONNECTIONS, sealKey: sealKeyOf(config.WAMI_KEY_PEPPER), personal: async (pool) => (subjectKeys = await openSubjectKeys(pool, IDENTITY_SCHEMA, masterKeys)), kafka: kafkaOf(config),
  });
  closing.before(() => runtime.close());
  tellBackups(metrics, runtime.pool);
  if (!subjectKeys) throw new Error('the keys of personal data were not opened');
  const pepper = config.WAMI_KEY_PEPPER;
  const { tokens, keys, close } = await openIdentityAccess({ ...runtime, health, logger, administrator: config.WAMI_ADMIN_TOKEN, pepper, oidc });
  closing.before(close);
  const identity = IdentityModule.register({
    ...runtime, logger, health, instance: config.WAMI_INSTANCE, syncSources: SYNC_SOURCES, apiKeys: { directory: keys, pepper }, subjectKeys: subjectKeys.keys,
  });
  const app = await createHttpApp({
    limits: httpLimitsOf(config), title: 'WAMI identity', tokens: firstOf(tokens, serviceToken(config.WAMI_SERVICE_TOKEN)), health,
    modules: [identity, HeadModule.of([runtime.store]), ApiKeyUsesModule.of(keys), SubjectKeysModule.of(subjectKeys.keys)], metrics, logger,
  });
  closing.before(() => app.close());
  const url = await listen(app, http.port, http.host);
  const scraped = await serveMetrics(metrics, config);
  closing.before(() => scraped.close());
  const grpc = await startGrpc({ app, services: IDENTITY_GRPC, tokens, health, logger, host: http.host, port: grpcPortOf(config, 50_051), connections: config.WAMI_HTTP_CONNECTIONS });
  closing.before(() => grpc.close());
  return { url, grpc: grpc.address };
}

import { createHttpApp, HealthRegistry, httpLimitsOf, kafkaOf, listen, Metrics, oidcSettingsOf, serveMetrics, type Logger, type Running } from '@wami/platform';
import type { ProviderAdapter } from '@wami/provider-port';
import { Closing, HeadModule, openAccess, openWriter, remotePersonalData, sealKeyOf, type SyncServiceName } from '@wami/service-runtime';
import { openConnectionsFile, SYNC_ENGINE_MIGRATIONS, type EngineOptions } from '@wami/sync-engine';
import { openTracing, tracingSettingsOf } from '@wami/tracing';
import type { SyncServiceConfig } from './config';
import { openSyncEngine } from './open-sync-engine';

export interface SyncService {
  readonly named: SyncServiceName;
  readonly adapter: ProviderAdapter;
}

/** A sync service as a process of its own. Resolves when it is ready; `address` is where health, metrics and its head are answered. */
export async function startSyncService(service: SyncService, config: SyncServiceConfig, logger: Logger): Promise<Running & { address: string }> {
  const closing = new Closing();
  const address = await closing.onFailure(() => open(service, config, logger, closing));
  return { address, close: () => closing.run() };
}

async function open({ named, adapter }: SyncService, config: SyncServiceConfig, logger: Logger, closing: Closing): Promise<string> {
  const oidc = oidcSettingsOf(config);
  const health = new HealthRegistry();
  const metrics = new Metrics(named.service);
  const http = { port: config.WAMI_HTTP_PORT, host: config.WAMI_HOST };
  closing.before(await openTracing(named.service, tracingSettingsOf(config), logger));
  const connections = openConnectionsFile(config.WAMI_CONNECTIONS, process.env, logger);
  closing.before(() => connections.close());
  health.add('connections', () => connections.health());
  const personal = remotePersonalData({ identity: config.WAMI_IDENTITY_URL, token: config.WAMI_SERVICE_TOKEN });
  const runtime = await openWriter({
    ...named, migrations: SYNC_ENGINE_MIGRATIONS, databaseUrl: config.WAMI_DATABASE_URL, http, health, logger, metrics, personal: () => ({ personal }), sealKey: sealKeyOf(config.WAMI_KEY_PEPPER),
    kafka: kafkaOf(config),
  });
  closing.before(() => runtime.close());
  const engine = await openSyncEngine({ named, adapter, runtime, connections, instance: config.WAMI_INSTANCE, health, metrics, logger, options: { ...leaseOf(config), checkEveryMs: config.WAMI_CREDENTIAL_CHECK_SECONDS * 1000 } });
  closing.before(() => engine.close());
  const { pool, log } = runtime;
  const access = await openAccess({ pool, log, schema: named.schema, health, logger, administrator: config.WAMI_ADMIN_TOKEN, pepper: config.WAMI_KEY_PEPPER, oidc });
  closing.before(() => access.close());
  const app = await createHttpApp({ limits: httpLimitsOf(config), title: `WAMI ${named.service}`, modules: [HeadModule.of([runtime.store])], tokens: access.tokens, health, metrics, logger });
  closing.before(() => app.close());
  const address = await listen(app, http.port, http.host);
  const scraped = await serveMetrics(metrics, config);
  closing.before(() => scraped.close());
  logger.info({ address }, `${named.service} answers`);
  return address;
}

/** A call has to end well before the lease does. */
function leaseOf({ WAMI_LEASE_SECONDS }: SyncServiceConfig): Pick<EngineOptions, 'leaseMs' | 'callTimeoutMs'> {
  const leaseMs = WAMI_LEASE_SECONDS * 1000;
  return { leaseMs, callTimeoutMs: Math.min(12_000, leaseMs * 0.4) };
}

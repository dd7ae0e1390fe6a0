import { readSite } from '@wami/console';
import {
  IDENTITY_GRPC, IDENTITY_SCHEMA, IDENTITY_SOURCE, IdentityModule, IDENTITY_MIGRATIONS, IDENTITY_REQUEST_SCOPE, localMasterKey, openIdentityAccess, openSubjectKeys, tellBackups,
  type OpenSubjectKeys,
} from '@wami/identity';
import { administratorToken, createHttpApp, firstOf, grpcPortOf, HealthRegistry, httpLimitsOf, kafkaOf, listen, Metrics, oidcSettingsOf, serveMetrics, oidcSignInSettingsOf, startGrpc, type Logger, type Running } from '@wami/platform';
import { createProjection, DEFAULT_SCHEMA, headsOfSchemas, PROJECTION_GRPC, PROJECTION_MIGRATIONS, projectionStreams } from '@wami/projection';
import { openReader, openWriter, sealKeyOf, SOURCES, SYNC_SOURCES, type Runtime, type RuntimeOptions } from '@wami/service-runtime';
import { openTracing, tracingSettingsOf } from '@wami/tracing';
import type { StandaloneConfig } from './config';
import { ConsoleSessions } from './console/console-sessions';
import { consoleModule, issuerOf, serveConsole, signInElsewhere } from './console/serve-console';
import { administratorTokenOf, announce, keyPepperOf, masterKeyOf, openDataDirectory, withdraw } from './data-directory';
import { openDatabase } from './database';
import { ensureDefaultTenant } from './default-tenant';
import { sayReady, untilReady } from './ready';
import { startSyncThread } from './sync-thread/start-sync-thread';

export interface Standalone extends Running {
  readonly url: string;
  /** Host and port. */
  readonly grpc: string;
  /** Addresses of the local sandbox clouds, by target. */
  readonly sandboxes: Readonly<Record<string, string>>;
  /** A code that signs in to the console, once. */
  newCode(): string;
  /** Every route that the router knows, as it prints them. */
  printRoutes(): string;
}

/** What a test puts around the ports of this process, to break it at named places. */
export interface Around {
  /** Stands in for what identity and the projection opened. */
  readonly runtime?: <R extends Runtime>(runtime: R) => R;
  /** Stands in for the entry of the sync thread. */
  readonly syncThread?: string;
}

/** Everything in one process, on one origin. What was opened before a failure is closed again. */
export async function startStandalone(config: StandaloneConfig, logger: Logger, around: Around = {}): Promise<Standalone> {
  const closing: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    return { ...await open(config, logger, around, (end) => closing.push(end)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type OnClose = (end: () => Promise<void> | void) => void;

async function open(config: StandaloneConfig, logger: Logger, around: Around, onClose: OnClose): Promise<Omit<Standalone, 'close'>> {
  const { runtime: within = (runtime) => runtime } = around;
  const oidc = oidcSettingsOf(config);
  const signIn = oidcSignInSettingsOf(config, oidc);
  const { path: folder, release } = openDataDirectory(config.WAMI_DATA_DIR);
  onClose(release);
  const token = administratorTokenOf(folder, config.WAMI_ADMIN_TOKEN);
  const pepper = keyPepperOf(folder, config.WAMI_KEY_PEPPER);
  const { WAMI_MASTER_KEY_PREVIOUS: previous } = config;
  const master = { current: localMasterKey(masterKeyOf(folder, config.WAMI_MASTER_KEY)), ...(previous ? { previous: localMasterKey(previous) } : {}) };
  const health = new HealthRegistry();
  const metrics = new Metrics('standalone');
  const tracing = tracingSettingsOf(config);
  onClose(await openTracing('standalone', tracing, logger));
  const database = await openDatabase(config.WAMI_DATABASE_URL, folder);
  onClose(() => database.stop());

  const http = { port: config.WAMI_HTTP_PORT, host: config.WAMI_HOST };
  const kafka = kafkaOf(config);
  const shared: Omit<RuntimeOptions, 'service' | 'schema'> = { databaseUrl: database.url, http, health, logger, kafka };
  let subjectKeys: OpenSubjectKeys | undefined;
  const identity = within(await openWriter({
    ...shared, metrics, service: IDENTITY_SOURCE, schema: IDENTITY_SCHEMA, migrations: IDENTITY_MIGRATIONS, requestScope: IDENTITY_REQUEST_SCOPE,
    sealKey: sealKeyOf(pepper), personal: async (pool) => (subjectKeys = await openSubjectKeys(pool, IDENTITY_SCHEMA, master)),
  }));
  onClose(() => identity.close());
  tellBackups(metrics, identity.pool);
  if (!subjectKeys) throw new Error('the keys of personal data were not opened');
  const personal = subjectKeys.personal.withoutMaker();
  const sync = await startSyncThread({
    databaseUrl: database.url.reveal(), sealKey: sealKeyOf(pepper), http, instance: config.WAMI_INSTANCE, folder, sandboxes: config.WAMI_SANDBOXES, kafka, ...(tracing === undefined ? {} : { tracing }), ...(config.WAMI_CONNECTIONS === undefined ? {} : { connections: config.WAMI_CONNECTIONS }),
    ...(config.WAMI_ADAPTER === undefined ? {} : { adapter: config.WAMI_ADAPTER }),
  }, { keys: personal.keys, health, metrics, logger, ...(around.syncThread === undefined ? {} : { entry: around.syncThread }) });
  onClose(() => sync.close());
  const reader = within(await openReader({ ...shared, service: 'projection', schema: DEFAULT_SCHEMA, migrations: PROJECTION_MIGRATIONS, personal: () => ({ personal }) }));
  onClose(() => reader.close());
  const projection = await createProjection({
    ...reader, sources: SOURCES.map(({ source }) => source), heads: headsOfSchemas(reader.pool, SOURCES), personal, health, metrics, logger, kafka,
  });
  onClose(() => projection.close());

  const access = await openIdentityAccess({ ...identity, health, logger, administrator: token, pepper, oidc });
  onClose(() => access.close());
  const sessions = new ConsoleSessions(administratorToken(token), token);
  const app = await createHttpApp({
    limits: httpLimitsOf(config), title: 'WAMI', tokens: firstOf(sessions, access.tokens), health, metrics, logger,
    modules: [
      IdentityModule.register({
        ...identity, logger, health, instance: config.WAMI_INSTANCE, syncSources: SYNC_SOURCES, apiKeys: { directory: access.keys, pepper }, subjectKeys: subjectKeys.keys,
      }),
      projection.module, consoleModule({ sessions, sandboxes: sync.sandboxes }), ...signInElsewhere(signIn),
    ],
  });
  const site = readSite({ sandboxes: Object.keys(sync.sandboxes), ...issuerOf(signIn) });
  if (site) serveConsole(app, site);
  onClose(() => app.close());
  const url = await listen(app, config.WAMI_HTTP_PORT, config.WAMI_HOST);
  const scraped = await serveMetrics(metrics, config);
  onClose(() => scraped.close());
  const grpc = await startGrpc({
    app, services: [...new Set([...IDENTITY_GRPC, ...PROJECTION_GRPC])], streams: projectionStreams(app), tokens: access.tokens, health, logger,
    host: config.WAMI_HOST, port: grpcPortOf(config, 50_051), connections: config.WAMI_HTTP_CONNECTIONS,
  });
  onClose(() => grpc.close());
  const authorization = `Bearer ${token.reveal()}`;
  await ensureDefaultTenant(async (method, path, body) => {
    const response = await fetch(url + path, { method, headers: { authorization, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: response.status, text: await response.text() };
  }, sync.openToDefault, logger);
  announce(folder, { url, grpc: grpc.address, sandboxes: sync.sandboxes });
  onClose(() => withdraw(folder));
  const stopping = new AbortController();
  const ready = untilReady(health, stopping.signal).then(() => { if (!stopping.signal.aborted) sayReady({ url, grpc: grpc.address, folder, sandboxes: sync.sandboxes, ...(site ? { code: sessions.newCode() } : {}) }); });
  onClose(() => {
    stopping.abort();
    return ready;
  });
  return { url, grpc: grpc.address, sandboxes: sync.sandboxes, newCode: () => sessions.newCode(), printRoutes: () => app.getHttpAdapter().getInstance().printRoutes() };
}

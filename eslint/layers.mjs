/**
 * The one table of import rules (the lint rules and their proof are generated from it).
 *
 * A project states its layer, and a cloud's service its cloud, as tags in its package.json ("nx": {"tags": [...]}).
 * Patterns of packages: an exact name, or a scope followed by `/*`.
 */

/** The packages that talk to a cloud, by the cloud tag of the one service that may import them. */
export const cloudSdks = {
  aws: ['@aws-sdk/*', '@smithy/*'],
  google: ['@google-cloud/*', '@googleapis/*', 'google-auth-library', 'googleapis'],
  azure: ['@azure/*', '@microsoft/*'],
};

/** Node modules that neither read nor write anything outside of the process and hold no clock and no randomness. */
export const pureBuiltins = ['assert', 'buffer', 'path', 'querystring', 'string_decoder', 'url', 'util'];

/** Packages that specs of every layer may import besides what their layer may. */
export const testPackages = ['fast-check', '@jest/globals'];

/**
 * mayImport: layers of the projects that may be imported. packages: 'any', or the only ones allowed, or none of a cloud
 * ('no-cloud', 'own-cloud'). builtins: 'any' or 'pure'.
 */
export const layers = {
  contract: {
    mayImport: ['contract'],
    // croner: whether a text is a cron expression is part of the schema that holds it.
    packages: ['croner', 'zod'],
    builtins: 'pure',
    reason: 'contracts are what every service, client and generated document shares, so they carry nothing but schemas',
  },
  domain: {
    mayImport: ['contract', 'domain'],
    packages: [],
    builtins: 'pure',
    reason: 'deciders are pure functions that a test runs without any part of the outside world',
  },
  port: {
    mayImport: ['contract', 'domain', 'port'],
    packages: ['zod'],
    builtins: 'pure',
    reason: 'the port is what an adapter of any cloud must do, so it knows neither an engine nor a cloud',
  },
  runtime: {
    mayImport: ['contract', 'domain', 'port', 'runtime'],
    packages: 'no-cloud',
    builtins: 'any',
    reason: 'engine, store, log and platform serve every cloud alike, so they know no service and no cloud SDK',
  },
  service: {
    mayImport: ['contract', 'domain', 'port', 'runtime'],
    packages: 'own-cloud',
    builtins: 'any',
    reason: 'services speak to each other by events alone, and a cloud is known only to the service that carries its tag',
  },
  adapter: {
    mayImport: ['contract', 'port'],
    packages: 'any',
    builtins: 'any',
    reason: 'the adapter of somebody else is a package outside of this workspace, so the example has only what such a package can have',
  },
  client: {
    mayImport: ['contract'],
    packages: ['commander', 'cli-table3', 'picocolors', 'yaml', 'listr2', 'cli-progress', '@bomb.sh/tab', 'preact', 'uplot', 'zod'],
    builtins: 'any',
    reason: 'a client sees the system as any user does: through the published contracts, with UI and CLI packages only',
  },
  bundle: {
    mayImport: ['contract', 'domain', 'port', 'runtime', 'service', 'client', 'bundle'],
    packages: 'any',
    builtins: 'any',
    reason: 'the bundle only composes what the services are, and ships without the tests',
  },
  testing: {
    mayImport: ['contract', 'domain', 'port', 'runtime', 'service', 'bundle', 'testing'],
    packages: 'any',
    builtins: 'any',
    reason: 'test helpers judge the system from below; a client is tried as a process, not imported',
  },
};

/** Specs, benchmarks and what kills a running system: the only files that may import the layer `testing`. */
export const testFiles = ['**/*.spec.ts', '**/testing/**/*.ts', '**/spec-support/**/*.ts', '**/history-checker/**/*.ts', '**/bench/**/*.ts', '**/chaos/**/*.ts', '**/simulation/**/*.ts'];
export const testOnly = {
  layer: 'testing',
  reason: 'test helpers are imported only by specs, benchmarks, chaos and simulation, so that nothing that ships depends on them',
};

/** Packages that stay behind a port: only these projects, or projects of these layers, may import them. */
export const confined = [
  {
    packages: ['@opentelemetry/*'],
    projects: ['@wami/tracing'],
    layers: [],
    reason: "OpenTelemetry stays behind spans of our own, so that nothing of it is loaded where nothing is traced",
  },
  {
    packages: ['kafkajs'],
    projects: ['@wami/event-log', '@wami/testing'],
    layers: [],
    reason: 'Kafka stays behind the event log, so that the same handlers run on both transports',
  },
  {
    packages: ['pg', 'pg-*'],
    projects: ['@wami/event-store', '@wami/event-log', '@wami/sync-engine', '@wami/service-runtime', '@wami/embedded-postgres', '@wami/testing'],
    layers: ['service', 'bundle'],
    reason: 'PostgreSQL is known to the stores and to the services that own a schema, to nobody else',
  },
];

export const deepImport = {
  scope: '@wami/',
  reason: "a project promises what its index.ts exports, its other files may change at any time",
};

export const cycle = { reason: 'projects that need each other can be neither understood nor tested apart' };

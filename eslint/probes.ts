/** What the import rules must refuse, and what they must let pass. `rule` names the row of a table that the probe proves. */
export interface Probe {
  readonly rule: string;
  readonly project: string;
  readonly code: string;
  readonly spec?: boolean;
}

const importing = (specifier: string): string => `import * as probe from '${specifier}';\nexport { probe };\n`;

const layer = (name: string, project: string, ...specifiers: string[]): Probe[] =>
  specifiers.map((specifier) => ({ rule: `layer:${name}`, project, code: importing(specifier) }));

const engineBan = (code: string): Probe => ({ rule: 'seams', project: 'libs/sync-engine', code: `export const probe = ${code};\n` });
const domainBan = (code: string): Probe => ({ rule: 'pure', project: 'libs/domain', code: `export const probe = ${code};\n` });

const decorated = 'const mark = (_: unknown): void => undefined;\n\n@mark\nexport class Probe {}\n';
const clouds = ['@aws-sdk/client-iam', '@google-cloud/iam', '@googleapis/admin', '@azure/identity', '@microsoft/microsoft-graph-client'];

export const forbidden: readonly Probe[] = [
  ...layer('contract', 'libs/contracts', '@wami/domain', '@wami/platform', 'pino', 'node:fs'),
  ...layer('domain', 'libs/domain', '@wami/provider-port', '@wami/event-store', 'zod', 'node:fs/promises', 'node:crypto', 'child_process'),
  ...layer('port', 'libs/provider-port', '@wami/sync-engine', 'rxjs', 'node:http'),
  ...layer('runtime', 'libs/sync-engine', '@wami/identity', '@wami/cli', '@wami/standalone', ...clouds),
  ...layer('runtime', 'libs/event-store', '@wami/sync-aws', '@aws-sdk/client-sts'),
  ...layer('runtime', 'libs/event-log', '@aws-sdk/client-iam'),
  ...layer('runtime', 'libs/platform', '@aws-sdk/client-iam'),
  ...layer('runtime', 'libs/sandbox', '@aws-sdk/client-iam'),
  ...layer('runtime', 'libs/embedded-postgres', '@aws-sdk/client-iam'),
  ...layer('service', 'services/identity', '@wami/projection', '@wami/cli', '@wami/standalone', '@aws-sdk/client-iam'),
  ...layer('service', 'services/sync-aws', '@wami/identity', '@google-cloud/iam', '@azure/identity'),
  ...layer('service', 'services/sync-azure', '@wami/identity', '@aws-sdk/client-iam', '@google-cloud/iam'),
  ...layer('service', 'services/sync-gcp', '@wami/sync-aws', '@aws-sdk/client-iam', '@azure/identity'),
  ...layer('service', 'services/sync-custom', '@wami/example-custom-adapter', '@wami/sync-gcp', '@aws-sdk/client-iam'),
  ...layer('adapter', 'examples/custom-adapter', '@wami/domain', '@wami/sync-service', '@wami/platform'),
  ...layer('client', 'services/cli', '@wami/domain', '@wami/identity', '@wami/platform', 'pino', 'pg', '@aws-sdk/client-iam'),
  ...layer('testing', 'libs/testing', '@wami/cli'),
  ...['libs/contracts', 'libs/domain', 'libs/event-store', 'services/identity', 'services/cli', 'services/standalone'].map((project) => ({
    rule: 'testOnly',
    project,
    code: importing('@wami/testing'),
  })),
  ...['libs/event-store', 'libs/sync-engine', 'services/identity', 'services/standalone'].map((project) => ({
    rule: 'confined:kafkajs',
    project,
    code: importing('kafkajs'),
  })),
  ...['libs/platform', 'libs/sync-engine', 'services/standalone'].map((project) => ({ rule: 'confined:@opentelemetry/*', project, code: importing('@opentelemetry/api') })),
  ...['libs/platform', 'libs/sandbox'].map((project) => ({ rule: 'confined:pg', project, code: importing('pg') })),
  { rule: 'deepImport', project: 'libs/domain', code: importing('@wami/contracts/src/index') },
  { rule: 'deepImport', project: 'libs/domain', code: importing('../../contracts/src/index') },
  { rule: 'deepImport', project: 'libs/domain', code: importing('@wami/contracts/src/index'), spec: true },

  { rule: 'cycle', project: 'libs/event-store', code: importing('@wami/event-log') },

  // The same import in every other form that TypeScript has.
  { rule: 'layer:domain', project: 'libs/domain', code: "import type { Pool } from 'pg';\nexport type Probe = Pool;\n" },
  { rule: 'layer:domain', project: 'libs/domain', code: "export type Probe = import('@wami/event-store').Probe;\n" },
  { rule: 'layer:domain', project: 'libs/domain', code: "import probe = require('@wami/event-store');\nexport { probe };\n" },
  { rule: 'layer:domain', project: 'libs/domain', code: "export { probe } from '@wami/event-store';\n" },
  { rule: 'layer:domain', project: 'libs/domain', code: "export * from '@wami/event-store';\n" },
  { rule: 'layer:domain', project: 'libs/domain', code: "export const probe = (): Promise<unknown> => import('@wami/event-store');\n" },
  { rule: 'layer:domain', project: 'libs/domain', code: "export const probe: unknown = require('@wami/event-store');\n" },
  { rule: 'layer:domain', project: 'libs/domain', code: importing('@wami/event-store'), spec: true },
  { rule: 'layer:runtime', project: 'libs/sync-engine', code: importing('@aws-sdk/client-iam'), spec: true },

  engineBan('Date.now()'),
  engineBan('Date.now'),
  engineBan('new Date()'),
  engineBan('Math.random()'),
  engineBan("Math['random']()"),
  engineBan('setTimeout(() => undefined, 1)'),
  engineBan('setInterval(() => undefined, 1)'),
  engineBan('globalThis.setTimeout(() => undefined, 1)'),
  engineBan('crypto.randomUUID()'),
  engineBan('AbortSignal.timeout(1)'),
  engineBan('process.env'),
  { rule: 'seams', project: 'libs/sync-engine', code: "import { randomUUID } from 'node:crypto';\nexport const probe = randomUUID;\n" },
  { rule: 'seams', project: 'libs/sync-engine', code: "import { setTimeout as probe } from 'node:timers/promises';\nexport { probe };\n" },
  { rule: 'seams', project: 'libs/sync-engine', code: 'const { now } = Date;\nexport { now };\n' },
  domainBan('Date.now()'),
  domainBan('new Date()'),
  domainBan('Math.random()'),
  ...['libs/contracts', 'libs/domain', 'libs/provider-port'].map((project) => ({ rule: 'decorator', project, code: decorated })),
];

const passing = (project: string, ...specifiers: string[]): Probe[] => [
  { rule: 'allowed', project, code: specifiers.map((specifier, n) => `import * as probe${n} from '${specifier}';\nexport { probe${n} };\n`).join('') },
];

export const allowed: readonly Probe[] = [
  ...passing('libs/contracts', 'zod', 'node:util'),
  ...passing('libs/domain', '@wami/contracts', 'node:util'),
  ...passing('libs/provider-port', '@wami/contracts', '@wami/domain', 'zod'),
  ...passing('libs/sync-engine', '@wami/provider-port', '@wami/event-store', '@wami/event-log', 'pg', 'node:fs'),
  ...passing('libs/event-log', '@wami/contracts', 'kafkajs', 'pg'),
  ...passing('services/identity', '@wami/domain', '@wami/platform', '@nestjs/common', 'pg'),
  ...passing('services/sync-aws', '@wami/sync-engine', '@aws-sdk/client-iam'),
  ...passing('services/sync-azure', '@wami/provider-port', '@azure/identity', '@azure/arm-authorization', '@microsoft/microsoft-graph-client'),
  ...passing('services/sync-gcp', '@wami/provider-port', '@googleapis/iam', '@googleapis/cloudidentity', '@googleapis/admin', '@google-cloud/resource-manager', 'google-auth-library'),
  ...passing('services/sync-custom', '@wami/provider-port', '@wami/sync-service', 'node:module'),
  ...passing('examples/custom-adapter', '@wami/provider-port', '@wami/contracts', 'node:fs', 'ldapts'),
  ...passing('services/cli', '@wami/contracts', 'commander', 'node:fs'),
  ...passing('services/standalone', '@wami/identity', '@wami/projection', '@wami/sync-aws', '@wami/embedded-postgres'),
  ...passing('libs/testing', '@wami/provider-port', '@wami/embedded-postgres', 'pg', 'kafkajs'),
  { rule: 'allowed', project: 'libs/sync-engine', code: 'export const probe = new Date(0);\n' },
  { rule: 'allowed', project: 'libs/sync-engine', code: 'export const probe = Date.now();\n', spec: true },
  { rule: 'allowed', project: 'libs/platform', code: `${decorated}export const probe = Date.now();\n` },
  ...['libs/contracts', 'libs/domain', 'libs/event-store', 'services/identity', 'services/cli'].map((project) => ({
    rule: 'allowed',
    project,
    code: importing('@wami/testing'),
    spec: true,
  })),
];

/** Habits of style.md that are lint errors too; `rule` is what the message must contain. */
export const habits: readonly Probe[] = [
  { rule: 'a default export is banned here', project: 'libs/platform', code: 'export default 1;\n' },
  { rule: 'a default export is banned here', project: 'libs/platform', code: 'const probe = 1;\nexport { probe as default };\n' },
  { rule: 'must carry its reason', project: 'libs/platform', code: '/* eslint-disable max-lines */\nexport const probe = 1;\n' },
  { rule: 'must name the rules', project: 'libs/platform', code: '// eslint-disable-next-line\nexport const probe = 1;\n' },
  { rule: 'no-explicit-any', project: 'libs/platform', code: 'export const probe = (value: any): unknown => value;\n' },
  { rule: 'no-floating-promises', project: 'libs/platform', code: 'export function probe(): void {\n  Promise.resolve();\n}\n' },
  {
    rule: 'no-misused-promises',
    project: 'libs/platform',
    code: "export function probe(): void {\n  process.on('exit', async () => Promise.resolve());\n}\n",
  },
  { rule: 'max-lines', project: 'libs/platform', code: `export const probe = 1;\n${'// filler\n'.repeat(300)}` },
  { rule: 'no-floating-promises', project: 'libs/platform', code: 'function probe(): void {\n  Promise.resolve();\n}\nprobe();\n', spec: true },
];

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readConfig } from '@wami/platform';
import { SYNC_SERVICES } from '@wami/service-runtime';
import { consoleConfigSchema } from '../console/console.config';
import { SERVICE_SETTINGS, SYNC_SERVICE_SETTINGS as syncServices } from '../docs/service-settings';

interface Container {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
}

const ROOT = join(__dirname, '../../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
// The parser that reads the operator's connections file.
const { parse } = createRequire(join(ROOT, 'libs/sync-engine/package.json'))('yaml') as { parse(text: string, options: { merge: boolean }): unknown };

const compose = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Container>; volumes: Record<string, unknown> };
const containers = Object.entries(compose.services);
const container = (name: string): Container => compose.services[name] ?? { image: 'none' };
const { custom } = SYNC_SERVICES;
const services = Object.entries(SERVICE_SETTINGS);
const addressOf = (name: string): string => `${name}:${String(container(name).environment?.['WAMI_HTTP_PORT'])}`;

/** As compose fills in what the shell does not set; what has no default gets a long text, and 32 bytes in base64 where that is asked for. What is only there where it is set is left out. */
const filled = (value: string | number): string =>
  String(value).replaceAll(/\$\{\w+(?::([-?+])([^}]*))?\}/g, (_, kind: string, text: string) => (kind === '+' ? '' : kind === '-' ? text : /base64/.test(text) ? Buffer.alloc(32, 7).toString('base64') : 'given-by-the-shell-of-the-operator'));

describe('docker-compose.yml', () => {
  it.each(containers)('%s: its image is pinned, it waits for what is healthy, and says that it is', (_name, { image, depends_on: needs = {}, healthcheck }) => {
    expect(image).toMatch(/^(wami|postgres:\d+\.\d+-[a-z]+|[a-z/]+:v?\d+\.\d+\.\d+(-[a-z]+)?)$/);
    expect(Object.values(needs).map(({ condition }) => condition)).toEqual(Object.keys(needs).map(() => 'service_healthy'));
    for (const needed of Object.keys(needs)) expect(container(needed).healthcheck).toBeDefined();
    expect(healthcheck?.test.length).toBeGreaterThan(1);
  });

  it.each(services)('%s: runs its own main with settings that it knows and takes, asked for its readiness', (name, schema) => {
    const { command, environment = {}, healthcheck } = container(name);
    expect(command).toEqual(['node', `services/${name}/dist/main.js`]);
    expect(existsSync(join(ROOT, `services/${name}/src/main.ts`))).toBe(true);
    const known = Object.keys(schema.shape);
    expect(Object.keys(environment).filter((key) => !key.startsWith('AWS_') && !known.includes(key))).toEqual([]);
    const env = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, filled(value)]));
    expect(readConfig(schema, env)).toMatchObject({ WAMI_HOST: '0.0.0.0', WAMI_KAFKA_BROKERS: ['kafka:9092'] });
    expect(healthcheck?.test.join(' ')).toContain("process.env.WAMI_HTTP_PORT+'/health/ready'");
  });

  it('console: runs the web page without a secret and without a database, told of the issuer that the services are told of', () => {
    const { command, environment = {}, healthcheck } = container('console');
    expect(command).toEqual(['node', 'services/standalone/dist/console/main.js']);
    expect(existsSync(join(ROOT, 'services/standalone/src/console/main.ts'))).toBe(true);
    const known = Object.keys(consoleConfigSchema.shape);
    expect(Object.keys(environment).filter((key) => !known.includes(key) || /TOKEN|KEY|DATABASE|PEPPER/.test(key))).toEqual([]);
    for (const key of ['WAMI_OIDC_ISSUER', 'WAMI_OIDC_AUDIENCE']) for (const [name] of services) expect([name, container(name).environment?.[key]]).toEqual([name, environment[key]]);
    expect(healthcheck).toEqual(container('identity').healthcheck);
    expect(read('infra/docker/nginx.conf')).toContain(`"${addressOf('console')}"`);
    expect(read('infra/docker/Dockerfile')).toContain('npm run build:console');
  });

  it('names addresses, ports and files that are there', () => {
    const writers = ['identity', ...syncServices.map(([name]) => name)].map((name) => `${name}=http://${addressOf(name)}`);
    // Who names no adapter of their own has none, and nobody waits for what it wrote.
    expect(container('projection').environment?.['WAMI_WRITERS']).toBe(`${writers.slice(0, -1).join(',')}\${WAMI_ADAPTER:+,${writers.at(-1)}}`);
    expect([writers.at(-1), container(custom.service).profiles]).toEqual([expect.stringMatching(/^sync-custom=/), ['custom']]);
    for (const [name, schema] of syncServices) expect(addressOf(name)).toBe(`${name}:${schema.shape.WAMI_HTTP_PORT.parse(undefined)}`);
    for (const name of [...syncServices.map(([name]) => name), 'projection']) expect(container(name).environment?.['WAMI_IDENTITY_URL']).toBe(`http://${addressOf('identity')}`);
    for (const name of ['identity', 'projection']) {
      const port = addressOf(name).split(':')[1] ?? '';
      const grpc = String(container(name).environment?.['WAMI_GRPC_PORT']);
      expect(container(name).ports).toEqual([`${port}:${port}`, `${grpc}:${grpc}`]);
      expect(read('infra/docker/nginx.conf')).toContain(`"${addressOf(name)}"`);
    }
    expect(read('infra/docker/nginx.conf')).toContain(`listen ${container('ingress').ports?.[0]?.split(':')[1] ?? ''};`);
    for (const volume of containers.flatMap(([, { volumes = [] }]) => volumes)) {
      const [from = ''] = filled(volume).split(':');
      expect([from, from.startsWith('.') ? existsSync(join(ROOT, from)) : from in compose.volumes]).toEqual([from, true]);
    }
  });
});

it('Prometheus asks every service that runs by default, by the alerts that are tested', () => {
  const { scrape_configs: [scrape], rule_files: files } = parse(read('infra/observability/prometheus.yml'), { merge: false }) as { scrape_configs: { static_configs: { targets: string[] }[] }[]; rule_files: string[] };
  expect(scrape?.static_configs[0]?.targets.sort()).toEqual(services.filter(([name]) => container(name).profiles === undefined).map(([name]) => addressOf(name)).sort());
  expect(container('prometheus').volumes).toContain(`./infra/observability/wami.rules.yml:${files[0]}:ro`);
});

describe('the Dockerfile', () => {
  const lines = read('infra/docker/Dockerfile').split('\n');
  const copied = lines.filter((line) => line.startsWith('COPY ') && !line.includes('--from')).flatMap((line) => line.split(' ').slice(1, -1));

  it('copies what exists, what the build needs, and nothing that is ignored', () => {
    const ignored = read('.dockerignore').split('\n').filter(Boolean);
    expect(copied.filter((path) => !existsSync(join(ROOT, path)) || ignored.includes(path))).toEqual([]);
    const { references, extends: base } = JSON.parse(read('tsconfig.json')) as { references: { path: string }[]; extends: string };
    const needed = ['package.json', 'package-lock.json', 'tsconfig.json', base.replace('./', ''), ...references.map(({ path }) => path.split('/')[1] ?? '')];
    expect(needed.filter((path) => !copied.includes(path))).toEqual([]);
  });

  it('builds on one pinned Node that is new enough, runs as nobody special, and starts what is there', () => {
    const bases = lines.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1]);
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:20\.(19|[2-9]\d)\.\d+-bookworm-slim$/);
    expect(lines).toContain('USER node');
    const [, main = ''] = JSON.parse(lines.find((line) => line.startsWith('CMD '))?.slice(4) ?? '[]') as string[];
    expect(existsSync(join(ROOT, main.replace('/dist/', '/src/').replace(/\.js$/, '.ts')))).toBe(true);
    expect(lines.some((line) => line.includes('npm run build'))).toBe(true);
  });
});

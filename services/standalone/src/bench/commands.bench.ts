import { serviceProcess, sized, type BenchFigure } from '@wami/testing';
import { benchRawAppend, type Rates } from './raw-append';
import { KeptOpen } from './kept-open';
import { countFor } from './count-for';

export interface CommandsOptions {
  /** An empty database. */
  readonly url: string;
  /** Time for each rate. */
  readonly seconds: number;
  readonly connections: number;
  /** What is there already when the last rates are taken. */
  readonly users: number;
  readonly tenants: number;
}

/** Operations of a batch, and batches in flight. */
const BATCH = 250;
const BATCHES = 2;
const WARM_UP_SECONDS = sized(3, 0.2);
const TOKEN = 'the-administrator-of-this-benchmark';

/**
 * Commands a second that identity accepts over HTTP, beside what its event store takes in process: with nothing stored, then in a tenant that has
 * many users, among many tenants. Each command makes a user: an event, a name, a reference to its tenant.
 */
export async function benchCommands(options: CommandsOptions): Promise<readonly BenchFigure[]> {
  const { url, seconds, connections } = options;
  const identity = await serviceProcess('identity', {
    WAMI_DATABASE_URL: url, WAMI_ADMIN_TOKEN: TOKEN, WAMI_KEY_PEPPER: TOKEN.repeat(2), WAMI_SERVICE_TOKEN: TOKEN.repeat(2), WAMI_MASTER_KEY: Buffer.alloc(32, 'bench').toString('base64'),
    WAMI_HTTP_RATE: '1000000', WAMI_HTTP_BURST: '1000000', WAMI_LOG_LEVEL: 'warn',
  });
  const http = new KeptOpen(identity.url, TOKEN, connections);
  try {
    identity.start();
    await identity.ready();
    await http.post('/v1/tenants', { id: 'empty', name: 'Empty' });
    await rates(http, 'empty', connections, WARM_UP_SECONDS);
    const raw = await benchRawAppend({ url, connections, page: BATCH, pages: BATCHES, seconds });
    const empty = await rates(http, 'empty', connections, seconds);
    await populate(http, options);
    const full = await rates(http, 'full', connections, seconds);
    return figures(options, raw, empty, full);
  } finally {
    http.close();
    await identity.kill9();
  }
}

async function rates(http: KeptOpen, tenant: string, connections: number, seconds: number): Promise<Rates> {
  return {
    single: await countFor(seconds, connections, async () => {
      await http.post('/v1/users', user(tenant));
      return 1;
    }),
    batched: await countFor(seconds, BATCHES, () => batch(http, Array.from({ length: BATCH }, () => ({ path: '/v1/users', body: user(tenant) })))),
  };
}

async function populate(http: KeptOpen, { users, tenants }: CommandsOptions): Promise<void> {
  await http.post('/v1/tenants', { id: 'full', name: 'Full' });
  await inBatches(http, tenants, (index) => ({ path: '/v1/tenants', body: { id: `t${index}`, name: `Tenant ${index}` } }));
  await inBatches(http, users, () => ({ path: '/v1/users', body: user('full') }));
}

interface Creation {
  readonly path: string;
  readonly body: object;
}

async function inBatches(http: KeptOpen, count: number, creation: (index: number) => Creation): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    await batch(http, Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => creation(from + at)));
  }
}

async function batch(http: KeptOpen, creations: readonly Creation[]): Promise<number> {
  const answer = JSON.parse(await http.post('/v1/batch', { operations: creations.map((one) => ({ method: 'POST', ...one })) })) as { results: { status: number }[] };
  const refused = answer.results.find(({ status }) => status !== 201);
  if (refused) throw new Error(`a command was refused: ${JSON.stringify(refused)}`);
  return creations.length;
}

let made = 0;
const user = (tenant: string): object => ({ tenant, userName: `user.${++made}`, displayName: `User ${made}`, tags: { team: 'core' } });

function figures({ connections, users, tenants }: CommandsOptions, raw: Rates, empty: Rates, full: Rates): BenchFigure[] {
  const among = `${users.toLocaleString('en')} users in the tenant, ${tenants.toLocaleString('en')} tenants`;
  const kinds = { single: `${connections} connections`, batched: `batches of ${BATCH}, ${BATCHES} connections` };
  return (['single', 'batched'] as const).flatMap((kind) => {
    const ceiling = { name: `raw append in process, ${kind === 'single' ? `${connections} in flight` : `pages of ${BATCH}, ${BATCHES} in flight`}`, value: raw[kind], unit: 'events/s' };
    const first = { name: `commands over HTTP, ${kinds[kind]}`, value: empty[kind], unit: 'commands/s', ceiling: ceiling.name, ratio: empty[kind] / raw[kind] };
    return [ceiling, first, { name: `the same with ${among}: ${kinds[kind]}`, value: full[kind], unit: 'commands/s', ceiling: first.name, ratio: full[kind] / empty[kind] }];
  });
}

const { existsSync } = require('node:fs');
const { totalmem } = require('node:os');
const { join } = require('node:path');
const { root } = require('../install.cjs');

const CONNECTIONS = 16;
/** Where only to be seen that it works, the second. */
const sized = (full, quick) => require('@wami/testing').sized(full, quick);

/** Runs `work` with an empty database on a PostgreSQL that writes to disk as the one of `npm start` does. */
async function withDatabase(work, options = {}) {
  const postgres = await require('@wami/testing').startTestPostgres({ durable: true, ...options });
  try {
    return await work(postgres.url);
  } finally {
    await postgres.stop();
  }
}

/** Six tenths of the machine's memory. */
const buffers = () => `${Math.floor((totalmem() * 0.6) / 2 ** 20)}MB`;

const perSecond = (unit) => (rows) => rows.map(({ perSecond: value, ...row }) => ({ ...row, value, unit }));

/**
 * `run` gets the bench's module and resolves with its figures (`BenchFigure` of @wami/testing). A goal is for each figure whose name
 * fits; `of` is what of it is compared. `once`: one run tells enough. `alone`: it takes many minutes, so that a run of all leaves it out.
 */
const benches = [
  {
    name: 'append',
    title: 'Appending to the event store',
    module: 'libs/event-store/src/bench/append.bench.ts',
    run: ({ benchAppend }) => withDatabase((url) => benchAppend({ url, seconds: sized(4, 0.6), connections: CONNECTIONS })).then(perSecond('events/s')),
    goals: [
      { figure: /^append of a command/, of: 'ratio', atLeast: 0.5 },
      { figure: /^appendIn/, of: 'ratio', atLeast: 0.5 },
    ],
  },
  {
    name: 'commands',
    title: 'Commands over HTTP',
    module: 'services/standalone/src/bench/commands.bench.ts',
    run: ({ benchCommands }) => withDatabase((url) => benchCommands({
      url, connections: 32, seconds: sized(4, 0.5), users: sized(100_000, 500), tenants: sized(10_000, 50),
    })),
    // "Not slower than 1.2 times": 1 / 1.2.
    goals: [{ figure: /^the same with/, of: 'ratio', atLeast: 0.83 }],
  },
  {
    name: 'rebuild',
    title: 'Rebuilding the read models',
    module: 'services/projection/src/bench/rebuild.bench.ts',
    run: ({ benchRebuild }) => withDatabase((url) => benchRebuild({ url })).then(perSecond('events/s')),
    goals: [{ figure: /^rebuild/, of: 'ratio', atLeast: 0.5 }],
  },
  {
    name: 'visible',
    title: 'From a command over HTTP to the state that a query answers, at 50 commands/s',
    module: 'services/standalone/src/bench/visible.bench.ts',
    run: ({ benchVisible }) => benchVisible({ perSecond: 50, seconds: sized(10, 1) }),
    goals: [{ figure: /visible to a query, p99$/, of: 'value', below: 250 }],
  },
  {
    name: 'sync',
    title: 'Syncing to moto, an AWS API that is not ours; both sides warm by 2,000 users',
    module: 'services/sync-aws/src/bench/sync.bench.ts',
    run: ({ benchSync }) => benchSync(),
    goals: [
      { figure: /from switching the account on to all Synced$/, of: 'ratio', atLeast: 0.8 },
      { figure: /unchanged users$/, of: 'value', below: 20 },
      { figure: /unchanged users, writes$/, of: 'value', below: 1 },
    ],
  },
  {
    name: 'calls',
    title: 'Calls of AWS by kind of change',
    module: 'services/sync-aws/src/bench/calls.bench.ts',
    once: true,
    run: ({ benchCalls }) => benchCalls(),
    goals: [{ figure: /^create a user/, of: 'value', below: 2 }],
  },
  {
    name: 'calls-at-others',
    title: 'Calls of Microsoft and Google by kind of change',
    module: 'services/standalone/src/bench/calls-at-others.bench.ts',
    once: true,
    run: ({ benchCallsAtOthers }) => benchCallsAtOthers(),
    goals: [{ figure: /^Azure: resync of .* users/, of: 'value', below: 20 }],
  },
  {
    name: 'pace',
    title: 'An AWS API that lets 20 writes a second through, with a burst of 20 and Retry-After',
    module: 'services/sync-aws/src/bench/pace.bench.ts',
    once: true,
    run: ({ benchPace }) => benchPace(),
    goals: [
      { figure: /of the quota used$/, of: 'value', atLeast: 95 },
      { figure: /calls throttled$/, of: 'value', below: 1 },
      { figure: /Jain/, of: 'value', atLeast: 0.95 },
    ],
  },
  {
    name: 'tenants',
    title: 'Fifty tenants at one AWS account, which asks to wait in every form of Retry-After (assurance test 16)',
    module: 'services/sync-aws/src/bench/tenants.bench.ts',
    once: true,
    run: ({ benchTenants }) => benchTenants(),
    goals: [
      { figure: /Jain/, of: 'value', atLeast: 0.95 },
      { figure: /^writes (before|after)/, of: 'value', below: 1 },
      { figure: /^control/, of: 'value', atLeast: 1 },
    ],
  },
  {
    name: 'outage',
    title: 'An AWS account that answers every call with 500 for two minutes and is back then (assurance test 15)',
    module: 'services/sync-aws/src/bench/outage.bench.ts',
    once: true,
    run: ({ benchOutage }) => benchOutage(),
    goals: [
      { figure: /^amplification/, of: 'ratio', below: 1.1 },
      { figure: /in any second/, of: 'value', below: 101 },
      { figure: /calls throttled$/, of: 'value', below: 1 },
      { figure: /until all are Synced$/, of: 'ratio', atLeast: 0.8 },
      { figure: /the same while/, of: 'ratio', atLeast: 0.5 },
    ],
  },
  {
    name: 'replicas',
    title: 'One sync service and two at eight accounts, each held to a quarter of a core',
    module: 'services/sync-aws/src/bench/replicas.bench.ts',
    once: true,
    run: ({ benchReplicas }) => benchReplicas(),
    goals: [{ figure: /^two/, of: 'ratio', atLeast: 1.5 }],
  },
  {
    name: 'idle',
    title: 'A sync service with a million bindings on record',
    module: 'services/sync-aws/src/bench/idle.bench.ts',
    once: true,
    run: ({ benchIdle }) => benchIdle(),
    goals: [{ figure: /most memory$/, of: 'value', below: 512 }],
  },
  {
    name: 'priority',
    title: 'A person’s change behind a backlog of a sweep',
    module: 'libs/sync-engine/src/bench/priority.bench.ts',
    once: true,
    run: ({ benchPriority }) => withDatabase((url) => benchPriority({ url })),
    goals: [
      { figure: /^a person.*max$/, of: 'value', below: 1000 },
      { figure: /^access.*max$/, of: 'value', below: 1000 },
      { figure: /^one claim/, of: 'value', below: 10 },
    ],
  },
  {
    name: 'queries',
    title: 'Queries at ten million sync states, in the database',
    module: 'services/projection/src/bench/queries.bench.ts',
    alone: true,
    run: ({ benchQueries }) => withDatabase((url) => benchQueries({ url }), { settings: { max_wal_size: '8GB', shared_buffers: sized(buffers(), '64MB') } }),
    goals: [{ figure: /p99$/, of: 'value', below: 10 }],
  },
];

const fileOf = (bench) => join(root, bench.module);
const exists = (bench) => existsSync(fileOf(bench));

module.exports = { benches, fileOf, exists };

import type { SyncConfig } from '@wami/contracts';
import type { SeededRandom } from '@wami/testing';
import type { EngineOptions } from '../options';
import type { LogHabits } from './scheduled-log';
import type { CloudHabits } from './simulated-cloud';

/** Which faults a seed has at all, and how many: of a whole zoo of faults some never meet, for one of them hides the other. */
export interface Swarm {
  readonly replicas: number;
  readonly commands: number;
  readonly paceMs: number;
  readonly foreign: number;
  readonly crashes: number;
  readonly crash: number;
  readonly stall: number;
  readonly connectionLost: number;
  readonly databaseMs: number;
  readonly skewMs: number;
  readonly cloud: (random: SeededRandom) => CloudHabits;
  readonly log: (random: SeededRandom) => LogHabits;
  /** In some worlds people take away more than their tenant allows: so many of a kind. */
  readonly guard?: number;
  /** So many work in the account. */
  readonly tenants: number;
  /** In some worlds the connection only looks at first. */
  readonly observes: boolean;
  /** In some worlds what stands in the way is merged. */
  readonly merges: boolean;
  /** So many accounts the tenants have. */
  readonly accounts: number;
  /** In some worlds everything is swept on a schedule. */
  readonly sweeps: boolean;
  /** In some worlds looks find who had a name before. */
  readonly haunted: boolean;
  /** In some worlds there are policies and roles, attachments and permissions boundaries. */
  readonly policies: boolean;
  /** In some worlds users, groups and roles have inline policies. */
  readonly inlines: boolean;
  /** In some worlds people do many things at once, and take access away from one in the midst of it. */
  readonly bursts: boolean;
  /** In some worlds what others made is imported. */
  readonly imports: boolean;
  /** In some worlds triggers are turned off and on. */
  readonly triggers: boolean;
  /** In some of those people approve plans. */
  readonly plans: boolean;
  /** In some worlds tenants turn from push to this and back. */
  readonly direction?: Exclude<SyncConfig['direction'], 'push'>;
}

/** Times that leave room for what a seed does in a minute. */
export const OPTIONS: Partial<EngineOptions> = {
  concurrency: 4, leaseMs: 12_000, callTimeoutMs: 4_000, pollMs: 10_000, sweepAbove: 3, ownershipMs: 15_000, visibilityMs: 30_000, sightMs: 15_000, checkEveryMs: Infinity,
};

const FAULT_FREE = 0.1;
const GUARDED = 0.12;
const OBSERVING = 0.06;
const SHARED = 0.12;
const MERGING = 0.08;
const TWO_ACCOUNTS = 0.1;
const SWEPT = 0.08;
const TRIGGERED = 0.1;
const PLANNED = 0.5;
const DIRECTED = 0.1;
const HAUNTED = 0.3;
const WITH_POLICIES = 0.12;
const WITH_INLINE = 0.18;
const IMPORTING = 0.12;
/** How much of what happens others do, where their things are imported, or they have inline policies on ours. */
const BUSY = 0.35;
/** Milliseconds there, or back: several inline policies are one call of the adapter, with one time limit. */
const QUICK = 200;
const LAGGING = 0.2;
const MOST_LAG = 6_000;
/** By these numbers the worlds that broken engines were caught in before have none of what they draw. */
const DRAWN = 103;
const DRAWN_IMPORTS = 1250;
const DRAWN_INLINE = 10424;

export function drawSwarm(random: SeededRandom): Swarm {
  const free = random.chance(FAULT_FREE);
  const some = (most: number): number => (free || random.chance(0.5) ? 0 : random.between(0, most));
  // Some go through a time in which hardly anything works.
  const storm = (most: number): number => (!free && random.chance(0.06) ? random.between(0.5, 0.9) : some(most));
  const slowest = random.pick([20, 200, 800]);
  const cloud = {
    throttle: storm(0.15), unavailable: storm(0.15), rejectCredentials: storm(0.04), loseAnswer: some(0.3), loseCall: some(0.1), late: some(0.1),
    unseenMs: some(5_000), slow: some(0.1),
  };
  const log = { partitions: random.pick([1, 2, 4]), most: random.pick([1, 3, 20]), overlap: free ? 0 : some(0.3) };
  const delay = random.pick([5, 300, 3_000]);
  const replicas = random.pick([1, 1, 2]);
  const swarm = {
    replicas, commands: 8 + random.int(20), paceMs: random.pick([50, 1_000, 6_000]), foreign: some(0.4),
    crashes: free ? 0 : random.int(4), crash: random.pick([0.003, 0.02]), stall: some(replicas > 1 ? 0.015 : 0.004), connectionLost: some(0.02),
    databaseMs: random.pick([1, 5, 60]), skewMs: some(500),
    cloud: (ways: SeededRandom) => ({ ...cloud, way: () => ways.between(1, slowest) }),
    log: (delays: SeededRandom) => ({ ...log, delay: () => delays.between(1, delay) }),
  };
  // Drawn last: it moves nothing else.
  const guard = random.chance(GUARDED) ? { guard: random.pick([5, 6, 7]) } : {};
  const world = { ...swarm, ...guard, observes: random.chance(OBSERVING), tenants: guard.guard === undefined && random.chance(SHARED) ? 3 : 1, merges: random.chance(MERGING),
    accounts: guard.guard === undefined && random.chance(TWO_ACCOUNTS) ? 2 : 1, sweeps: random.chance(SWEPT) };
  const settings = random.fork(`settings ${DRAWN}`);
  const triggers = settings.chance(TRIGGERED);
  const plans = triggers && world.accounts === 1 && guard.guard === undefined && settings.chance(PLANNED);
  const isDirected = guard.guard === undefined && !world.merges && settings.chance(DIRECTED);
  const haunted = cloud.unseenMs > 0 && settings.chance(HAUNTED);
  const ghosts: Partial<Pick<Swarm, 'cloud'>> = haunted ? { cloud: (ways: SeededRandom) => ({ ...swarm.cloud(ways), ghosts: true }) } : {};
  const lag = random.fork('lag');
  const lagMs = !free && lag.chance(LAGGING) ? lag.between(500, MOST_LAG) : 0;
  const lags: Partial<Pick<Swarm, 'cloud'>> = lagMs > 0 ? { cloud: (ways: SeededRandom) => ({ ...(ghosts.cloud ?? swarm.cloud)(ways), lagMs }) } : {};
  const policies = guard.guard === undefined && !triggers && !isDirected && !world.merges && random.fork('policies').chance(WITH_POLICIES);
  const imports = guard.guard === undefined && !triggers && !isDirected && !world.merges && world.accounts === 1 && random.fork(`imports ${DRAWN_IMPORTS}`).chance(IMPORTING);
  const inlines = guard.guard === undefined && !triggers && !isDirected && !world.merges && !imports && random.fork(`inline policies ${DRAWN_INLINE}`).chance(WITH_INLINE);
  const busy = imports || inlines ? { foreign: Math.max(swarm.foreign, BUSY) } : {};
  const lagged = { ...ghosts, ...lags };
  const quick: Partial<Pick<Swarm, 'cloud'>> = inlines ? { cloud: (ways: SeededRandom) => ({ ...(lagged.cloud ?? swarm.cloud)(ways), way: () => ways.between(1, Math.min(slowest, QUICK)) }) } : {};
  // What people approve takes its time, and is judged where the log has one order.
  const slowly = { paceMs: 6_000, log: (delays: SeededRandom) => ({ ...swarm.log(delays), partitions: 1 }) };
  return { ...world, ...busy, ...lagged, ...quick, haunted: haunted || lagMs > 0, policies, inlines, bursts: false, imports, triggers, plans, ...(plans ? slowly : {}), ...(isDirected ? { direction: settings.pick(['pull', 'bidirectional'] as const) } : {}) };
}

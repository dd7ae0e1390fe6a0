import { Schedule, SeededRandom, Trace } from '@wami/testing';
import { ACCOUNT } from '../../spec-support/identity';
import { arnOf } from '../../spec-support/model-cloud';
import { Foreigners } from '../foreigners';
import { Importers, type Importable } from '../importers';
import { Intentions } from '../intentions';
import { Oracles } from '../oracles';
import type { RunResult } from '../run-seed';
import { CALM, SimulatedCloud } from '../simulated-cloud';
import { drawSwarm, OPTIONS } from '../swarm';
import { TakeOvers } from '../take-overs';
import { CoreEngine } from './core-engine';
import { isLookedAtLater } from './core-later-looks';
import { CoreMemory } from './core-memory';
import * as pureCore from './pure-core';

const MOST_EVENTS = 20_000;
/** Virtual milliseconds within which everything comes to rest once nothing goes wrong any more. */
const REST_WITHIN = 900_000;
/** How often somebody finds what others made. */
const IMPORTS = 0.2;
const READ_LATE = 0.15;
const LATEST_READ = 8_000;
const AGES = { callTimeoutMs: 4_000, ownershipMs: 15_000, visibilityMs: 30_000, sightMs: 15_000, ...OPTIONS };

class Unsettled extends Error {}

/** One run of the core alone in the world that the shell's runs are in: the same people, cloud, hands of others and oracles; no database. */
export class CoreRun {
  private readonly random: SeededRandom;
  private readonly trace: Trace;
  private readonly schedule: Schedule;
  private readonly cloud: SimulatedCloud;
  private readonly people: Intentions;
  private readonly foreigners: Foreigners;
  private readonly memory: CoreMemory;
  private readonly oracles: Oracles;
  private readonly takeOvers: TakeOvers;
  private readonly importers: Importers;
  private readonly swarm;
  private readonly isOrdered: boolean;
  /** In some worlds what is about one thing is read long before what was said of another earlier, as from partitions. */
  private readonly isLate: boolean;
  private readonly lateness: SeededRandom;
  private readonly faults: Record<string, number> = {};
  private engine: CoreEngine | undefined;
  private started = 0;
  private taken = 0;
  private told = 0;
  /** Read in any order, but for events of one key; where settings say what may be written, in one order. */
  private unread = new Map<string, Intentions['written']['events']>();

  constructor(private readonly options: { readonly seed: number; readonly trace?: boolean; readonly core?: typeof pureCore }) {
    this.random = new SeededRandom(`core ${options.seed}`);
    this.trace = new Trace(options.trace ?? false);
    this.schedule = new Schedule(this.random.fork('schedule'), this.trace);
    this.swarm = drawSwarm(this.random.fork('swarm'));
    const now = (): number => Math.floor(this.schedule.now);
    this.cloud = new SimulatedCloud(this.schedule, this.random.fork('cloud'));
    const { tenants, merges, haunted, policies, inlines, bursts, imports, triggers, direction } = this.swarm;
    this.cloud.hasPolicies = policies;
    this.cloud.hasInline = inlines;
    this.people = new Intentions(this.random.fork('people'), now, { tenants, merges, accounts: 1, sweeps: false, haunted, policies, inlines, bursts, imports, triggers, plans: false, ...(direction ? { direction } : {}) });
    this.isOrdered = triggers || direction !== undefined;
    this.lateness = this.random.fork('lateness');
    this.isLate = !this.isOrdered && this.lateness.chance(READ_LATE);
    this.foreigners = new Foreigners(this.cloud, this.random.fork('foreigners'));
    this.foreigners.isBusy = imports;
    this.memory = new CoreMemory(options.core ?? pureCore, now);
    this.oracles = new Oracles(ACCOUNT, this.cloud, this.people, this.foreigners, this.memory.told);
    this.takeOvers = new TakeOvers(this.schedule, this.random.fork('take-overs'), this.people, this.memory.told, () => this.publish());
    this.importers = new Importers(this.schedule, this.random.fork('importers'), this.people, [], () => this.publish());
    this.oracles.isOrdered = this.isOrdered;
    this.cloud.habits = this.swarm.cloud(this.random.fork('ways'));
  }

  async run(): Promise<RunResult> {
    await this.people.begin();
    this.startEngine();
    this.harm();
    await this.chaos();
    await this.heal();
    const { trace, people, cloud } = this;
    return {
      seed: this.options.seed, violations: this.oracles.violations, hash: trace.digest(), lines: trace.lines, events: trace.length, commands: people.commands, calls: cloud.calls.length,
      statements: 0, faults: { ...this.faults, ...cloud.faults, 'foreign edit': this.foreigners.acts },
    };
  }

  private startEngine(): void {
    const { options: { core = pureCore }, memory, schedule, random, cloud } = this;
    this.started += 1;
    const owner = `engine${this.started}`;
    this.engine = new CoreEngine(core, memory, schedule, random.fork(owner), cloud, AGES, owner);
    this.engine.start();
  }

  private async chaos(): Promise<void> {
    const { swarm, people, schedule } = this;
    const pace = this.random.fork('pace');
    for (let left = swarm.commands; left > 0; left--) {
      const act = swarm.imports && pace.chance(IMPORTS) ? `somebody ${this.importOne()}` : pace.chance(swarm.foreign) ? `others: ${this.foreigners.act()}` : `people: ${await people.act()}`;
      this.trace.add(schedule.now, act);
      this.publish();
      if (pace.chance(0.3)) continue;
      await this.until(schedule.now + pace.between(0, swarm.paceMs));
    }
    await this.until(schedule.now + 5_000);
  }

  /** Without an engine that reads the target people find by themselves what stands there. */
  private importOne(): string {
    const { cloud, foreigners, people: { settings } } = this;
    const theirs = cloud.things.filter(({ id, mark }) => !mark && foreigners.isForeign(id));
    const things = theirs.flatMap((thing): Importable[] => {
      const { id, kind, name, path, tags, groups } = thing;
      if (kind !== 'user' && kind !== 'group') return [];
      const related = cloud.things.filter((one) => groups.has(one.id)).map(({ id: item, mark }) => ({ facet: 'groups', ...(mark ? { resource: mark.id } : { item }) }));
      return [{ item: id, kind, thing: { providerResourceId: id, nativeArn: arnOf(thing), nativeName: name, name, ...(kind === 'user' ? { path } : {}), tags: { ...tags }, related } }];
    });
    return this.importers.found('a look', settings.any(), things.sort((a, b) => Number(a.kind === 'user') - Number(b.kind === 'user')));
  }

  /** What people did is read some time later. */
  private publish(): void {
    const { written: { events } } = this.people;
    for (const event of events.slice(this.taken)) {
      const key = this.isOrdered ? '' : event.key;
      this.unread.set(key, [...this.unread.get(key) ?? [], event]);
      const late = this.isLate && this.lateness.chance(0.3) ? this.lateness.between(500, LATEST_READ) : 0;
      this.schedule.after(this.random.between(1, 400) + late, 'world', 'reads an event', () => () => this.read(this.isLate ? key : this.random.pick([...this.unread.keys()])));
    }
    this.taken = events.length;
  }

  private read(key: string): void {
    const [first, ...rest] = this.unread.get(key) ?? [];
    if (rest.length > 0) this.unread.set(key, rest);
    else this.unread.delete(key);
    if (first) this.memory.fold(first);
  }

  private harm(): void {
    const harm = this.random.fork('harm');
    let left = this.swarm.crashes;
    this.schedule.hit = (owner, _, moment) => {
      if (left === 0 || owner !== this.engine?.owner || !harm.chance(this.swarm.crash * 4)) return;
      left -= 1;
      this.faults[`crash ${moment}`] = (this.faults[`crash ${moment}`] ?? 0) + 1;
      this.schedule.kill(owner);
      this.engine = undefined;
      this.schedule.after(harm.between(0, 6_000), 'world', 'starts an engine', () => () => this.startEngine());
    };
  }

  private async until(time: number): Promise<void> {
    let isOver = false;
    this.schedule.after(time - this.schedule.now, 'world', 'goes on', () => {
      isOver = true;
    });
    while (!isOver) await this.step();
  }

  private async step(): Promise<void> {
    await this.schedule.step();
    for (const { type, key, data } of this.memory.told.slice(this.told)) this.trace.add(this.schedule.now, `told ${type} ${key} ${JSON.stringify(data)}`);
    this.told = this.memory.told.length;
    this.oracles.listen();
    this.takeOvers.listen();
    if (this.engine?.problem !== undefined) throw this.engine.problem;
    if (this.trace.length > MOST_EVENTS) throw new Unsettled(`${MOST_EVENTS} events and no end`);
  }

  private async heal(): Promise<void> {
    const { people, oracles } = this;
    this.cloud.habits = { ...CALM, way: this.cloud.habits.way };
    this.schedule.hit = () => undefined;
    try {
      await people.heal();
      await this.rest();
      oracles.auditPromises();
      await people.ask('retry');
      await this.rest();
      if (this.foreigners.acts === 0) oracles.audit();
      await people.ask('sync');
      await this.rest();
      oracles.audit();
      const { length } = this.cloud.calls;
      await people.ask('sync');
      await this.rest();
      oracles.auditSecondSync(this.cloud.calls.slice(length));
    } catch (error) {
      if (!(error instanceof Unsettled)) throw error;
      oracles.fail('settles', error.message);
    }
  }

  private async rest(): Promise<void> {
    this.publish();
    const end = this.schedule.now + REST_WITHIN;
    const busy = (): string[] => [...this.memory.bindings.values()].flatMap((binding) => (binding.claimed || binding.dueAt !== null || isLookedAtLater(binding) ? [`${binding.resource} ${binding.state}`] : []));
    do {
      await this.until(this.schedule.now + 1_000);
      if (this.schedule.now > end) throw new Unsettled(`not at rest after ${REST_WITHIN / 60_000} minutes: ${busy().join(', ')}`);
    } while (this.unread.size > 0 || this.takeOvers.pending + this.importers.pending > 0 || busy().length > 0 || !this.engine);
  }
}

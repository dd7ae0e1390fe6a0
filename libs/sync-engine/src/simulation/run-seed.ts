import { idFrom } from '@wami/contracts';
import { prepared } from '@wami/event-store';
import { Schedule, ScheduledPostgres, SeededRandom, Trace } from '@wami/testing';
import { AT_REST } from '../later-looks/later-looks';
import { startSyncEngine } from '../start-sync-engine';
import { Approvers } from './approvers';
import { Bursts, mayBurst } from './bursts';
import { added, total } from './figures';
import { FirstOracle } from './first-oracle';
import { Fleet } from './fleet';
import { Importers } from './importers';
import { Intentions } from './intentions';
import { watchLeases } from './leases';
import { PlanOracle } from './plan-oracle';
import { Planners } from './planners';
import { ScheduledLog } from './scheduled-log';
import { CALM } from './simulated-cloud';
import { SCHEMA, type SimulationDatabase } from './simulation-database';
import { drawSwarm, OPTIONS } from './swarm';
import { TargetAccount } from './target-account';
import { ACCOUNTS } from './tenant-settings';
import { TakeOvers } from './take-overs';
import type { Violation } from './violation';

export interface RunOptions {
  readonly seed: number;
  /** Keeps every line of what happened. */
  readonly trace?: boolean;
  /** Another engine than the shipped one. */
  readonly start?: typeof startSyncEngine;
}

export interface RunResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly hash: string;
  readonly lines: readonly string[];
  readonly events: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly commands: number;
  readonly calls: number;
  readonly statements: number;
}

const MOST_EVENTS = 60_000;
/** How often somebody looks at what the guard holds. */
const DECIDES = 0.12;
/** How often somebody asks what others made. */
const IMPORTS = 0.2;
/** How often somebody asks for a plan, or approves one. */
const PLANS = 0.3;
/** Virtual milliseconds within which a sweep comes about: its half minute, and what it is put off by, and until it is looked for. */
const SWEPT_WITHIN = 120_000;
/** Virtual milliseconds within which everything comes to rest once nothing goes wrong any more. */
const REST_WITHIN = 900_000;

/** One run of the real engine in a world that a seed decides: chaos, then healing, then judgement. */
export class SeedRun {
  private readonly random: SeededRandom;
  private readonly trace: Trace;
  private readonly schedule: Schedule;
  private readonly postgres: ScheduledPostgres;
  private readonly people: Intentions;
  private readonly accounts: readonly TargetAccount[];
  private readonly log: ScheduledLog;
  private readonly fleet: Fleet;
  private readonly takeOvers: TakeOvers;
  private readonly approvers: Approvers;
  private readonly planners: Planners;
  private readonly importers: Importers;
  private readonly faults: Record<string, number> = {};
  private readonly swarm;
  private calm = false;

  constructor(private readonly database: SimulationDatabase, private readonly options: RunOptions) {
    const { seed, trace = false, start = startSyncEngine } = options;
    this.random = new SeededRandom(String(seed));
    this.trace = new Trace(trace);
    this.schedule = new Schedule(this.random.fork('schedule'), this.trace);
    const swarm = this.swarm = mayBurst(this.random, drawSwarm(this.random.fork('swarm')));
    const latency = this.random.fork('database');
    this.postgres = new ScheduledPostgres(this.schedule, database.writes, database.reads, () => latency.between(0.1, swarm.databaseMs));
    this.accounts = ACCOUNTS.slice(0, swarm.accounts).map((account, nth) => new TargetAccount(account, nth, this.schedule, this.random, swarm));
    this.people = new Intentions(this.random.fork('people'), () => Math.floor(this.schedule.now), swarm);
    this.log = new ScheduledLog(this.schedule, this.random.fork('log'), swarm.log(this.random.fork('delays')), () => this.people.written.events);
    this.fleet = new Fleet({
      schedule: this.schedule, random: this.random.fork('fleet'), postgres: this.postgres, log: this.log, accounts: this.accounts, store: database.store, start, options: OPTIONS, skewMs: swarm.skewMs,
    });
    this.takeOvers = new TakeOvers(this.schedule, this.random.fork('take-overs'), this.people, this.fleet.told, () => this.log.publish());
    this.approvers = new Approvers(this.people.identity, this.random.fork('approvers'), this.fleet.told);
    this.planners = new Planners(this.people, this.random.fork('planners'), this.fleet.told, () => Math.floor(this.schedule.now));
    this.importers = new Importers(this.schedule, this.random.fork('importers'), this.people, this.fleet.told, () => this.log.publish());
    this.judge();
    watchLeases(this.postgres, this.accounts);
    if (swarm.observes) this.fleet.connect(this.accounts.map((one) => one.connection('observe')));
    this.harm();
  }

  async run(): Promise<RunResult> {
    const { database } = this;
    let events = 0;
    database.now = () => Math.floor(this.schedule.now);
    database.nextEventId = () => idFrom('event', database.now(), Buffer.from(String(++events).padStart(10, '0')));
    await database.empty(this.swarm.bursts);
    await this.log.prepare(database.writes);
    await this.people.begin();
    this.log.publish();
    for (let i = 0; i < this.swarm.replicas; i++) await this.fleet.start();
    await this.chaos();
    await this.heal();
    return this.result();
  }

  private judge(): void {
    const { swarm: { guard, observes, plans, bursts }, people, fleet: { told }, log: { isOrdered }, approvers, importers, planners: { mistaken } } = this;
    for (const one of this.accounts) {
      one.judged(people, told);
      Object.assign(one.oracles, { isOrdered, isObserved: observes });
      one.oracles.imports.importers = importers;
      if (guard !== undefined) one.oracles.guarded(guard, approvers);
      if (bursts) one.oracles.first = new FirstOracle(() => people.written.events, () => this.schedule.now, (words) => one.oracles.fail('first', words));
      if (plans) one.oracles.plans = new PlanOracle((job) => mistaken.has(job), (words) => one.oracles.fail('plans', words));
    }
  }

  private async chaos(): Promise<void> {
    const { swarm, schedule, people, log, accounts } = this;
    if (swarm.bursts) return this.hurry();
    const pace = this.random.fork('pace');
    const observed = swarm.observes ? pace.int(swarm.commands) : 0;
    for (let left = swarm.commands; left > 0; left--) {
      if (left === observed) this.manage();
      const act = swarm.guard !== undefined && pace.chance(DECIDES) ? `somebody ${await this.approvers.act()}`
        : swarm.imports && pace.chance(IMPORTS) ? `somebody ${await this.importers.ask(accounts[0]?.oracles.ours ?? new Set())}`
        : swarm.plans && pace.chance(PLANS) ? `somebody ${await this.planners.act()}`
        : pace.chance(swarm.foreign) ? `others: ${(accounts.length === 1 ? accounts : pace.shuffled(accounts))[0]?.foreigners.act()}` : `people: ${await people.act()}`;
      this.trace.add(schedule.now, act);
      log.publish();
      if (pace.chance(0.3)) continue;
      await this.until(schedule.now + pace.between(0, swarm.paceMs));
    }
    await this.until(schedule.now + 5_000);
  }

  private async hurry(): Promise<void> {
    const { trace, schedule, log, people, random } = this;
    for await (const [act, ms] of new Bursts(people, random.fork('bursts')).acts()) {
      trace.add(schedule.now, `people: ${act}`);
      log.publish();
      await this.until(schedule.now + ms);
    }
  }

  /** The connection allows more than to look from now on. */
  private manage(): void {
    if (!this.accounts.some(({ oracles }) => oracles.isObserved)) return;
    for (const { oracles } of this.accounts) oracles.isObserved = false;
    this.trace.add(this.schedule.now, 'the connection allows to write');
    this.fleet.connect(this.accounts.map((one) => one.connection('write')));
  }

  /** Lets time pass until then. */
  private async until(time: number): Promise<void> {
    let over = false;
    this.schedule.after(time - this.schedule.now, 'world', 'goes on', () => {
      over = true;
    });
    while (!over) await this.step();
  }

  private async step(): Promise<void> {
    await this.schedule.step();
    for (const { oracles } of this.accounts) oracles.listen();
    this.takeOvers.listen();
    this.importers.listen();
    while (this.fleet.living.length < 1 && this.calm) await this.fleet.start();
    if (this.trace.length > MOST_EVENTS) throw new Unsettled(`${MOST_EVENTS} events and no end`);
  }

  private async heal(): Promise<void> {
    const { people } = this;
    this.manage();
    this.calm = true;
    for (const { cloud } of this.accounts) cloud.habits = { ...CALM, way: cloud.habits.way };
    this.postgres.fault = () => undefined;
    this.schedule.hit = () => undefined;
    try {
      await people.heal();
      if (this.fleet.living.length === 0) await this.fleet.start();
      await this.rest();
      for (const { oracles } of this.accounts) oracles.auditPromises();
      await people.ask('retry');
      await this.rest();
      if (this.swarm.sweeps) await this.swept();
      // Without others' hands all that is to be done comes from what people want: nobody has to ask for a comparison.
      for (const { foreigners, oracles } of this.accounts) if (foreigners.acts === 0) oracles.audit();
      await people.ask('sync');
      await this.rest();
      for (const { oracles } of this.accounts) oracles.audit();
      await this.compareAgain();
    } catch (error) {
      if (!(error instanceof Unsettled)) throw error;
      this.accounts[0]?.oracles.fail('settles', error.message);
    }
  }

  /** What others did is found and put right without anybody asking. */
  private async swept(): Promise<void> {
    await this.until(this.schedule.now + SWEPT_WITHIN);
    await this.rest();
    for (const { oracles } of this.accounts) oracles.audit();
  }

  /** Everything agrees: to compare once more writes nothing. */
  private async compareAgain(): Promise<void> {
    const calls = this.accounts.map(({ cloud }) => cloud.calls.length);
    await this.people.ask('sync');
    await this.rest();
    this.accounts.forEach(({ cloud, oracles }, i) => oracles.auditSecondSync(cloud.calls.slice(calls[i])));
  }

  /** Until nothing is due, nothing in hand and all that people did was read. */
  private async rest(): Promise<void> {
    this.log.publish();
    const end = this.schedule.now + REST_WITHIN;
    do {
      await this.until(this.schedule.now + 2_000);
      if (this.schedule.now > end) throw new Unsettled(`not at rest after ${REST_WITHIN / 60_000} minutes: ${await this.restless()}`);
    } while (this.takeOvers.pending + this.importers.pending > 0 || !(await this.isQuiet()));
  }

  private async isQuiet(): Promise<boolean> {
    const { reads } = this.database;
    const { rows: [row] } = await reads.query<{ busy: number }>(prepared(
      `SELECT (SELECT count(*) FROM ${SCHEMA}.engine_bindings b WHERE claimed OR due_at IS NOT NULL OR (look_at IS NOT NULL AND ${AT_REST}))::int + (SELECT count(*) FROM ${SCHEMA}.engine_reviews)::int
        + (SELECT count(*) FROM ${SCHEMA}.engine_imports)::int + (SELECT count(*) FROM ${SCHEMA}.engine_pauses WHERE ended IS NOT NULL)::int
        + (SELECT count(*) FROM ${SCHEMA}.engine_plans WHERE state = 'planning' AND expires_at > $1)::int AS busy`, [Math.floor(this.schedule.now)]));
    return row?.busy === 0 && await this.log.isRead(reads);
  }

  private async restless(): Promise<string> {
    const { rows } = await this.database.reads.query(
      `SELECT resource, state, error_code, due_at - $1 AS "dueIn", claimed, unfinished, waiting_for FROM ${SCHEMA}.engine_bindings WHERE claimed OR due_at IS NOT NULL`, [Math.floor(this.schedule.now)]);
    return JSON.stringify(rows);
  }

  /** Crashes, stalls and broken connections, at any event of an engine. */
  private harm(): void {
    const { swarm, schedule, fleet } = this;
    const harm = this.random.fork('harm');
    let left = swarm.crashes;
    schedule.hit = async (owner, _, moment) => {
      if (!owner.startsWith('engine') || !fleet.living.includes(owner)) return;
      if (left > 0 && harm.chance(swarm.crash)) {
        left -= 1;
        this.count(`crash ${moment}`);
        this.trace.add(schedule.now, `${owner} dies ${moment}`);
        await fleet.kill(owner);
        this.startSoon(harm.between(0, 6_000));
      } else if (moment === 'before' && left > 0 && harm.chance(swarm.crash / 2)) {
        left -= 1;
        this.count('stop');
        fleet.stop(owner);
        this.startSoon(harm.between(0, 3_000));
      } else if (moment === 'before' && harm.chance(swarm.stall)) {
        this.count('stall');
        fleet.stall(owner, harm.between(500, 20_000));
      }
    };
    this.postgres.fault = () => {
      const fault = harm.chance(swarm.connectionLost) ? harm.pick(['lost-before', 'lost-after'] as const) : undefined;
      if (fault) this.count(`connection ${fault}`);
      return fault;
    };
  }

  private startSoon(ms: number): void {
    this.schedule.after(ms, 'world', 'starts an engine', () => () => void this.fleet.start());
  }

  private count(fault: string): void {
    this.faults[fault] = (this.faults[fault] ?? 0) + 1;
  }

  private result(): RunResult {
    const { accounts, people, trace } = this;
    return {
      seed: this.options.seed, violations: accounts.flatMap(({ oracles }) => oracles.violations), hash: trace.digest(), lines: trace.lines, events: trace.length, commands: people.commands,
      calls: total(accounts.map(({ cloud }) => cloud.calls.length)), statements: this.postgres.statements,
      faults: { ...this.faults, ...added(accounts.map(({ cloud }) => cloud.faults)), 'foreign edit': total(accounts.map(({ foreigners }) => foreigners.acts)), 'batch twice': this.log.repeats },
    };
  }
}

class Unsettled extends Error {}

import { setMaxListeners } from 'node:events';
import { reviewHolds } from '../connections/review-holds';
import { LANES, type Lane } from '../bindings/binding';
import type { TargetHealth } from '../engine';
import { Planner } from '../plans/planner';
import { Caller, TargetLost } from '../reconcile/caller';
import { TargetDrift } from '../drift/target-drift';
import { TargetImports } from '../imports/target-imports';
import type { Stage } from '../reconcile/stage';
import type { Reporting } from '../reports/target-reports';
import type { Work } from '../reconcile/work';
import { claim, nextDueAt, recover, unclaim } from './claim';
import { Credentials } from './credentials';
import { Lanes } from './lanes';
import { Pacer } from './pacer';
import { lastServed } from './pick';
import { savePause, type Lease } from './lease';
import type { Listing } from './listing';
import { isListingError, PassRunner } from './pass-runner';
import { NameTurns } from './name-turns';
import { NamesGiven } from './names-given';
import { NamesGoing } from './names-going';
import { Quarantine } from './quarantine';
import { Room } from './room';
import { Signal } from './signal';
import { stageOf } from './stage-of';
import { Sweeps } from './sweeps';
import { TargetGauges } from './target-gauges';
import { TargetStanding } from './target-standing';
import type { WorkerParts } from './worker-parts';

const OF_PEOPLE: readonly Lane[] = [-1, 0];
/** Bindings of sweeps that may wait for a listing at a time, at all targets of the process together; with those of people twice as many. */
const MOST_SWEPT = 5_000;

/** Works on one owned target until the lease is lost or the engine closes. */
export class TargetWorker {
  readonly account: string;
  private readonly signal: Signal;
  private readonly lanes = new Lanes();
  private readonly turns: NameTurns;
  private readonly runner: PassRunner;
  private readonly sweeps: Sweeps;
  private readonly planner: Planner;
  private readonly imports: TargetImports;
  private readonly drift: TargetDrift;
  private readonly lost = new AbortController();
  private readonly quarantine: Quarantine;
  private readonly credentials: Credentials;
  private readonly pacer: Pacer;
  private readonly room: Room;
  private readonly gauges: TargetGauges;
  private readonly stands: TargetStanding;
  private caller: Caller;
  /** Resources that were claimed here and whose outcome is not recorded yet. */
  private readonly inHand = new Set<string>();
  private stopping = false;
  private reviewing = true;
  private mayBeDue = true;
  private nextDueAt: number | undefined;
  private leaseUntil: number;
  private problem: string | undefined;
  private loop: Promise<void> | undefined;

  /** `acquiredAt`: when the lease was asked for. */
  constructor(private readonly parts: WorkerParts, acquiredAt: number) {
    const { seams: { clock }, lease, db, options, book, recorder, metrics, pauses } = parts;
    this.account = lease.account;
    // Every call in flight listens.
    setMaxListeners(0, this.lost.signal);
    this.leaseUntil = acquiredAt + options.leaseMs;
    this.signal = new Signal(clock);
    this.turns = new NameTurns(new NamesGoing(() => clock.now(), options.sightMs), new NamesGiven(() => clock.now(), options.visibilityMs), () => clock.now());
    this.pacer = new Pacer(clock, this.lost.signal, this.perSecond, (access) => {
      metrics.throttled(lease.account, access);
      this.stands.throttled();
    });
    this.quarantine = new Quarantine({
      clock, random: parts.seams.random, until: lease.pausedUntil, pauses: lease.pauses, reason: lease.pauseReason, onEnd: () => this.pacer.restart(),
      save: (until, pauses, reason) => savePause(db, lease, until, pauses, reason).catch((error: unknown) => this.note(error)),
    });
    this.caller = this.makeCaller();
    this.credentials = new Credentials(() => book.target(lease.account), () => this.caller);
    this.stands = new TargetStanding({ account: lease.account, clock, book, credentials: this.credentials, quarantine: this.quarantine, pacer: this.pacer, metrics, logger: parts.logger, checkEveryMs: options.checkEveryMs });
    const [onError, onLost] = [(error: unknown): void => this.note(error), (): void => this.abandon()];
    this.runner = new PassRunner({
      lease, recorder, quarantine: this.quarantine, concurrency: () => this.concurrency, now: () => clock.now(), stage: (work, listing, trace) => this.stage(work, listing, trace), onLost, onError,
      onEnded: (work, outcome) => this.begin(this.turns.ended(work, outcome)),
      onRecorded: ({ resource: { id } }) => this.inHand.delete(id),
      onProgress: (inFlight) => {
        this.gauges.progressed(inFlight);
        if (this.room.now > 0 || this.room.isOverfull) this.signal.raise();
      },
    });
    this.gauges = new TargetGauges({ db, account: lease.account, clock, metrics, pacer: this.pacer, quarantine: this.quarantine });
    this.room = new Room({
      clock, quarantine: this.quarantine, concurrency: () => this.concurrency, perSecond: () => this.pacer.perSecond, held: () => this.runner.held + this.turns.size,
      returnable: () => this.runner.returnable + this.turns.size, waitingOfLane1: () => this.runner.waitingOfLane1, full: () => this.sweeps.waiting > MOST_SWEPT / parts.targets(), closed: () => this.stopping || this.sweeps.waiting > (2 * MOST_SWEPT) / parts.targets(),
    });
    this.imports = new TargetImports({
      db, owner: parts.owner, lease, seams: parts.seams, quarantine: this.quarantine, pollMs: options.pollMs, caller: () => this.caller,
      sceneFor: (tenant) => book.sceneFor(lease.account, tenant), onLost, onError,
    });
    this.sweeps = new Sweeps({
      clock, caller: () => this.caller, target: () => book.target(lease.account), above: options.sweepAbove, listingRoom: parts.listingRoom, onLost, onError,
      isPaused: ({ binding }) => pauses.holding(binding) !== undefined,
      ready: async (works, listed) => (isListingError(listed) ? this.runner.fail(works, listed) : this.runner.add(works, listed)),
    });
    this.drift = new TargetDrift({
      db, owner: parts.owner, lease, seams: parts.seams, quarantine: this.quarantine, pauses, pollMs: options.pollMs, listingRoom: parts.listingRoom, caller: () => this.caller,
      sceneFor: (tenant) => book.sceneFor(lease.account, tenant), offer: (listings) => this.sweeps.offer(listings), onMarked: () => this.wake(), onLost, onError,
    });
    this.planner = new Planner({
      db, owner: parts.owner, lease, seams: parts.seams, options, quarantine: this.quarantine, listingRoom: parts.listingRoom, caller: () => this.caller, target: () => book.target(lease.account),
      stage: (work) => this.stage(work, undefined), credentials: () => this.credentials.accepted(), pausedBy: ({ binding }) => pauses.holding(binding), onLost, onError,
    });
  }

  get lease(): Lease { return this.parts.lease; }
  /** What is kept of the target in memory. */
  listings(): Listing[] { return [this.sweeps, this.drift, this.planner].flatMap(({ listings }) => listings); }
  /** Resolves, after `stop`, when nothing more is to be written of what was done here. */
  recorded(): Promise<void> { return this.runner.recorded(); }
  /** How it is, for whoever tells of it. */
  reporting(): Reporting { return { account: this.account, lease: this.lease, check: () => this.stands.check(), checkNow: () => this.stands.checkNow(), standing: () => this.stands.now() }; }

  health(): Omit<TargetHealth, 'account'> {
    const health = this.stands.health();
    return health.ok && this.problem !== undefined ? { ok: false, reason: this.problem } : health;
  }

  start(): void {
    this.loop = this.run();
    this.planner.start();
  }

  /** There may be work. */
  wake(): void {
    this.mayBeDue = true;
    this.signal.raise();
  }

  /** There may be a plan to answer. */
  planned(): void {
    this.planner.wake();
  }

  /** `at`: when the renewal was asked for. */
  renewed(at: number): void {
    this.leaseUntil = at + this.parts.options.leaseMs;
  }

  /** The connections changed: credentials are tried anew, and what they held up goes on. */
  reconnected(): void {
    this.pacer.limit(this.perSecond);
    this.caller = this.makeCaller();
    this.credentials.forget();
    this.stands.reconnected();
    this.reviewing = true;
    this.wake();
  }

  /** Nothing more is done or said about the target here. */
  abandon(): void {
    if (this.lost.signal.aborted) return;
    this.stopping = true;
    this.lost.abort();
    this.wake();
    this.parts.onLost(this);
  }

  /** Claims nothing more, finishes the calls in flight as long as one call may take, puts back what was not begun. */
  async stop(): Promise<void> {
    const { db, owner, lease, seams: { clock }, options } = this.parts;
    this.stopping = true;
    for (const beside of [this.imports, this.drift]) beside.stop();
    this.wake();
    await this.loop;
    const unbegun = [...this.runner.stop(), ...this.sweeps.stop(), ...this.turns.stop()];
    const finished = new AbortController();
    const idle = Promise.all([this.runner.idle(), this.sweeps.idle(), this.planner.stop(), this.imports.idle(), this.drift.idle()]).finally(() => finished.abort());
    await Promise.race([idle, clock.sleep(options.callTimeoutMs, AbortSignal.any([finished.signal, this.lost.signal]))]);
    if (!this.lost.signal.aborted) await unclaim(db, owner, lease, unbegun).catch((error: unknown) => this.note(error));
    this.lost.abort();
    await idle;
  }

  private async run(): Promise<void> {
    let recovered = false;
    while (!this.stopping) {
      try {
        if (!recovered) this.turns.going.add(await recover(this.parts.db, this.parts.owner, this.lease, this.parts.seams.clock.now(), this.parts.options.sightMs, [...this.inHand]));
        recovered = true;
        await this.step();
        this.problem = undefined;
      } catch (error) {
        if (error instanceof TargetLost) return this.abandon();
        this.note(error);
        this.mayBeDue = true;
        // A claim may be on record whose answer was lost.
        recovered = false;
        await this.signal.wait(this.parts.options.pollMs);
      }
    }
  }

  private async step(): Promise<void> {
    const { seams: { clock }, options } = this.parts;
    if (this.reviewing) await this.review();
    this.imports.look();
    this.drift.look();
    await this.gauges.tell();
    if (this.room.isOverfull) await this.putBack();
    const { now: room, forPeople } = this.room;
    if (room > 0 && this.isWorthClaiming()) {
      this.mayBeDue = false;
      if (await this.claim(room, LANES) === room) return this.wake();
      await this.findNextDue();
    } else if (forPeople > 0) {
      this.mayBeDue = false;
      await this.claim(forPeople, OF_PEOPLE);
    }
    this.runner.pump();
    const next = this.quarantine.activeUntil ?? (this.room.now > 0 ? this.nextDueAt : this.room.lookAt);
    const came = await this.signal.wait(next === undefined ? options.pollMs : Math.max(1, Math.min(options.pollMs, next - clock.now())));
    if (came === 'over') this.mayBeDue = true;
  }

  /** What another replica folded is not told here; under load it is looked for. */
  private isWorthClaiming(): boolean {
    return this.mayBeDue || this.room.isGathered;
  }

  private async findNextDue(): Promise<void> {
    this.nextDueAt = await nextDueAt(this.parts.db, this.account);
    // Whoever asked for a comparison by now is through, and who asks later needs a listing of his own.
    if (this.nextDueAt === undefined || this.nextDueAt > this.parts.seams.clock.now()) this.sweeps.forget();
  }

  private async review(): Promise<void> {
    const { db, book, seams: { clock } } = this.parts;
    this.reviewing = false;
    await reviewHolds(db, this.account, (tenant) => book.sceneFor(this.account, tenant), clock.now()).catch((error: unknown) => {
      this.reviewing = true;
      throw error;
    });
    if (this.lease.pauses > 0 || this.quarantine.probing) await this.quarantine.lift();
  }

  private get concurrency(): number {
    return this.quarantine.probing ? 1 : this.parts.book.connection(this.account)?.limits?.concurrency ?? this.parts.options.concurrency;
  }

  private async claim(limit: number, lanes: readonly Lane[]): Promise<number> {
    const { db, owner, lease, book, seams, pauses } = this.parts;
    this.room.claiming();
    const sceneFor = (tenant: string) => book.sceneFor(this.account, tenant);
    const share = lanes === LANES ? this.lanes.shareOfLane1(limit) : 0;
    const { works, aside } = await claim(db, { owner, lease, limit, lanes, after: this.lanes.after, inHand: [...this.inHand], shareOfLane1: share, sceneFor, seams, pauses });
    this.lanes.after = lastServed(works.map(({ binding }) => binding.tenant), this.lanes.after);
    for (const { resource } of works) this.inHand.add(resource.id);
    this.begin(this.turns.admit(works));
    return works.length + aside;
  }

  /** What was claimed for longer than the target turned out to need for it is claimed anew, in fair turns. */
  private async putBack(): Promise<void> {
    const { db, owner, lease } = this.parts;
    const works = this.turns.putBack(this.runner.putBack());
    for (const { resource } of works) this.inHand.delete(resource.id);
    this.mayBeDue = true;
    await unclaim(db, owner, lease, works);
  }

  private begin(works: readonly Work[]): void {
    if (works.length > 0) this.runner.add(this.sweeps.take(works));
  }

  private stage(work: Work, listing: Listing | undefined, trace?: string): Stage {
    return stageOf(this.parts, { caller: this.caller, credentials: this.credentials, going: this.turns.going, given: this.turns.given }, work, listing, trace);
  }

  private get perSecond(): number | undefined {
    return this.parts.book.connection(this.account)?.limits?.requestsPerSecond;
  }

  private makeCaller(): Caller {
    const { seams, metrics, options } = this.parts;
    return new Caller({
      account: this.account, seams, metrics, timeoutMs: options.callTimeoutMs, lost: this.lost.signal,
      mayCall: () => seams.clock.now() + options.callTimeoutMs < this.leaseUntil,
      pacer: this.pacer, pageTurns: this.parts.pageTurns,
    });
  }

  private note(error: unknown): void {
    this.problem = 'the target cannot be worked on at the moment';
    this.parts.logger.error({ account: this.account, error: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown' }, this.problem);
  }
}

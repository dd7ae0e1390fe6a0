import type { StandingPause } from '@wami/domain';
import { isProviderError, type ProviderTarget, type ResourceHandler } from '@wami/provider-port';
import type { EngineDatabase } from '../database/engine-database';
import { selection } from '../jobs/selection';
import type { EngineOptions } from '../options';
import { retryDelay } from '../record/backoff';
import { PausedBeforeCall, TargetLost, type Caller } from '../reconcile/caller';
import type { Pass } from '../reconcile/pass';
import type { Stage } from '../reconcile/stage';
import type { Work } from '../reconcile/work';
import type { Seams } from '../seams';
import type { Lease } from '../targets/lease';
import type { Listing, ListingRoom } from '../targets/listing';
import { loadWork } from '../targets/load-work';
import type { Quarantine } from '../targets/quarantine';
import { Signal } from '../targets/signal';
import { planBinding, type Planned, type PlanStage } from './plan-binding';
import { PlanListing } from './plan-listing';
import { nextPlan, purgeExpired, type PlanRow } from './plan-table';
import { writePart } from './write-part';

export interface PlannerParts {
  readonly db: EngineDatabase;
  readonly owner: string;
  readonly lease: Lease;
  readonly seams: Seams;
  readonly options: EngineOptions;
  readonly quarantine: Quarantine;
  readonly listingRoom: ListingRoom;
  readonly caller: () => Caller;
  readonly target: () => ProviderTarget | undefined;
  readonly stage: (work: Work) => Pick<Stage, 'scene' | 'ages' | 'principal' | 'endsNamed'>;
  readonly credentials: Stage['credentials'];
  /** The pause that holds a binding now: it is not looked at. */
  readonly pausedBy: (work: Work) => StandingPause | undefined;
  readonly onLost: () => void;
  readonly onError: (error: unknown) => void;
}

/** Bindings that are answered for in one transaction. */
const PART = 100;
/** Looks at a time, beside the passes of the same target. */
const LOOKS = 4;
const LOOK_TRIES = 3;
/** In polls. */
const PURGE_EVERY = 60;
const LOOK_RETRY = { maxRetries: LOOK_TRIES, baseDelayMs: 500, maxDelayMs: 5_000 };

/** Answers the plans that ask an owned target, part by part: a crash goes on after the last part. */
export class Planner {
  private readonly signal: Signal;
  private readonly stopped = new AbortController();
  private readonly byKind = new Map<string, PlanListing>();
  private coming: PlanListing | undefined;
  private current: string | undefined;
  private purgeAt = 0;
  private loop: Promise<void> | undefined;

  constructor(private readonly parts: PlannerParts) {
    this.signal = new Signal(parts.seams.clock);
  }

  /** What is kept of the target in memory. */
  get listings(): Listing[] {
    return [...this.byKind.values(), ...(this.coming ? [this.coming] : [])];
  }

  start(): void {
    this.loop = this.run();
  }

  /** There may be a plan to answer. */
  wake(): void {
    this.signal.raise();
  }

  /** Resolves when no call is in flight; what was not recorded is looked at again. */
  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { onLost, onError, options } = this.parts;
    while (!this.stopped.signal.aborted) {
      try {
        await this.step();
      } catch (error) {
        if (error instanceof TargetLost) return onLost();
        onError(error);
        await this.signal.wait(options.pollMs);
      }
    }
  }

  private async step(): Promise<void> {
    const { db, lease: { account }, seams: { clock }, quarantine, options } = this.parts;
    const plan = quarantine.activeUntil === undefined ? await nextPlan(db, account, clock.now()) : undefined;
    if (plan) return this.part(plan);
    this.byKind.clear();
    if (clock.now() >= this.purgeAt) {
      // Where there is more to remove than fits, the next time is now.
      if (await purgeExpired(db, account, clock.now())) return;
      this.purgeAt = clock.now() + PURGE_EVERY * options.pollMs;
    }
    await this.signal.wait(2 * options.pollMs);
  }

  private async part(plan: PlanRow): Promise<void> {
    const { db, owner, lease, seams } = this.parts;
    const { works, upTo, last } = await this.load(plan);
    await this.listWorthwhile(plan, works.filter((work) => this.parts.pausedBy(work) === undefined));
    const planned = await this.lookAtEach(works);
    if (this.stopped.signal.aborted) return;
    await seams.reached?.('before-record');
    await writePart(db, { owner, lease, plan, planned, upTo, last, now: seams.clock.now() });
    await seams.reached?.('after-record');
  }

  private load({ asked, cursor, account }: PlanRow): Promise<{ works: Work[]; upTo: string; last: boolean }> {
    const { db } = this.parts;
    const { where, values } = selection(asked, [account]);
    return db.transaction(async (client) => {
      const bindings = await db.bindings.page(client, `${where} AND b.resource > $${values.length + 1}`, [...values, cursor], PART);
      return { works: await loadWork(client, db, account, bindings), upTo: bindings.at(-1)?.resource ?? cursor, last: bindings.length < PART };
    });
  }

  /** One reading serves the bindings of a kind where they are many. */
  private async listWorthwhile({ plan }: PlanRow, works: readonly Work[]): Promise<void> {
    const { options: { sweepAbove }, target } = this.parts;
    const kinds = new Set(works.map(({ binding }) => binding.kind));
    for (const kind of this.byKind.keys()) if (this.current !== plan || !kinds.has(kind)) this.byKind.delete(kind);
    this.current = plan;
    for (const kind of kinds) {
      const handler = target()?.handler(kind);
      const many = works.filter(({ binding }) => binding.kind === kind).length > sweepAbove;
      if (handler && many && !this.byKind.has(kind)) await this.list(handler);
    }
  }

  /** Where it cannot be read each binding is looked at by itself, and says what is wrong. */
  private async list(handler: ResourceHandler): Promise<void> {
    try {
      await this.parts.credentials();
      this.byKind.set(handler.kind, await this.patiently(async () => {
        const listing = this.coming = new PlanListing(this.parts.seams.clock.now(), this.parts.listingRoom);
        await this.parts.caller().pages((context) => handler.list(context), (page) => listing.add(page));
        return listing;
      }));
    } catch (error) {
      if (!isProviderError(error)) throw error;
    } finally {
      this.coming = undefined;
    }
  }

  private async lookAtEach(works: readonly Work[]): Promise<(readonly [Work, Planned])[]> {
    const planned = new Map<Work, Planned>();
    const left = [...works];
    let accepted: Promise<void> | undefined;
    const look = async (): Promise<void> => {
      for (let work = left.shift(); work && !this.stopped.signal.aborted; work = left.shift()) {
        const stage = this.parts.stage(work);
        // Rejected credentials are asked about once for all of them.
        const credentials = (): Promise<void> => (accepted ??= this.parts.credentials());
        planned.set(work, await planBinding(work, { ...stage, credentials, look: (pass) => this.look(pass) }));
      }
    };
    await Promise.all(Array.from({ length: LOOKS }, look));
    return [...planned].sort(([a], [b]) => works.indexOf(a) - works.indexOf(b));
  }

  private async look(pass: Pass): ReturnType<PlanStage['look']> {
    const listing = this.byKind.get(pass.handler.kind);
    const by = this.parts.pausedBy(pass.work);
    if (by) throw new PausedBeforeCall(by);
    const listed = listing ? listing.look(pass) : 'unsure';
    if (listed !== 'unsure') return listed;
    const caller = this.parts.caller().forPass(() => this.parts.pausedBy(pass.work));
    return this.patiently(() => caller.call('observe', 1, (context) => pass.handler.observe(pass.reference, pass.handler.facets, context)));
  }

  /** What may work in a moment is tried some times. */
  private async patiently<T>(work: () => Promise<T>): Promise<T> {
    const { clock, random } = this.parts.seams;
    for (let tries = 1; ; tries++) {
      try {
        return await work();
      } catch (error) {
        if (!isProviderError(error) || !error.retryable || tries >= LOOK_TRIES || this.stopped.signal.aborted) throw error;
        await clock.sleep(retryDelay(LOOK_RETRY, tries, random, error.options.retryAfterMs), this.stopped.signal);
      }
    }
  }
}

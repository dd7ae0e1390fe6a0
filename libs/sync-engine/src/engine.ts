import { Failing, loggedOf, type EventBatch, type Subscription } from '@wami/event-log';
import type { ProviderTarget } from '@wami/provider-port';
import { tracedBatch } from '@wami/tracing';
import { reviewSkipped } from './capabilities/review-skipped';
import { ConnectionBook } from './connections/connection-book';
import { EngineDatabase } from './database/engine-database';
import { ParkedTries } from './dead-letters/parked-tries';
import { foldBatch, type FoldedBatch } from './fold/fold-batch';
import { providersAskedFor } from './fold/fold-tenants';
import { reviewNext } from './fold/review';
import { releaseHeld } from './guard/release-held';
import { askForLaterLooks } from './later-looks/later-looks';
import { PauseBook } from './pauses/pause-book';
import { releaseNext } from './pauses/release';
import { noMetrics, type EngineMetrics } from './metrics';
import { engineOptions, type EngineOptions } from './options';
import { isCheck } from './reports/checks';
import { TargetReports } from './reports/target-reports';
import { Recorder } from './record/recorder';
import { isPlan } from './plans/accept-plans';
import type { Seams } from './seams';
import type { SyncEngineParts } from './start-sync-engine';
import { systemSeams } from './system-seams';
import { Signal } from './targets/signal';
import { Targets } from './targets/targets';

/** How soon it is tried again whether another replica still folds. */
const FOLDED_ELSEWHERE_MS = 100;

export interface TargetHealth {
  readonly account: string;
  readonly ok: boolean;
  /** For an operator: why not. */
  readonly reason?: string;
  /** Where the target rests: when one call tries whether it is well again. */
  readonly triedAgainAt?: string;
}

export interface EngineHealth {
  readonly ok: boolean;
  readonly reason?: string;
  /** The targets that this process owns. A target that is not well does not make the engine so. */
  readonly targets: readonly TargetHealth[];
}

/** After each chunk of a review so long at most, and no longer than the chunk took: who has work by now does not wait until all is looked at. */
const REST_MS = 100;

/** The parts of the engine, wired: the log is folded, reviews are worked off, targets are owned and worked on. */
export class Engine {
  private readonly db: EngineDatabase;
  private readonly seams: Seams;
  private readonly options: EngineOptions;
  private readonly metrics: EngineMetrics;
  private readonly book: ConnectionBook;
  private readonly pauses: PauseBook;
  private readonly recorder: Recorder;
  private readonly targets: Targets;
  private readonly reports: TargetReports;
  private readonly failing = new Failing();
  private readonly parked: ParkedTries;
  private readonly reviews: Signal;
  private readonly retired = new Set<Promise<void>>();
  private subscription: Subscription | undefined;
  private reviewing: Promise<void> | undefined;
  private reviewProblem: string | undefined;
  private releaseAt = -Infinity;
  private stopListening: (() => void) | undefined;
  private closing = false;

  constructor(private readonly parts: SyncEngineParts) {
    const { adapter, store, pool, schema, connections, instance, logger } = parts;
    this.seams = parts.seams ?? systemSeams;
    this.options = engineOptions(parts.options);
    this.metrics = parts.metrics ?? noMetrics;
    this.db = new EngineDatabase(pool, store, schema, adapter.provider, instance);
    this.reviews = new Signal(this.seams.clock);
    this.book = new ConnectionBook(adapter, connections, instance, (target) => this.retire(target));
    this.pauses = new PauseBook(this.db, this.seams.clock, this.metrics);
    this.parked = new ParkedTries({ db: this.db, pauses: this.pauses, log: parts.log, now: () => this.seams.clock.now() });
    const owner = this.seams.ids.next();
    const { seams, options, metrics, db, book, pauses } = this;
    this.recorder = new Recorder({ db, owner, seams, metrics, logger, visibilityMs: options.visibilityMs, sightMs: options.sightMs, onDue: (accounts) => this.targets.wake(accounts) });
    this.targets = new Targets({ db, owner, book, recorder: this.recorder, seams, options, logger, metrics, pauses });
    this.reports = new TargetReports({ db, owner, seams, options, book, logger, instance, owned: () => this.targets.reporting() });
  }

  async start(): Promise<void> {
    const { log, connections, schema, adapter } = this.parts;
    this.targets.start();
    this.reports.start();
    this.reviewing = this.review();
    this.stopListening = connections.onChange(() => {
      this.targets.reconnected(this.book.refresh());
      this.reports.wake();
    });
    this.subscription = await log.subscribe({
      group: `sync-${adapter.provider}`, sources: ['identity'], from: 'beginning', batchSize: this.options.batchSize, paceMs: this.options.paceMs,
      onBatch: (batch) => tracedBatch(`fold sync-${adapter.provider}`, { kind: 'consumer' }, batch.events, () => this.fold(batch)), checkpoints: { schema },
    });
  }

  health(): EngineHealth {
    const subscription = this.subscription?.health();
    const reasons = [subscription?.reason, this.reviewProblem, this.recorder.problem, this.targets.problem].filter((reason) => reason !== undefined);
    const ok = reasons.length === 0 && subscription?.ok !== false;
    return { ok, ...(ok ? {} : { reason: reasons.join('; ') || 'the log is not read' }), targets: this.targets.health() };
  }

  providersAskedFor(): Promise<readonly string[]> {
    return providersAskedFor(this.db);
  }

  tryParkedAgain(): void {
    this.parked.ask('all');
    this.reviews.raise();
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    this.stopListening?.();
    await this.subscription?.close();
    this.reviews.raise();
    await this.reviewing;
    const told = this.reports.close();
    await this.targets.close();
    if (told) await told;
    await this.book.close();
    await Promise.all(this.retired);
  }

  private async fold(batch: EventBatch): Promise<void> {
    const { clock } = this.seams;
    const began = clock.now();
    let folded: FoldedBatch;
    try {
      folded = await foldBatch(this.db, this.pauses, () => clock.now(), batch, this.failing.isSpoilt(batch.events));
      this.failing.passed();
    } catch (error) {
      this.failing.failed(batch.events, error);
      throw error;
    }
    const { due, more, retry, parked } = folded;
    await this.seams.reached?.('after-fold-commit');
    this.metrics.folded(batch.events.length, clock.now() - began);
    this.targets.wake(due);
    if (batch.events.some(isPlan)) this.targets.planned();
    if (batch.events.some(isCheck)) this.reports.asked();
    for (const one of parked) this.parts.logger.error(loggedOf(one), 'an event was parked');
    this.parked.ask(retry);
    if (more || this.parked.isDue || batch.events.some(({ type }) => type.startsWith('wami.tenant.') || type === 'wami.pause.ended.v1' || type.startsWith('wami.approval.'))) this.reviews.raise();
  }

  /** Works off open reviews, large jobs and what ended pauses had laid aside, one chunk after the other; while another replica folds, its turn is waited for. */
  private async review(): Promise<void> {
    const { clock } = this.seams;
    let isSkippedReviewed = false;
    while (!this.closing) {
      try {
        if (!isSkippedReviewed) await reviewSkipped(this.db, this.parts.adapter.capabilities, clock.now());
        isSkippedReviewed = true;
        if (this.parked.isDue) await this.tryParked();
        const began = clock.now();
        const reviewed = await reviewNext(this.db, () => clock.now());
        const elsewhere = reviewed === 'elsewhere';
        const due = typeof reviewed === 'object' ? reviewed : await this.release(elsewhere);
        this.reviewProblem = undefined;
        if (due) {
          this.targets.wake(due);
          await clock.sleep(Math.min(REST_MS, clock.now() - began));
        } else await this.reviews.wait(elsewhere ? FOLDED_ELSEWHERE_MS : 10 * this.options.pollMs);
      } catch (error) {
        this.reviewProblem = 'changed settings cannot be worked through at the moment';
        this.parts.logger.error({ error: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown' }, this.reviewProblem);
        await this.reviews.wait(this.options.pollMs);
      }
    }
  }

  private async tryParked(): Promise<void> {
    const { due, retry } = await this.parked.next();
    this.parked.ask(retry);
    this.targets.wake(due);
    // A plan may be among them.
    this.targets.planned();
  }

  /** `elsewhere`: another replica folds; the next review may have its turn in a moment, so that this is not asked for all the time. */
  private async release(elsewhere: boolean): Promise<Set<string> | undefined> {
    const now = (): number => this.seams.clock.now();
    if (elsewhere && now() < this.releaseAt) return undefined;
    this.releaseAt = now() + 10 * this.options.pollMs;
    return (await releaseNext(this.db, now)) ?? (await releaseHeld(this.db, now, (lists) => this.metrics.guarded(lists))) ?? askForLaterLooks(this.db, now);
  }

  private retire(target: ProviderTarget): void {
    const closed = this.seams.clock.sleep(this.closing ? 0 : this.options.callTimeoutMs).then(() => target.close())
      .catch((error: unknown) => this.parts.logger.warn({ error: error instanceof Error ? error.message : 'unknown' }, 'a connection could not be closed'))
      .finally(() => this.retired.delete(closed));
    this.retired.add(closed);
  }
}

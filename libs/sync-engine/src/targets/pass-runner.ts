import { ProviderError, isProviderError } from '@wami/provider-port';
import type { Span } from '@wami/tracing';
import { operationOf } from '../bindings/binding';
import { PausedBeforeCall, TargetLost } from '../reconcile/caller';
import type { Outcome } from '../reconcile/outcome';
import { reconcile } from '../reconcile/reconcile';
import type { Stage } from '../reconcile/stage';
import type { Work } from '../reconcile/work';
import type { Recorder } from '../record/recorder';
import { endPass, startPass } from '../tracing/pass-span';
import type { Lease } from './lease';
import type { Listing } from './listing';
import type { Quarantine } from './quarantine';
import { LaneQueue } from './lane-queue';

export interface RunnerParts {
  readonly lease: Lease;
  readonly recorder: Recorder;
  readonly quarantine: Quarantine;
  readonly concurrency: () => number;
  readonly now: () => number;
  /** `trace`: of the pass. */
  readonly stage: (work: Work, listing: Listing | undefined, trace: string | undefined) => Stage;
  /** The pass makes no more calls. */
  readonly onEnded: (work: Work, outcome: Outcome) => void;
  /** Its outcome is on record, or will not be. */
  readonly onRecorded: (work: Work) => void;
  /** A pass ended or was recorded: there may be room for more. */
  readonly onProgress: (inFlight: number) => void;
  readonly onLost: () => void;
  readonly onError: (error: unknown) => void;
}

/** With more in hand than so many times those that run it is worth while to write outcomes together; with less somebody waits for the first or the last of them. */
const BUSY = 3;

interface Ready {
  readonly work: Work;
  readonly listing?: Listing;
}

/** Runs claimed passes of one target, so many at a time, people's edits first, and hands their outcomes to the recorder. */
export class PassRunner {
  private readonly ready = new LaneQueue<Ready>();
  private readonly running = new Set<Promise<void>>();
  private ofLane1 = 0;
  /** Those among `ready` for whom a listing was read. */
  private listed = 0;
  private unrecorded = 0;
  private readonly whenRecorded: (() => void)[] = [];
  private stopped = false;

  constructor(private readonly parts: RunnerParts) {}

  /** Of lane 1 alone: what a person does can still be claimed beside it. */
  get waitingOfLane1(): number {
    return this.ready.sizeOf(1);
  }

  /** Of those that were not begun, the ones that can be put back: for the others a listing was read. */
  get returnable(): number {
    return this.ready.size - this.listed;
  }

  /** Everything that is claimed and not recorded yet. */
  get held(): number {
    return this.ready.size + this.running.size + this.unrecorded;
  }

  add(works: readonly Work[], listing?: Listing): void {
    for (const work of works) this.push({ work, ...(listing ? { listing } : {}) });
    this.pump();
  }

  /** For works whose listing could not be read. */
  async fail(works: readonly Work[], error: ProviderError): Promise<void> {
    const { quarantine, now } = this.parts;
    const pausedUntil = await quarantine.failed(error.code, error.message, now());
    for (const work of works) this.submit(work, { ...failed(work, error, work.lost), noNameGiven: true }, pausedUntil);
  }

  /** Gives up those that can be put back. */
  putBack(): Work[] {
    const ready = this.ready.drain();
    this.listed = 0;
    for (const one of ready) if (one.listing) this.push(one);
    return ready.flatMap(({ work, listing }) => (listing ? [] : [work]));
  }

  /** Begins no more passes; gives those that were not begun. */
  stop(): Work[] {
    this.stopped = true;
    return this.ready.drain().map(({ work }) => work);
  }

  /** Resolves when no pass is running. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  /** Resolves when no outcome waits to be recorded. */
  recorded(): Promise<void> {
    return this.unrecorded === 0 ? Promise.resolve() : new Promise((resolve) => this.whenRecorded.push(resolve));
  }

  pump(): void {
    const { quarantine, concurrency } = this.parts;
    while (!this.stopped && this.running.size < concurrency() && quarantine.activeUntil === undefined) {
      // Slow calls of sweeps must not take all places.
      const next = this.ready.shift(this.ofLane1 < concurrency() - keptForPeople(concurrency()) ? 1 : 0);
      if (next === undefined) return;
      if (next.listing) this.listed -= 1;
      const machine = next.work.binding.lane === 1 ? 1 : 0;
      this.ofLane1 += machine;
      const pass = this.pass(next).catch(this.parts.onError).finally(() => {
        this.running.delete(pass);
        this.ofLane1 -= machine;
        this.pump();
        this.parts.onProgress(this.running.size);
      });
      this.running.add(pass);
    }
  }

  private push(ready: Ready): void {
    if (ready.listing) this.listed += 1;
    this.ready.push(ready.work.binding.lane, ready);
  }

  private async pass({ work, listing }: Ready): Promise<void> {
    const span = startPass(work);
    try {
      const begunAt = this.parts.now();
      const stage = this.parts.stage(work, listing, span?.traceparent);
      const outcome = await this.reconciled(work, stage);
      this.submit(work, outcome, stage.caller.called || outcome.is === 'failed' ? await this.judge(outcome, begunAt) : undefined, span);
    } catch (error) {
      span?.end({}, error instanceof TargetLost ? 'TargetLost' : 'Internal');
      if (!(error instanceof TargetLost)) throw error;
      this.parts.onLost();
    }
  }

  /** What nobody foresaw stays this binding's own trouble. */
  private async reconciled(work: Work, stage: Stage): Promise<Outcome> {
    try {
      return await reconcile(work, stage);
    } catch (error) {
      if (error instanceof TargetLost) throw error;
      if (error instanceof PausedBeforeCall) return { is: 'paused', by: error.by, operation: operationOf(work.binding), presence: work.binding.presence };
      this.parts.onError(error);
      return failed(work, new ProviderError('Internal', 'an unexpected error in the engine', { effect: 'unknown' }), true);
    }
  }

  /** What the outcome says of the target; until when that rests because of it. */
  private async judge(outcome: Outcome, begunAt: number): Promise<number | undefined> {
    const { quarantine } = this.parts;
    if (outcome.is === 'failed') return quarantine.failed(outcome.error.code, outcome.error.message, begunAt);
    if (outcome.is === 'succeeded') await quarantine.succeeded(begunAt);
    return undefined;
  }

  private submit(work: Work, outcome: Outcome, pausedUntil: number | undefined, span?: Span): void {
    const { recorder, lease, onLost, onProgress, onRecorded } = this.parts;
    this.parts.onEnded(work, outcome);
    this.unrecorded += 1;
    const done = (result: 'recorded' | 'lost'): void => {
      this.unrecorded -= 1;
      endPass(span, outcome, result === 'recorded');
      onRecorded(work);
      if (result === 'lost') onLost();
      onProgress(this.running.size);
      if (this.unrecorded === 0) for (const tell of this.whenRecorded.splice(0)) tell();
    };
    recorder.submit({ lease, work, outcome, pausedUntil, trace: span?.traceparent, done }, this.held > BUSY * this.parts.concurrency());
  }
}

/** Of so many places, those that lane 1 does not get. */
function keptForPeople(places: number): number {
  return Math.floor(places / 8);
}

function failed(work: Work, error: ProviderError, unfinished: boolean): Outcome {
  return { is: 'failed', error, unfinished, lately: false, operation: operationOf(work.binding), presence: work.binding.presence };
}

export function isListingError(listed: Listing | ProviderError): listed is ProviderError {
  return isProviderError(listed);
}

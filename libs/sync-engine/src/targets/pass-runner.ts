import { ProviderError, isProviderError } from '@wami/provider-port';
import { operationOf } from '../bindings/binding';
import { PausedBeforeCall, TargetLost } from '../reconcile/caller';
import type { Outcome } from '../reconcile/outcome';
import { reconcile } from '../reconcile/reconcile';
import type { Stage } from '../reconcile/stage';
import type { Work } from '../reconcile/work';
import type { Recorder } from '../record/recorder';
import type { Lease } from './lease';
import type { Listing } from './listing';
import type { Quarantine } from './quarantine';
import { ReadyQueue } from './ready-queue';

export interface RunnerParts {
  readonly lease: Lease;
  readonly recorder: Recorder;
  readonly quarantine: Quarantine;
  readonly concurrency: () => number;
  readonly stage: (work: Work, listing: Listing | undefined) => Stage;
  /** The pass makes no more calls. */
  readonly onEnded: (work: Work) => void;
  /** Its outcome is on record, or will not be. */
  readonly onRecorded: (work: Work) => void;
  /** A pass ended or was recorded: there may be room for more. */
  readonly onProgress: (inFlight: number) => void;
  readonly onLost: () => void;
  readonly onError: (error: unknown) => void;
}

interface Ready {
  readonly work: Work;
  readonly listing?: Listing;
}

/** Runs claimed passes of one target, so many at a time, people's edits first, and hands their outcomes to the recorder. */
export class PassRunner {
  private readonly ready = new ReadyQueue<Ready>();
  private readonly running = new Set<Promise<void>>();
  private unrecorded = 0;
  private stopped = false;

  constructor(private readonly parts: RunnerParts) {}

  /** Everything that is claimed and not recorded yet. */
  get held(): number {
    return this.ready.size + this.running.size + this.unrecorded;
  }

  add(works: readonly Work[], listing?: Listing): void {
    for (const work of works) this.ready.push(work.binding.lane, { work, ...(listing ? { listing } : {}) });
    this.pump();
  }

  /** For works whose listing could not be read. */
  async fail(works: readonly Work[], error: ProviderError): Promise<void> {
    for (const work of works) await this.finish(work, failed(work, error, work.lost));
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

  pump(): void {
    const { quarantine, concurrency } = this.parts;
    while (!this.stopped && this.running.size < concurrency() && quarantine.activeUntil === undefined) {
      const next = this.ready.shift();
      if (next === undefined) return;
      const pass = this.pass(next).catch(this.parts.onError).finally(() => {
        this.running.delete(pass);
        this.pump();
        this.parts.onProgress(this.running.size);
      });
      this.running.add(pass);
    }
  }

  private async pass({ work, listing }: Ready): Promise<void> {
    try {
      await this.finish(work, await this.reconciled(work, listing));
    } catch (error) {
      if (!(error instanceof TargetLost)) throw error;
      this.parts.onLost();
    }
  }

  /** What nobody foresaw stays this binding's own trouble. */
  private async reconciled(work: Work, listing: Listing | undefined): Promise<Outcome> {
    try {
      return await reconcile(work, this.parts.stage(work, listing));
    } catch (error) {
      if (error instanceof TargetLost) throw error;
      if (error instanceof PausedBeforeCall) return { is: 'paused', by: error.by, operation: operationOf(work.binding), presence: work.binding.presence };
      this.parts.onError(error);
      return failed(work, new ProviderError('Internal', 'an unexpected error in the engine', { effect: 'unknown' }), true);
    }
  }

  private async finish(work: Work, outcome: Outcome): Promise<void> {
    const { quarantine, recorder, lease, onLost, onProgress, onRecorded } = this.parts;
    const rejected = outcome.is === 'failed' && outcome.error.code === 'AuthExpired';
    const pausedUntil = rejected ? await quarantine.begin(outcome.error.message) : undefined;
    if (outcome.is === 'succeeded') await quarantine.end();
    this.parts.onEnded(work);
    this.unrecorded += 1;
    const done = (result: 'recorded' | 'lost'): void => {
      this.unrecorded -= 1;
      onRecorded(work);
      if (result === 'lost') onLost();
      onProgress(this.running.size);
    };
    recorder.submit({ lease, work, outcome, pausedUntil, done }, this.held > this.parts.concurrency());
  }
}

function failed(work: Work, error: ProviderError, unfinished: boolean): Outcome {
  return { is: 'failed', error, unfinished, lately: false, operation: operationOf(work.binding), presence: work.binding.presence };
}

export function isListingError(listed: Listing | ProviderError): listed is ProviderError {
  return isProviderError(listed);
}

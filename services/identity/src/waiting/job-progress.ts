import type { JobCounts, RecordedBindingEvent, RecordedSyncEvent, Target } from '@wami/contracts';
import { evolveBinding, type BindingOutcome } from '@wami/domain';
import { isSettled, targetKey } from './outcomes';
import { Signals } from './signals';

type PlanRefused = Extract<RecordedSyncEvent, { type: 'wami.sync.plan-refused.v1' }>;
type JobAccepted = Extract<RecordedSyncEvent, { type: 'wami.sync.job-accepted.v1' }>;

interface Watched {
  readonly accepted: Map<string, number>;
  readonly said: Map<string, { readonly event: RecordedBindingEvent; readonly outcome: BindingOutcome }>;
  /** Bindings of `said` that settled, or are held. */
  readonly settled: Set<string>;
  /** Bindings that a plan was not carried out on. */
  readonly refused: Set<string>;
  /** Operations that targets refused as a whole. */
  readonly undone: Map<string, number>;
}

const MAX_WATCHED = 500;

/** Follows the jobs that somebody waits for. Watch before the job is written, so that no answer is missed. */
export class JobProgress {
  private readonly jobs = new Map<string, Watched>();
  private readonly signals = new Signals();

  /** False where too many are watched already: the caller answers without waiting. */
  watch(job: string): boolean {
    if (this.jobs.size >= MAX_WATCHED) return false;
    this.jobs.set(job, { accepted: new Map(), said: new Map(), settled: new Set(), refused: new Set(), undone: new Map() });
    return true;
  }

  forget(job: string): void {
    this.jobs.delete(job);
  }

  accepted(event: JobAccepted): void {
    const { job, bindings, undone = 0 } = event.data;
    this.jobs.get(job)?.accepted.set(targetKey(event.data), bindings + undone);
    this.jobs.get(job)?.undone.set(targetKey(event.data), undone);
    this.signals.signal(event.data.job);
  }

  observe(event: RecordedBindingEvent): void {
    for (const job of event.data.jobs ?? []) {
      const binding = `${event.data.resource} ${targetKey(event.data)}`;
      const watched = this.jobs.get(job);
      if (!watched) continue;
      const outcome = evolveBinding(watched.said.get(binding)?.outcome, event);
      watched.said.set(binding, { event, outcome });
      if (isSettled(outcome) || isHeld(event)) watched.settled.add(binding);
      else watched.settled.delete(binding);
      this.signals.signal(job);
    }
  }

  /** An operation of a plan that is not carried out counts as failed. */
  refused({ data }: PlanRefused): void {
    for (const job of data.jobs) {
      this.jobs.get(job)?.refused.add(`${data.resource} ${targetKey(data)}`);
      this.signals.signal(job);
    }
  }

  /** Resolves once every target took the job on and every binding settled or is held, or the time is up. */
  async finish(job: string, targets: readonly Target[], timeoutMs: number): Promise<void> {
    await this.signals.until(job, () => {
      const watched = this.jobs.get(job);
      return watched !== undefined && targets.every((target) => watched.accepted.has(targetKey(target))) && watched.settled.size + refusedOf(watched) >= totalOf(watched);
    }, timeoutMs);
  }

  /** A binding that was left alone (Skipped, NotConfigured) counts as succeeded: nobody has to act. */
  counts(job: string): JobCounts {
    const watched = this.jobs.get(job);
    if (!watched) return { retried: 0, succeeded: 0, failed: 0, stillPending: 0, held: 0 };
    const said = [...watched.said.values()];
    const states = said.map(({ outcome }) => outcome.outcome.state);
    const failed = states.filter((state) => state === 'Failed').length + refusedOf(watched);
    const succeeded = states.filter((state) => state !== 'Failed' && state !== 'Pending' && state !== 'Syncing').length;
    const retried = Math.max(totalOf(watched), failed + succeeded);
    return { retried, succeeded, failed, stillPending: retried - failed - succeeded, held: said.filter(({ event }) => isHeld(event)).length };
  }

  /** What was said of one resource's bindings because of the job. */
  outcomesOf(job: string, resource: string): ReadonlyMap<string, BindingOutcome> {
    const said = [...(this.jobs.get(job)?.said.values() ?? [])].filter(({ event }) => event.data.resource === resource);
    return new Map(said.map(({ event, outcome }) => [targetKey(event.data), outcome]));
  }

  close(): void {
    this.signals.close();
  }
}

/** A binding that waits names a job only where a pause, the guard or a trigger holds it, or what it waits for rests. */
const isHeld = ({ type }: RecordedBindingEvent): boolean => type === 'wami.sync.waiting.v1';
const sumOf = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);
const totalOf = ({ accepted }: Watched): number => sumOf(accepted);
const refusedOf = ({ refused, undone }: Watched): number => refused.size + sumOf(undone);

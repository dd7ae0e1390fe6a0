import { KeysUnavailable, together } from '@wami/event-store';
import type { Binding } from '../bindings/binding';
import type { EngineDatabase } from '../database/engine-database';
import { forget } from '../erasure/erase';
import type { EngineLogger } from '../logger';
import type { EngineMetrics, PassFigures } from '../metrics';
import type { Outcome } from '../reconcile/outcome';
import type { Work } from '../reconcile/work';
import type { Seams } from '../seams';
import { holdPauses } from '../pauses/standing-pauses';
import { stillOwned, type Lease } from '../targets/lease';
import { codeOf } from '../tracing/pass-span';
import { settle, type Settled } from './settle';
import { wakeWaiting } from './wake';

export interface Recording {
  readonly lease: Lease;
  readonly work: Work;
  readonly outcome: Outcome;
  readonly pausedUntil: number | undefined;
  /** Trace context of the pass. */
  readonly trace?: string | undefined;
  readonly done: (result: 'recorded' | 'lost') => void;
}

export interface RecorderParts {
  readonly db: EngineDatabase;
  readonly owner: string;
  readonly seams: Seams;
  readonly metrics: EngineMetrics;
  readonly logger: EngineLogger;
  readonly visibilityMs: number;
  readonly sightMs: number;
  /** Accounts where bindings are due again. */
  readonly onDue: (accounts: ReadonlySet<string>) => void;
}

const MOST = 200;
/** Under load a group is worth waiting for: each is one transaction here, and one more batch for everybody who reads the log. */
const LINGER_MS = 100;
const WORTH_WRITING = 50;
const RETRY_MS = { base: 50, most: 5_000 };

/** Writes outcomes in groups: what ends while one group is written, or within some milliseconds under load, goes into the next. */
export class Recorder {
  private queue: Recording[] = [];
  private running: Promise<void> | undefined;
  private busy = false;
  private failures = 0;
  private stopped = false;
  /** Why outcomes cannot be recorded at the moment. */
  problem: string | undefined;

  constructor(private readonly parts: RecorderParts) {}

  /** `busy`: more is about to end, so that waiting a moment is worth while. */
  submit(recording: Recording, busy: boolean): void {
    this.queue.push(recording);
    this.busy = busy;
    this.running ??= this.run();
  }

  /** Resolves when everything submitted is recorded. */
  async flush(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0) {
      if (this.busy && this.queue.length < WORTH_WRITING) await this.parts.seams.clock.sleep(LINGER_MS);
      await this.recordUntilDone(this.queue.splice(0, MOST));
    }
    // In the same turn as the look at the queue: nothing can slip in between.
    this.running = undefined;
  }

  /** What the cloud was made to do has to be written, however long the database is away: until the target belongs to another. */
  private async recordUntilDone(group: readonly Recording[]): Promise<void> {
    for (;;) {
      try {
        const owned = await this.record(group);
        this.failures = 0;
        this.problem = undefined;
        for (const { lease, done } of group) done(owned.has(lease.account) ? 'recorded' : 'lost');
        return;
      } catch (error) {
        this.failures += 1;
        this.problem = error instanceof KeysUnavailable ? `outcomes cannot be written: ${error.message}` : 'outcomes cannot be written to the database';
        this.parts.logger.error({ failures: this.failures, error: error instanceof Error ? error.message : 'unknown' }, this.problem);
        if (this.abandoned(group)) return;
        await this.parts.seams.clock.sleep(Math.min(RETRY_MS.most, RETRY_MS.base * 2 ** Math.min(this.failures, 10)));
      }
    }
  }

  /** From now on outcomes that cannot be written are given up: the next owner looks again. */
  stop(): void {
    this.stopped = true;
  }

  private abandoned(group: readonly Recording[]): boolean {
    if (this.stopped) for (const { done } of group) done('lost');
    return this.stopped;
  }

  private async record(group: readonly Recording[]): Promise<ReadonlySet<string>> {
    const { db, owner, seams, metrics, logger, onDue } = this.parts;
    await seams.reached?.('before-record');
    const began = seams.clock.now();
    await db.store.holdKeys([...new Set(group.map(({ work }) => work.binding.resource))]);
    const leases = [...new Map(group.map(({ lease }) => [`${lease.account} ${lease.epoch}`, lease])).values()];
    const settled = new Map<Recording, number | undefined>();
    const { owned, due } = await db.transaction(async (client) => {
      const [still, held, locked] = await together([
        stillOwned(client, db, owner, leases), group.some(({ outcome }) => outcome.is === 'paused') ? holdPauses(client, db) : [],
        db.bindings.lockKeys(client, group.map(({ work }) => work.binding)),
      ]);
      const standing = new Set(held.map(({ id }) => id));
      const mine = group.filter(({ lease }) => still.has(lease.account));
      const current = new Map(locked.map((binding) => [keyOf(binding), binding]));
      const changes = mine.flatMap((recording) => {
        const change = this.changeOf(recording, current.get(keyOf(recording.work.binding)), standing);
        settled.set(recording, change?.settledMs);
        return change ?? [];
      });
      await db.write(client, changes);
      await forget(client, db, changes.flatMap(({ binding }) => (binding.erased ? [binding.resource] : [])));
      const woken = await wakeWaiting(client, db, changes, seams.clock.now());
      return { owned: still, due: new Set([...woken, ...changes.flatMap(({ binding }) => (binding.dueAt === null ? [] : [binding.account]))]) };
    });
    await seams.reached?.('after-record');
    metrics.recorded(group.length, seams.clock.now() - began);
    for (const recording of group) {
      metrics.settled(recording.lease.account, passOf(recording, settled.get(recording)));
      if (recording.outcome.is === 'failed') logger.info(loggedOf(recording), 'a pass failed');
    }
    if (due.size > 0) onDue(due);
    return owned;
  }

  private changeOf({ work, outcome, pausedUntil, trace }: Recording, current: Binding | undefined, standing: ReadonlySet<string>): Settled | undefined {
    const { db, seams, visibilityMs, sightMs } = this.parts;
    return current && settle(current, work, outcome, { provider: db.provider, now: seams.clock.now(), random: seams.random, pausedUntil, visibilityMs, sightMs, trace, stands: ({ id }) => standing.has(id) });
  }
}

function passOf({ work: { binding: { kind, lane } }, outcome }: Recording, settledMs: number | undefined): PassFigures {
  return { kind, lane, outcome: outcome.is, operation: outcome.operation, code: codeOf(outcome), ...(settledMs === undefined ? {} : { settledMs }) };
}

/** What a log says of it; the provider's words stand in the event. */
function loggedOf({ work: { binding: { tenant, resource, kind, account, cause } }, outcome }: Recording): object {
  return { tenant, resource, kind, account, operation: outcome.operation, code: codeOf(outcome), correlation: cause.correlationId };
}

const keyOf = ({ account, resource }: Pick<Binding, 'account' | 'resource'>): string => `${account} ${resource}`;

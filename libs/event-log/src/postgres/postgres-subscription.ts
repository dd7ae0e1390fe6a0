import { LOG_START, type LogPosition, type PositionVector, type RecordedEvent, type Source } from '@wami/contracts';
import type { Pool } from 'pg';
import type { DatabaseSession, Hold } from '../database-session';
import { StalePosition, type SubscribeOptions, type Subscription, type SubscriptionHealth, type SubscriptionStats } from '../event-log';
import { handOver } from '../hand-over';
import { NO_PARTITION, slowest, type Mark, type MarkMove, type MarkStore } from '../marks/mark';
import { SubscriptionState } from '../subscription-state';
import { Backoff, messageOf, pause, within } from '../waiting';
import { readPages, type SourceSchema, type StartOfNow } from './log-page';
import { SourceWatch } from './source-watch';

export interface PostgresSubscriptionParts {
  readonly pool: Pool;
  readonly session: DatabaseSession;
  readonly sources: readonly SourceSchema[];
  readonly options: SubscribeOptions;
  readonly marks: MarkStore;
  /** Name of the lock that the group's one active consumer holds; none where positions are not kept. */
  readonly lock?: string;
  readonly since?: StartOfNow;
  readonly pollMs: number;
  readonly onClosed: (subscription: PostgresSubscription) => void;
}

const STANDBY_MS = 250;
const IDLE_POLLS = 20;
const CLOSE_MS = 10_000;
const SLOWEST = 6;
const MANY = 15;

/** Tails the published events of some schemas. One consumer of a group works at a time, the others stand by. */
export class PostgresSubscription implements Subscription {
  private readonly state = new SubscriptionState();
  private readonly stop = new AbortController();
  private readonly idle: Backoff;
  private readonly failing = new Backoff(50, 5000);
  private readonly watch: SourceWatch;
  private readonly batchSize: number;
  private readonly schemas: readonly string[];
  private marks: Map<Source, Mark> | undefined;
  private hold: Hold | undefined;
  private turn = 0;
  private nextAt = -Infinity;
  private readonly loop: Promise<void>;

  constructor(private readonly parts: PostgresSubscriptionParts) {
    const pollMs = Math.max(parts.pollMs, parts.options.paceMs ?? 0);
    this.idle = new Backoff(pollMs, Math.max(pollMs, parts.pollMs * IDLE_POLLS));
    this.watch = new SourceWatch(parts.pool, parts.sources, this.state);
    this.schemas = parts.sources.map(({ schema }) => schema);
    this.batchSize = parts.options.batchSize ?? 1000;
    this.state.trouble('batch', 'the log was not looked at yet');
    this.loop = this.run();
  }

  async position(): Promise<PositionVector> {
    const marks = this.marks ?? (await this.loadMarks());
    return slowest([...marks.values()]);
  }

  health(): SubscriptionHealth {
    return this.state.health();
  }

  stats(): SubscriptionStats {
    return { ...this.state.stats };
  }

  async close(): Promise<void> {
    this.stop.abort();
    await within(this.loop, CLOSE_MS);
    this.parts.onClosed(this);
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      try {
        await this.step();
        this.failing.reset();
        this.state.trouble('batch', undefined);
      } catch (error) {
        await this.failed(error);
      }
    }
    await this.hold?.release().catch((error: unknown) => this.state.trouble('batch', messageOf(error)));
  }

  private async step(): Promise<void> {
    if (!(await this.isActive())) return this.standBy();
    const marks = (this.marks ??= await this.loadMarks());
    await this.keepPace();
    const seen = this.parts.session.seen(this.schemas);
    const events = await this.nextEvents(marks);
    this.nextAt = performance.now() + paceAfter(events.length, this.parts.options.paceMs ?? 0);
    if (events.length === 0) return this.rest(seen);
    this.idle.reset();
    const moves = movesOver(events, marks, this.watch);
    if (this.stop.signal.aborted) return;
    await handOver(this.parts.options.onBatch, events, moves, this.parts.marks);
    for (const { to } of moves) marks.set(to.source, to);
    this.count(events);
    // All that could be read was: what comes later, or waits for an older transaction, is told or looked for in a moment.
    if (events.length < this.batchSize) await this.rest(seen);
  }

  private async keepPace(): Promise<void> {
    const early = this.nextAt - performance.now();
    if (early > 0) await pause(early, this.stop.signal);
  }

  /** A session that is about to connect tells when it has; another holder does not tell when it is gone. */
  private standBy(): Promise<void> {
    const { session } = this.parts;
    return session.reason === undefined ? pause(STANDBY_MS, this.stop.signal) : session.changed(this.schemas, session.seen(this.schemas), STANDBY_MS, this.stop.signal);
  }

  /** After a notification the event may have to wait for an older transaction: looked at often again. */
  private async rest(seen: number): Promise<void> {
    const { session } = this.parts;
    await session.changed(this.schemas, seen, this.idle.ms(), this.stop.signal);
    if (session.seen(this.schemas) !== seen) this.idle.reset();
  }

  /** Whether this consumer is the one of its group that works. The lock only saves work: the marks are what keeps effects single. */
  private async isActive(): Promise<boolean> {
    const { lock, session } = this.parts;
    if (lock === undefined || this.hold?.valid) return true;
    this.marks = undefined;
    this.hold = await session.tryHold(lock);
    return this.hold !== undefined;
  }

  private async nextEvents(marks: ReadonlyMap<Source, Mark>): Promise<readonly RecordedEvent[]> {
    const ready = await this.watch.ready([...marks.values()]);
    const turned = ready.map((_, i) => ready[(i + this.turn) % ready.length]).filter((source) => source !== undefined);
    this.turn++;
    const from = turned.map((source) => ({ ...source, after: this.placeIn(marks.get(source.source), source.source) }));
    const pages = await readPages(this.parts.pool, from, this.batchSize, this.parts.since);
    return pages.flat().slice(0, this.batchSize);
  }

  /** A restored store has given its events new places: it is read from its start. */
  private placeIn(mark: Mark | undefined, source: Source): LogPosition {
    return mark && (mark.epoch === '' || mark.epoch === this.watch.epochOf(source)) ? mark.position : LOG_START;
  }

  private async loadMarks(): Promise<Map<Source, Mark>> {
    const slots = this.parts.sources.map(({ source }) => ({ source, partition: NO_PARTITION }));
    await this.parts.marks.prepare(slots);
    return new Map((await this.parts.marks.load(slots)).map((mark) => [mark.source, mark]));
  }

  private async failed(error: unknown): Promise<void> {
    this.marks = undefined;
    if (error instanceof StalePosition) {
      this.state.stats.stale++;
      return pause(STANDBY_MS, this.stop.signal);
    }
    this.state.stats.failures++;
    this.watch.recheck();
    this.state.trouble('batch', messageOf(error));
    await pause(this.failing.ms(), this.stop.signal);
  }

  private count(events: readonly RecordedEvent[]): void {
    const { stats } = this.state;
    stats.batches++;
    stats.events += events.length;
    stats.ageSeconds = Math.max(0, (Date.now() - Date.parse(events.at(-1)?.time ?? '')) / 1000);
  }
}

/** The more came at once, the more is worth waiting for. */
function paceAfter(events: number, paceMs: number): number {
  return paceMs * Math.min(SLOWEST, 1 + events / MANY);
}

function movesOver(events: readonly RecordedEvent[], marks: ReadonlyMap<Source, Mark>, watch: SourceWatch): readonly MarkMove[] {
  const last = new Map(events.map((event) => [event.source, event.position]));
  return [...last].map(([source, position]) => {
    const from = marks.get(source);
    if (!from) throw new Error(`no position of ${source}`);
    return { from, to: { ...from, epoch: watch.epochOf(source), position } };
  });
}

import type { EachBatchPayload } from 'kafkajs';
import { StalePosition, type SubscribeOptions } from '../event-log';
import { handOver } from '../hand-over';
import type { MarkStore } from '../marks/mark';
import type { SubscriptionState } from '../subscription-state';
import { Backoff, messageOf, pause, type Serial } from '../waiting';
import { Heart } from './heart';
import { nextStep, type Placed, type Step } from './next-step';
import { lowestOffset, type PartitionMarks } from './partition-marks';
import { readRecord } from './record';

export interface BatchContext {
  readonly options: SubscribeOptions;
  readonly store: MarkStore;
  readonly marks: PartitionMarks;
  readonly state: SubscriptionState;
  /** One handler at a time in a subscription, whatever kafkajs runs side by side while a group rebalances. */
  readonly serial: Serial;
  readonly signal: AbortSignal;
  /** Reads the partition again from there. */
  seek(partition: number, offset: bigint): void;
  /** Marks moved without a handler; they are to be flushed soon. */
  reachedOnly(): void;
}

const STALE_MS = 50;

/** Handles what Kafka gave of one partition, as long as it takes; throws only what kafkajs has to know (a lost membership). */
export class PartitionBatch {
  private readonly failing = new Backoff(50, 5000);
  private readonly heart: Heart;
  private rest: readonly Placed[] | undefined;
  private readonly partition: number;

  constructor(private readonly payload: EachBatchPayload, private readonly context: BatchContext, private readonly rewound: Map<number, bigint>) {
    this.partition = payload.batch.partition;
    this.heart = new Heart(() => payload.heartbeat());
  }

  async handle(): Promise<void> {
    const { state, serial, signal } = this.context;
    const part = `${this.payload.batch.topic}/${this.partition}`;
    while (this.goesOn()) {
      try {
        if (await this.heart.beatDuring(serial.run(() => this.step()))) return;
        this.failing.reset();
        state.trouble(part, undefined);
      } catch (error) {
        this.heart.throwIfLost();
        const ms = this.failed(error, part);
        await this.heart.beatDuring(pause(ms, signal));
      }
    }
  }

  private goesOn(): boolean {
    return !this.context.signal.aborted && this.payload.isRunning() && !this.payload.isStale() && this.rest?.length !== 0;
  }

  /** True when the rest must be left to another fetch. */
  private async step(): Promise<boolean> {
    if (!this.goesOn()) return true;
    this.rest ??= this.payload.batch.messages.map((message) => ({ offset: message.offset, record: readRecord(message, `${this.payload.batch.topic}/${this.partition}`) }));
    const marks = await this.context.marks.of(this.partition);
    if (this.rewinds(lowestOffset(marks), this.rest)) return true;
    const step = nextStep(this.rest, marks, this.context.options.batchSize ?? 1000, this.context.state);
    await this.take(step);
    this.payload.resolveOffset(this.rest[step.length - 1]?.offset ?? this.payload.batch.lastOffset());
    this.rest = this.rest.slice(step.length);
    return false;
  }

  private async take({ events, marks }: Step): Promise<void> {
    const { options, store, state, marks: known } = this.context;
    if (events.length === 0) {
      known.reached(marks);
      return this.context.reachedOnly();
    }
    const moves = known.moves(marks);
    await handOver(options.onBatch, events, moves, store);
    known.saved(moves);
    state.stats.batches++;
    state.stats.events += events.length;
    state.stats.ageSeconds = Math.max(0, (Date.now() - Date.parse(events.at(-1)?.time ?? '')) / 1000);
  }

  /** The group's place is the store's, not Kafka's: after a restored database, or for a source that is new to the group, it is earlier. */
  private rewinds(expected: bigint, rest: readonly Placed[]): boolean {
    const first = BigInt(rest[0]?.offset ?? expected);
    if (first <= expected) {
      this.rewound.delete(this.partition);
      return false;
    }
    if (this.rewound.get(this.partition) === expected) {
      throw new Error(`records ${expected} to ${first - 1n} are gone from Kafka before the group read them: rebuild it`);
    }
    this.rewound.set(this.partition, expected);
    this.context.seek(this.partition, expected);
    return true;
  }

  private failed(error: unknown, part: string): number {
    const { marks, state } = this.context;
    marks.forget(this.partition);
    if (error instanceof StalePosition) {
      state.stats.stale++;
      return STALE_MS;
    }
    state.stats.failures++;
    state.trouble(part, messageOf(error));
    return this.failing.ms();
  }
}

import type { PositionVector, Source } from '@wami/contracts';
import type { Consumer, ConsumerGroupJoinEvent, EachBatchPayload, Kafka } from 'kafkajs';
import { StalePosition, type SubscribeOptions } from '../event-log';
import type { MarkStore } from '../marks/mark';
import type { SubscriptionState } from '../subscription-state';
import { Backoff, messageOf, pause, within, type Serial } from '../waiting';
import { RETRY, type BrokerWatch } from './kafka-client';
import { PartitionBatch, type BatchContext } from './partition-batch';
import { PartitionMarks } from './partition-marks';
import { partitionsOf } from './topics';

export interface TopicConsumerParts {
  readonly kafka: Kafka;
  readonly watch: BrokerWatch;
  readonly topic: string;
  readonly groupId: string;
  readonly sources: readonly Source[];
  readonly options: SubscribeOptions;
  readonly store: MarkStore;
  readonly state: SubscriptionState;
  readonly serial: Serial;
  readonly signal: AbortSignal;
  readonly sessionTimeoutMs?: number;
}

const FLUSH_MS = 25;
const COMMIT_MS = 1000;
const WAIT_FOR_TOPIC_MS = 200;
const DISCONNECT_MS = 5000;

/** Membership ends with the process, not with an outage: only after a minute without a broker the consumer starts afresh. */
const CONSUMER_RETRY = { ...RETRY, retries: 120, restartOnFailure: () => Promise.resolve(false) };

/** One topic of a subscription: a member of its Kafka group for as long as the subscription lives. */
export class TopicConsumer {
  private readonly marks: PartitionMarks;
  private readonly context: Omit<BatchContext, 'seek'>;
  private readonly rewound = new Map<number, bigint>();
  private readonly committed = new Map<number, number>();
  /** Partitions of which Kafka knows no place of ours: read from their start, the marks drop what was done. */
  private readonly unplaced = new Set<number>();
  private flushing: NodeJS.Timeout | undefined;
  private readonly loop: Promise<void>;

  constructor(private readonly parts: TopicConsumerParts) {
    this.marks = new PartitionMarks(parts.store, parts.sources);
    this.context = { ...parts, marks: this.marks, reachedOnly: () => this.flushSoon() };
    parts.state.trouble(parts.topic, `topic ${parts.topic}: not joined yet`);
    this.loop = this.run();
  }

  position(): Promise<PositionVector> {
    return this.marks.position();
  }

  /** Resolves when the signal was aborted and the member has left. */
  closed(): Promise<void> {
    return this.loop;
  }

  private async run(): Promise<void> {
    const { signal, state, topic } = this.parts;
    const backoff = new Backoff(100, 1000);
    while (!signal.aborted) {
      try {
        await this.prepare();
        if (!signal.aborted) await this.consume(() => backoff.reset());
      } catch (error) {
        state.trouble(topic, `topic ${topic}: ${messageOf(error)}`);
      }
      await pause(backoff.ms(), signal);
    }
    clearTimeout(this.flushing);
    await this.flush();
  }

  private async prepare(): Promise<void> {
    const { kafka, topic, groupId, signal, state, store, watch } = this.parts;
    const admin = kafka.admin();
    await admin.connect();
    try {
      let partitions = await partitionsOf(admin, topic);
      while (partitions === undefined && !signal.aborted) {
        state.awaits(topic, `waiting for topic ${topic}: no relay has made it yet`);
        watch.answered();
        await pause(WAIT_FOR_TOPIC_MS, signal);
        partitions = await partitionsOf(admin, topic);
      }
      if (partitions === undefined) return;
      await this.marks.prepare(partitions);
      if (!store.transactional) return;
      const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
      for (const { partition, offset } of offsets?.partitions ?? []) if (Number(offset) < 0) this.unplaced.add(partition);
    } finally {
      await within(admin.disconnect(), DISCONNECT_MS);
    }
  }

  private async consume(onJoined: () => void): Promise<void> {
    const { kafka, topic, groupId, signal, state, watch, sessionTimeoutMs: sessionTimeout = 10_000 } = this.parts;
    const consumer = kafka.consumer({
      groupId, allowAutoTopicCreation: false, sessionTimeout, heartbeatInterval: 1000, rebalanceTimeout: 10_000, maxWaitTimeInMs: 100,
      retry: CONSUMER_RETRY,
    });
    const ended = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        state.trouble(topic, `topic ${topic}: ${payload.error.message}`);
        resolve();
      });
    });
    consumer.on(consumer.events.HEARTBEAT, () => watch.answered());
    consumer.on(consumer.events.GROUP_JOIN, (event) => {
      this.joined(event, consumer);
      state.trouble(topic, undefined);
      watch.answered();
      onJoined();
    });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: (payload) => this.eachBatch(payload, consumer) });
      await ended;
      await this.flush();
      await within(this.commitAll(consumer), DISCONNECT_MS);
    } finally {
      await within(consumer.disconnect(), DISCONNECT_MS);
    }
  }

  private joined({ payload }: ConsumerGroupJoinEvent, consumer: Consumer): void {
    const { topic } = this.parts;
    const assigned = payload.memberAssignment[topic] ?? [];
    this.marks.forgetOthers(assigned);
    this.committed.clear();
    for (const partition of assigned) {
      const offset = this.unplaced.has(partition) ? undefined : this.marks.nextOffset(partition);
      if (offset !== undefined) consumer.seek({ topic, partition, offset: String(offset) });
    }
  }

  private async eachBatch(payload: EachBatchPayload, consumer: Consumer): Promise<void> {
    const { topic, store } = this.parts;
    const seek = (partition: number, offset: bigint): void => consumer.seek({ topic, partition, offset: String(offset) });
    await new PartitionBatch(payload, { ...this.context, seek }, this.rewound).handle();
    const { partition } = payload.batch;
    this.unplaced.delete(partition);
    const offset = this.marks.storedOffset(partition);
    if (!store.transactional || offset === undefined || performance.now() < (this.committed.get(partition) ?? -Infinity) + COMMIT_MS) return;
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: String(offset) }] }] });
    this.committed.set(partition, performance.now());
  }

  /** What Kafka keeps is for its own lag figures and saves reading twice; the marks are what counts. */
  private async commitAll(consumer: Consumer): Promise<void> {
    const { topic, store } = this.parts;
    const offsets = [...this.committed.keys()].map((partition) => ({ topic, partition, offset: this.marks.storedOffset(partition) }));
    const known = offsets.flatMap(({ offset, ...place }) => (offset === undefined ? [] : [{ ...place, offset: String(offset) }]));
    if (store.transactional && known.length > 0) await consumer.commitOffsets(known);
  }

  private flushSoon(): void {
    this.flushing ??= setTimeout(() => {
      this.flushing = undefined;
      void this.flush();
    }, FLUSH_MS);
  }

  /** Never rejects: what was not saved is forgotten and found again. */
  private async flush(): Promise<void> {
    const { serial, state } = this.parts;
    try {
      await serial.run(() => this.marks.flush());
      state.trouble('marks', undefined);
    } catch (error) {
      this.marks.forgetAll();
      if (error instanceof StalePosition) state.stats.stale++;
      else state.trouble('marks', messageOf(error));
    }
  }
}

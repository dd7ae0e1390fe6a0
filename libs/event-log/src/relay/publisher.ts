import type { LogPosition, RecordedEvent, Source } from '@wami/contracts';
import { Partitioners, type Admin, type Kafka, type Message, type Producer } from 'kafkajs';
import type { BrokerWatch } from '../kafka/kafka-client';
import { partitionOf } from '../kafka/partition-of';
import { encodeEvent, encodeWatermark } from '../kafka/record';
import { within } from '../waiting';
import { roundsOf, type PartitionMessages } from './rounds';

/** The topic is not the one that was written to before: it was made anew or has lost records. */
export class TopicLost extends Error {
  constructor(topic: string) {
    super(`topic ${topic} has lost records that were acknowledged: everything is published again`);
  }
}

const DISCONNECT_MS = 3000;

export interface PublisherParts {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly source: Source;
  readonly epoch: string;
  readonly partitions: number;
  /** Per partition, the offset after the newest acknowledged record. */
  readonly offsets: readonly bigint[];
  readonly watch: BrokerWatch;
}

/** Writes events of one source to its topic, one batch per partition at a time, and knows what Kafka acknowledged. */
export class Publisher {
  private readonly ends: bigint[];
  private readonly reached: (LogPosition | undefined)[];

  private constructor(private readonly parts: PublisherParts, private readonly producer: Producer) {
    this.ends = Array.from({ length: parts.partitions }, (_, i) => parts.offsets[i] ?? 0n);
    this.reached = Array.from({ length: parts.partitions });
  }

  static async open(parts: PublisherParts): Promise<Publisher> {
    const producer = parts.kafka.producer({
      idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return new Publisher(parts, producer);
  }

  get offsets(): readonly bigint[] {
    return [...this.ends];
  }

  /**
   * Resolves when Kafka has all of them.
   * @throws TopicLost; on any error some of them may be there, and the publisher must be closed
   */
  async events(events: readonly RecordedEvent[]): Promise<void> {
    const messages = new Map<number, Message[]>();
    for (const event of events) {
      const partition = partitionOf(event.key, this.parts.partitions);
      const list = messages.get(partition);
      const message = encodeEvent(event, this.parts.epoch);
      if (list) list.push(message);
      else messages.set(partition, [message]);
      this.reached[partition] = event.position;
    }
    for (const round of roundsOf(messages)) await this.send(round);
  }

  /** Tells the partitions whose newest record is older that nothing up to `position` is to come. */
  async watermark(position: LogPosition): Promise<void> {
    const { source, epoch } = this.parts;
    const behind = this.reached.flatMap((reached, partition) => (reached === position ? [] : [partition]));
    await this.send(behind.map((partition) => ({ partition, messages: [encodeWatermark(source, epoch, position)] })));
    for (const partition of behind) this.reached[partition] = position;
  }

  /** Finds out whether Kafka answers, by a watermark that consumers know already. */
  async probe(position: LogPosition): Promise<void> {
    await this.send([{ partition: 0, messages: [encodeWatermark(this.parts.source, this.parts.epoch, position)] }]);
  }

  async close(): Promise<void> {
    await within(this.producer.disconnect(), DISCONNECT_MS);
  }

  private async send(round: readonly PartitionMessages[]): Promise<void> {
    if (round.length === 0) return;
    const { topic } = this.parts;
    const messages = round.flatMap(({ partition, messages: of }) => of.map((message) => ({ ...message, partition })));
    const acknowledged = await this.producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages }] });
    this.parts.watch.answered();
    for (const { partition, baseOffset } of acknowledged) {
      const start = BigInt(baseOffset ?? '-1');
      // A repeat of a batch that Kafka has already is acknowledged without its place.
      if (start < 0n) continue;
      if (start < (this.ends[partition] ?? 0n)) throw new TopicLost(topic);
      this.ends[partition] = start + BigInt(round.find((one) => one.partition === partition)?.messages.length ?? 0);
    }
  }
}

/** Whether the topic ends before what was acknowledged. */
export async function lostRecords(admin: Admin, topic: string, offsets: readonly bigint[]): Promise<boolean> {
  const ends = await admin.fetchTopicOffsets(topic);
  return ends.some(({ partition, high }) => BigInt(high) < (offsets[partition] ?? 0n));
}

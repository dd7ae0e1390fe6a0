import type { RecordedEvent } from '@wami/contracts';
import { Partitioners, type Message, type Producer } from 'kafkajs';
import { roundsOf } from '../relay/rounds';
import { within } from '../waiting';
import { BrokerWatch, kafkaClient, type KafkaConnection } from './kafka-client';
import { partitionOf } from './partition-of';
import { encodeCopy } from './record';
import { ensureTopic } from './topics';

export interface TopicCopyConfig extends KafkaConnection {
  /** None of WAMI's own: see `isReservedTopic`. */
  readonly topic: string;
  /** Of the replay; stands in each record's header `wami_replay`. */
  readonly job: string;
  /** Of a topic that is made; default 12. */
  readonly partitions?: number;
}

const DISCONNECT_MS = 3000;

/** Writes events again, into a topic that no service of WAMI reads. Its records lack what the log's have, so that a consumer of the log passes over them. */
export class TopicCopy {
  private constructor(private readonly config: TopicCopyConfig, private readonly producer: Producer, private readonly partitions: number) {}

  /** Makes the topic where it is missing. @throws what Kafka says */
  static async open(config: TopicCopyConfig, signal: AbortSignal): Promise<TopicCopy> {
    const kafka = kafkaClient(config, new BrokerWatch());
    const admin = kafka.admin();
    try {
      await admin.connect();
      const partitions = await ensureTopic(admin, { topic: config.topic, partitions: config.partitions ?? 12 }, signal);
      const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
      return new TopicCopy(config, producer, partitions);
    } finally {
      await within(admin.disconnect(), DISCONNECT_MS);
    }
  }

  /** Resolves when Kafka has all of them, in order within each key. On any error some of them may be there, and it must be closed. */
  async write(events: readonly RecordedEvent[]): Promise<void> {
    const { topic, job } = this.config;
    const messages = new Map<number, Message[]>();
    for (const event of events) {
      const partition = partitionOf(event.key, this.partitions);
      messages.set(partition, [...messages.get(partition) ?? [], encodeCopy(event, job)]);
    }
    for (const round of roundsOf(messages)) {
      const sent = round.flatMap(({ partition, messages: of }) => of.map((message) => ({ ...message, partition })));
      await this.producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages: sent }] });
    }
  }

  async close(): Promise<void> {
    await within(this.producer.disconnect(), DISCONNECT_MS);
  }
}

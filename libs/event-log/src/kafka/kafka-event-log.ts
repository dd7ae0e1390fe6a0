import { randomUUID } from 'node:crypto';
import { topicOfSource, type RecordedEvent, type Source } from '@wami/contracts';
import type { Kafka } from 'kafkajs';
import type { Pool } from 'pg';
import type { EventLog, SubscribeOptions, SubscriptionHealth } from '../event-log';
import { DatabaseMarks } from '../marks/database-marks';
import { freshMark, type Mark, type MarkStore } from '../marks/mark';
import { MemoryMarks } from '../marks/memory-marks';
import { checkOptions } from '../subscribe-options';
import { healthBy, healthOf, SubscriptionState } from '../subscription-state';
import { Serial, within } from '../waiting';
import { BrokerWatch, kafkaClient, type KafkaConnection } from './kafka-client';
import { KafkaSubscription } from './kafka-subscription';
import { TopicConsumer } from './topic-consumer';
import { endOffsets } from './topics';

export interface KafkaEventLogConfig extends KafkaConnection {
  readonly sources: readonly { readonly source: Source }[];
  /** Where the positions of subscriptions from the beginning are kept; those from now need none. */
  readonly pool?: Pool;
  /** Default: the published topics of the contracts. */
  readonly topicOf?: (source: Source) => string;
  /** For how long the share of a consumer that died without a word waits for it, in milliseconds; default 10 000. */
  readonly sessionTimeoutMs?: number;
}

const DISCONNECT_MS = 5000;

class KafkaEventLog implements EventLog {
  private readonly watch = new BrokerWatch();
  private readonly kafka: Kafka;
  private readonly open = new Set<KafkaSubscription>();

  constructor(private readonly config: KafkaEventLogConfig) {
    this.kafka = kafkaClient(config, this.watch);
  }

  async subscribe(options: SubscribeOptions): Promise<KafkaSubscription> {
    const schema = checkOptions(options, this.config.sources);
    const topics = this.topicsOf(options.sources);
    const store = schema === undefined ? new MemoryMarks(await this.marksOfNow(topics)) : this.savedMarks(schema, options.group);
    const { kafka, watch } = this;
    const stop = new AbortController();
    const shared = { kafka, watch, options, store, state: new SubscriptionState(), serial: new Serial(), signal: stop.signal, sessionTimeoutMs: this.config.sessionTimeoutMs };
    const single = schema === undefined ? `.${randomUUID()}` : '';
    const consumers = [...topics].map(([topic, sources]) =>
      new TopicConsumer({ ...shared, topic, sources, groupId: `${options.group}.${topic}${single}` }));
    const subscription = new KafkaSubscription({ consumers, watch, stop, state: shared.state, onClosed: (closed) => this.open.delete(closed) });
    this.open.add(subscription);
    return subscription;
  }

  opened(events: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> {
    return Promise.resolve(events);
  }

  health(): SubscriptionHealth {
    return healthOf([healthBy(this.watch.reason), ...[...this.open].map((subscription) => subscription.health())]);
  }

  async close(): Promise<void> {
    await Promise.all([...this.open].map((subscription) => subscription.close()));
  }

  private topicsOf(sources: readonly Source[]): ReadonlyMap<string, Source[]> {
    const { topicOf = topicOfSource } = this.config;
    const topics = new Map<string, Source[]>();
    for (const source of sources) topics.set(topicOf(source), [...(topics.get(topicOf(source)) ?? []), source]);
    return topics;
  }

  private savedMarks(schema: string, group: string): MarkStore {
    const { pool } = this.config;
    if (!pool) throw new RangeError(`group ${group}: a subscription from the beginning needs the log's pool for its positions`);
    return new DatabaseMarks(pool, schema, group);
  }

  /** The end of each partition by now; of a topic that is not there yet, its start. */
  private async marksOfNow(topics: ReadonlyMap<string, readonly Source[]>): Promise<readonly Mark[]> {
    const admin = this.kafka.admin();
    const marks: Mark[] = [];
    await admin.connect();
    try {
      const existing = await admin.listTopics();
      for (const [topic, sources] of topics) {
        if (!existing.includes(topic)) continue;
        for (const [partition, end] of await endOffsets(admin, topic)) {
          for (const source of sources) marks.push({ ...freshMark({ source, partition }), nextOffset: String(end) });
        }
      }
      this.watch.answered();
      return marks;
    } finally {
      await within(admin.disconnect(), DISCONNECT_MS);
    }
  }
}

/** The log over Kafka: each source's relay writes, groups of consumers read. */
export function createKafkaEventLog(config: KafkaEventLogConfig): EventLog {
  return new KafkaEventLog(config);
}

import type { Admin } from 'kafkajs';
import { pause } from '../waiting';

export interface TopicSettings {
  readonly topic: string;
  readonly partitions: number;
  /** Default: the broker's. */
  readonly replicationFactor?: number;
}

/** Number of the topic's partitions; undefined where it does not exist or has no leaders yet. */
export async function partitionsOf(admin: Admin, topic: string): Promise<number | undefined> {
  if (!(await admin.listTopics()).includes(topic)) return undefined;
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const partitions = topics.find(({ name }) => name === topic)?.partitions ?? [];
  return partitions.length > 0 && partitions.every(({ leader }) => leader >= 0) ? partitions.length : undefined;
}

/**
 * Makes the topic where it is missing: events are kept for ever. Resolves with its number of partitions, which is that of the
 * existing topic where there is one.
 */
export async function ensureTopic(admin: Admin, settings: TopicSettings, signal: AbortSignal): Promise<number> {
  const { topic, partitions, replicationFactor } = settings;
  const existing = await partitionsOf(admin, topic);
  if (existing !== undefined) return existing;
  await admin.createTopics({
    waitForLeaders: false,
    topics: [{
      topic, numPartitions: partitions, ...(replicationFactor === undefined ? {} : { replicationFactor }),
      configEntries: [{ name: 'retention.ms', value: '-1' }, { name: 'cleanup.policy', value: 'delete' }],
    }],
  });
  for (let attempt = 0; attempt < 100 && !signal.aborted; attempt++) {
    const made = await partitionsOf(admin, topic);
    if (made !== undefined) return made;
    await pause(100, signal);
  }
  throw new Error(`topic ${topic} was made but has no leaders yet`);
}

/** Offset after the newest record of each partition. */
export async function endOffsets(admin: Admin, topic: string): Promise<ReadonlyMap<number, bigint>> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]));
}

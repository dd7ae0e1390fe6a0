import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { eventually } from '../eventually';

const READ_MS = 60_000;

export interface KafkaRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Every record that stands in any topic of the broker now, but for Kafka's own. Rejects where they were not read within a minute. */
export async function everyRecord(brokers: readonly string[]): Promise<KafkaRecord[]> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const consumer = kafka.consumer({ groupId: `every-record-${randomUUID()}` });
  const records: KafkaRecord[] = [];
  /** By topic and partition: the offset that has to be reached. */
  const left = new Map<string, number>();
  try {
    await admin.connect();
    const topics = (await admin.listTopics()).filter((name) => !name.startsWith('__'));
    for (const topic of topics) {
      for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) if (Number(high) > Number(low)) left.set(`${topic}/${partition}`, Number(high) - 1);
    }
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({ eachBatch: ({ batch }) => {
      for (const { key, value, headers = {} } of batch.messages) {
        records.push({ topic: batch.topic, key: String(key), value: String(value), headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)])) });
      }
      if (Number(batch.lastOffset()) >= (left.get(`${batch.topic}/${batch.partition}`) ?? 0)) left.delete(`${batch.topic}/${batch.partition}`);
      return Promise.resolve();
    } });
    await eventually(() => left.size === 0, { timeoutMs: READ_MS, describe: 'every record was read' });
    return records;
  } finally {
    await consumer.disconnect();
    await admin.disconnect();
  }
}

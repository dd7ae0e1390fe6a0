import { Kafka, logLevel } from 'kafkajs';
import { eventually } from '../eventually';
import { startTestKafka, type TestKafka } from './start-test-kafka';

const TOPIC = 'notes';

function clientOf(kafka: TestKafka): Kafka {
  return new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING, connectionTimeout: 1_000, requestTimeout: 5_000, retry: { retries: 20, maxRetryTime: 500 } });
}

async function send(kafka: TestKafka, value: string): Promise<void> {
  const producer = clientOf(kafka).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  await producer.send({ topic: TOPIC, acks: -1, messages: [{ value }] });
  await producer.disconnect();
}

async function readAll(kafka: TestKafka, groupId: string, count: number): Promise<string[]> {
  const seen: string[] = [];
  const consumer = clientOf(kafka).consumer({ groupId });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void seen.push(String(message.value)) });
    await eventually(() => seen.length >= count, { timeoutMs: 30_000, describe: `${count} messages` });
  } finally {
    await consumer.disconnect();
  }
  return seen;
}

describe('startTestKafka', () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await startTestKafka();
    const admin = clientOf(kafka).admin();
    await admin.connect();
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic: TOPIC, numPartitions: 1 }] });
    await admin.disconnect();
  }, 600_000);
  afterAll(() => kafka.stop());

  it('keeps acknowledged messages over kill and restart, on the same address', async () => {
    const { brokers } = kafka;
    await send(kafka, 'before');
    await kafka.kill();
    await kafka.restart();
    expect(kafka.brokers).toEqual(brokers);
    await send(kafka, 'after');
    expect(await readAll(kafka, 'reader', 2)).toEqual(['before', 'after']);
  }, 300_000);
});

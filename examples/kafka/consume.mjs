// @ts-check
// Reads every event of WAMI from Kafka into a file, each once. README.md says what to set.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import kafkajs from 'kafkajs';
import { cloudEventOf } from './cloud-event.mjs';
import { Journal } from './journal.mjs';
import { Schemas } from './schemas.mjs';

const { env } = process;
const topics = (env['TOPICS'] ?? 'wami.identity.v1,wami.sync.v1').split(',');
const schemas = new Schemas(env['SCHEMAS'] ?? join(dirname(fileURLToPath(import.meta.url)), '../../docs/events'));
const journal = new Journal(env['JOURNAL'] ?? 'events.jsonl');

const kafka = new kafkajs.Kafka({
  clientId: 'wami-example', brokers: (env['WAMI_KAFKA_BROKERS'] ?? 'localhost:9092').split(','), logLevel: kafkajs.logLevel.ERROR,
});
const consumer = kafka.consumer({
  groupId: env['GROUP'] ?? 'wami-example', allowAutoTopicCreation: false,
  // So long after a crash another member of the group goes on.
  sessionTimeout: 10_000,
});

/** @param {import('kafkajs').KafkaMessage[]} messages */
function eventsOf(messages) {
  return messages.flatMap((message) => {
    const received = cloudEventOf(message);
    if (!received) return [];
    const event = schemas.check(received);
    if (!event) console.error(`passed over ${String(received['id'])}: this program has no schema of ${String(received['type'])}`);
    return event ? [event] : [];
  });
}

/** @type {(error?: unknown) => Promise<void>} */
const stop = async (error) => {
  if (error) {
    console.error(String(error));
    process.exitCode = 1;
  }
  await consumer.disconnect();
};

// Connection troubles restart by themselves; an error of this program, such as an event that breaks its schema, ends it and passes nothing over.
consumer.on('consumer.crash', ({ payload }) => {
  if (!payload.restart) void stop(payload.error);
});
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void stop());

await consumer.connect();
await consumer.subscribe({ topics, fromBeginning: true });
await consumer.run({
  eachBatchAutoResolve: false,
  eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
    if (!isRunning() || isStale()) return;
    let fresh;
    try {
      fresh = journal.append(eventsOf(batch.messages));
    } catch (error) {
      throw new kafkajs.KafkaJSNonRetriableError(error instanceof Error ? error.message : String(error));
    }
    // After the effects, never before: a crash in between repeats events, and the journal knows them.
    resolveOffset(batch.lastOffset());
    await heartbeat();
    if (fresh > 0) console.log(`${batch.topic}/${batch.partition}: ${fresh} new`);
  },
});

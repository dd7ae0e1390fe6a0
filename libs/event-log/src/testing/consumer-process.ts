import { createPool } from '@wami/event-store';
import { createEventLog, type EventLogConfig } from '../create-event-log';
import { topicOfSource } from '@wami/contracts';
import { writesEffects } from './effects';

/** What the consumer that gets killed is told on its command line, as JSON. */
export interface ConsumerProcessOptions {
  readonly url: string;
  readonly brokers: readonly string[];
  readonly topics: Readonly<Record<string, string>>;
  readonly sources: EventLogConfig['sources'];
  readonly schema: string;
  readonly group: string;
}

async function main(options: ConsumerProcessOptions): Promise<void> {
  const { url, brokers, topics, sources, schema, group } = options;
  const pool = createPool({ connectionString: url, applicationName: 'consumer', max: 4, onError: (error) => console.error(error.message) });
  const topicOf = (source: string): string => topics[source] ?? topicOfSource(source);
  const log = createEventLog({ pool, sources, kafka: { brokers, clientId: 'consumer', topicOf, sessionTimeoutMs: 3000 } });
  await log.subscribe({
    group, sources: sources.map(({ source }) => source), from: 'beginning', batchSize: 10, checkpoints: { schema }, onBatch: writesEffects(pool, schema, group),
  });
}

main(JSON.parse(process.argv[2] ?? '{}') as ConsumerProcessOptions).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

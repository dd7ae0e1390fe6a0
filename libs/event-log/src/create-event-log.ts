import type { Pool } from 'pg';
import type { EventLog } from './event-log';
import { createKafkaEventLog, type KafkaEventLogConfig } from './kafka/kafka-event-log';
import type { SourceSchema } from './postgres/log-page';
import { createPostgresEventLog } from './postgres/postgres-event-log';

export interface EventLogConfig {
  /** Kafka where it names brokers; PostgreSQL where not. */
  readonly kafka?: Omit<KafkaEventLogConfig, 'pool' | 'sources'>;
  readonly pool: Pool;
  readonly sources: readonly SourceSchema[];
  /** PostgreSQL only, in milliseconds. */
  readonly pollMs?: number;
}

/** The transport that the configuration asks for; subscribers need not know which. */
export function createEventLog({ kafka, pool, sources, pollMs }: EventLogConfig): EventLog {
  return kafka && kafka.brokers.length > 0
    ? createKafkaEventLog({ ...kafka, pool, sources })
    : createPostgresEventLog({ pool, sources, ...(pollMs === undefined ? {} : { pollMs }) });
}

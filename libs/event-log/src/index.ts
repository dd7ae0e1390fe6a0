export {
  StalePosition, type EventBatch, type EventLog, type Relay, type SubscribeOptions, type Subscription, type SubscriptionHealth, type SubscriptionStats,
} from './event-log';
export { createEventLog, type EventLogConfig } from './create-event-log';
export { openedLog } from './opened-log';
export { BEHIND, lineOf, loggedOf, Sieve, type Parked } from './parking/sieve';
export { Failing, singleOut } from './parking/single-out';
export { createPostgresEventLog, type PostgresEventLogConfig } from './postgres/postgres-event-log';
export type { SourceSchema } from './postgres/log-page';
export { createKafkaEventLog, type KafkaEventLogConfig } from './kafka/kafka-event-log';
export type { KafkaConnection } from './kafka/kafka-client';
export { TopicCopy, type TopicCopyConfig } from './kafka/topic-copy';
export { startRelay, type MeasuredRelay, type RelayConfig, type RelayStats } from './relay/relay';
export { migrateRelay, relayMigrations } from './relay/relay-cursor';
export { checkpointMigrations, migrateCheckpoints } from './marks/checkpoint-table';
export { adoptMarks, forgetPublished } from './restored';

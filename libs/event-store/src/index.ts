export { createPool, POOL_LIMITS, type CreatePoolOptions } from './create-pool';
export { InvalidAppend, OutcomeUnknown, StoreOverloaded, TransactionTooOld, UnknownOutcome } from './errors';
export {
  AppendRefused, type Append, type AppendRefusal, type AppendResult, type EventStore, type IdempotencyKey, type LogPage, type NameReservation, type Quota, type Repeated,
} from './event-store';
export { EVENT_STORE_MIGRATIONS, migrateEventStore } from './migrations/event-store.migrations';
export { DatabaseTooNew, migrate, type MigrateOptions, type Migration } from './migrations/migrate';
export { LOG_CHANNEL } from './notifier';
export { openEventStore, type EventStoreOptions } from './open-event-store';
export { prepared, type Prepared } from './prepared';
export { readLogPage } from './read/read-log';
export type { Upcast } from './read/read-stream';
export { adoptRestoredStore, RestoredElsewhere } from './restored';
export { scopedReader, type Reader } from './scope/reader';
export { ensureRequestRole, REQUEST_ROLE, RequestRoleMissing } from './scope/request-role';
export { inScope, OPEN_SCHEMA, openTable, secureTable, tenantInScope } from './scope/row-security';
export { inTransaction } from './transaction';
export { normaliseName } from './append/names';

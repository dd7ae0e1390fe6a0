export { copyIn, copyOut } from './copy';
export { createPool, POOL_LIMITS, type CreatePoolOptions } from './create-pool';
export { InvalidAppend, OutcomeUnknown, StoreOverloaded, StreamUnreadable, TransactionTooOld, UnknownOutcome } from './errors';
export {
  AppendRefused, type Append, type AppendRefusal, type AppendResult, type EventStore, type IdempotencyKey, type LogPage, type NameReservation, type Quota, type Repeated,
} from './event-store';
export { EVENT_STORE_MIGRATIONS, migrateEventStore } from './migrations/event-store.migrations';
export { DatabaseTooNew, makeSchema, migrate, migrateWithin, type MigrateOptions, type Migration, type MigrationStep } from './migrations/migrate';
export { LOG_CHANNEL } from './notifier';
export { openEventStore, type EventStoreOptions } from './open-event-store';
export { prepared, type Prepared } from './prepared';
export { readLogPage } from './read/read-log';
export type { Upcast } from './read/read-stream';
export { adoptRestoredStore, appendToAdopted, RestoredElsewhere, type AdoptedStore } from './restored';
export { scopedReader, type Reader } from './scope/reader';
export { ensureRequestRole, REQUEST_ROLE, RequestRoleMissing } from './scope/request-role';
export { inScope, OPEN_SCHEMA, openTable, secureTable, tenantInScope } from './scope/row-security';
export { together } from './together';
export { startSealer, type Sealer } from './seals/sealer';
export { verifyLog } from './seals/verify-log';
export { NOT_AHEAD, oldestOpenTx, type Ahead } from './transactions-ahead';
export { inTransaction } from './transaction';
export { keyedRow, normaliseName } from './append/names';
export { KEY_BYTES, lock, unlock } from './sealing/box';
export { MOST_ASKED, type KeyCacheLimits } from './sealing/key-cache';
export { PersonalData, type PersonalDataOptions } from './sealing/personal-data';
export { openValue, sealValue, type SealedPlace } from './sealing/sealed-value';
export { SUBJECT_KEYS_TABLE } from './sealing/subject-keys.migration';
export { KeysUnavailable, SubjectKeyTaken, type KeyMaker, type NewSubjectKey, type Owned, type SubjectKey, type SubjectKeys } from './sealing/subject-keys';

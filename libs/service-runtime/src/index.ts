export { API_KEY_MIGRATIONS } from './api-keys/api-key.migrations';
export { ApiKeyDirectory } from './api-keys/api-key-directory';
export { ApiKeyUsesModule } from './api-keys/api-key-uses.controller';
export { tellUsesTo, type TellUses } from './api-keys/tell-uses';
export { openAccess, type AccessOptions, type OpenAccess } from './api-keys/open-access';
export { Closing } from './closing';
export { HeadModule } from './head.controller';
export { openReader, openWriter, type PersonalParts, type Runtime, type RuntimeOptions, type WriterRuntime } from './open-runtime';
export { serveBootHealth, type BootHealth } from './boot-health';
export {
  remotePersonalData, remoteSubjectKeys, SUBJECT_KEYS_PATH, subjectKeysAnswerSchema, subjectKeysQuerySchema, type RemoteSubjectKeys,
} from './remote-subject-keys';
export { sealKeyOf } from './seal-key';
export { SOURCES, SYNC_SERVICES, SYNC_SOURCES, type SyncProvider, type SyncServiceName } from './sources';
export { waitForDatabase, type DatabaseWait } from './wait-for-database';

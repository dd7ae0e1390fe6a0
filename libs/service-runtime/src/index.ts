export { ApiKeyDirectory } from './api-keys/api-key-directory';
export { openAccess, type AccessOptions, type OpenAccess } from './api-keys/open-access';
export { Closing } from './closing';
export { HeadModule } from './head.controller';
export { openReader, openWriter, type Runtime, type RuntimeOptions, type WriterRuntime } from './open-runtime';
export { serveBootHealth, type BootHealth } from './boot-health';
export { SOURCES, SYNC_SOURCES } from './sources';
export { waitForDatabase, type DatabaseWait } from './wait-for-database';

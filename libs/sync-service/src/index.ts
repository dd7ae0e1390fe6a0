export { syncServiceConfigSchema } from './config';
export { openSyncEngine, type SyncEngineParts } from './open-sync-engine';
export { runSyncService } from './run-sync-service';
export { secretOf } from './secret-of';

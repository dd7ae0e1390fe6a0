export { syncServiceConfigSchema } from './config';
export { expiryOf, expirySchema } from './expiry-of';
export { openSyncEngine, type SyncEngineParts } from './open-sync-engine';
export { runSyncService } from './run-sync-service';
export { secretOf } from './secret-of';

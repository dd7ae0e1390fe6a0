import { runSyncService } from '@wami/sync-service';
import { adapterOfEnvironment } from './config';

runSyncService('custom', () => adapterOfEnvironment(process.env));

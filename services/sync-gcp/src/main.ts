import { runSyncService } from '@wami/sync-service';
import { createGcpAdapter } from './gcp/gcp.adapter';

runSyncService('gcp', createGcpAdapter);

import { runSyncService } from '@wami/sync-service';
import { createAzureAdapter } from './azure/azure.adapter';

runSyncService('azure', createAzureAdapter);

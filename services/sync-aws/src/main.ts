import { runSyncService } from '@wami/sync-service';
import { createAwsAdapter } from './aws/aws.adapter';

runSyncService('aws', createAwsAdapter);

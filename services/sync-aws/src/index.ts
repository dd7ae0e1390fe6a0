export { createAwsAdapter, type AwsAdapterOptions } from './aws/aws.adapter';
export { openSyncAws, SYNC_AWS, type SyncAwsParts } from './open-sync-aws';
export { startSyncAws } from './start-sync-aws';

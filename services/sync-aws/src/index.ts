export { createAwsAdapter, type AwsAdapterOptions } from './aws/aws.adapter';
export { syncAwsConfigSchema, type SyncAwsConfig } from './config';
export { openSyncAws, SYNC_AWS, type SyncAwsParts } from './open-sync-aws';
export { startSyncAws } from './start-sync-aws';

import { setFlagsFromString } from 'node:v8';
import { createLogger, readConfig, runService } from '@wami/platform';
import { syncAwsConfigSchema } from './config';
import { startSyncAws } from './start-sync-aws';

// Where a machine has gigabytes Node lets waste grow to three times what is in use before it looks; a sweep makes much of it.
setFlagsFromString('--heap-growing-percent=50');
const logger = createLogger('sync-aws', process.env['WAMI_LOG_LEVEL'] ?? 'info');

void runService(async () => {
  const syncAws = await startSyncAws(readConfig(syncAwsConfigSchema, process.env), logger);
  process.stdout.write(`WAMI sync-aws answers at ${syncAws.address}\n`);
  return syncAws;
}, logger);

import { createLogger, readConfig, runService } from '@wami/platform';
import { syncAwsConfigSchema } from './config';
import { startSyncAws } from './start-sync-aws';

const logger = createLogger('sync-aws', process.env['WAMI_LOG_LEVEL'] ?? 'info');
void runService(() => startSyncAws(readConfig(syncAwsConfigSchema, process.env), logger), logger);

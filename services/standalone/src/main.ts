import { createLogger, readConfig, runService } from '@wami/platform';
import { standaloneConfigSchema } from './config';
import { startStandalone } from './start-standalone';

const logger = createLogger('standalone', process.env['WAMI_LOG_LEVEL'] ?? 'warn');
void runService(() => startStandalone(readConfig(standaloneConfigSchema, process.env), logger), logger);

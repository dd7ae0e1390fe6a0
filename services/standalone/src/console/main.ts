import 'reflect-metadata';
import { createLogger, readConfig, runService } from '@wami/platform';
import { consoleConfigSchema } from './console.config';
import { startConsole } from './start-console';

const logger = createLogger('console', process.env['WAMI_LOG_LEVEL'] ?? 'info');

void runService(async () => {
  const running = await startConsole(readConfig(consoleConfigSchema, process.env), logger);
  process.stdout.write(`WAMI console answers at ${running.url}\n`);
  return running;
}, logger);

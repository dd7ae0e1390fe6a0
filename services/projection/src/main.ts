import 'reflect-metadata';
import { createLogger, readConfig, runService } from '@wami/platform';
import { projectionConfigSchema } from './projection.config';
import { startProjection } from './start-projection';

const logger = createLogger('projection', process.env['WAMI_LOG_LEVEL'] ?? 'info');

void runService(async () => {
  const projection = await startProjection(readConfig(projectionConfigSchema, process.env), logger);
  process.stdout.write(`WAMI projection answers at ${projection.url}\nWAMI projection answers gRPC at ${projection.grpc}\n`);
  return projection;
}, logger);

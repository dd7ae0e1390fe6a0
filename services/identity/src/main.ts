import 'reflect-metadata';
import { createLogger, readConfig, runService } from '@wami/platform';
import { identityConfigSchema } from './identity.config';
import { startIdentity } from './start-identity';

const logger = createLogger('identity', process.env['WAMI_LOG_LEVEL'] ?? 'info');

void runService(async () => {
  const identity = await startIdentity(readConfig(identityConfigSchema, process.env));
  process.stdout.write(`WAMI identity answers at ${identity.url}\nWAMI identity answers gRPC at ${identity.grpc}\n`);
  return identity;
}, logger);

import { setFlagsFromString } from 'node:v8';
import { createLogger, readConfig, runService } from '@wami/platform';
import type { ProviderAdapter } from '@wami/provider-port';
import { SYNC_SERVICES, type SyncProvider } from '@wami/service-runtime';
import { syncServiceConfigSchema } from './config';
import { startSyncService } from './start-sync-service';

/** The process of one provider's sync service, told by its environment; for its `main.ts`. `open` may throw a StartupError. */
export function runSyncService(provider: SyncProvider, open: () => ProviderAdapter | Promise<ProviderAdapter>): void {
  // Where a machine has gigabytes Node lets waste grow to three times what is in use before it looks; a sweep makes much of it.
  setFlagsFromString('--heap-growing-percent=50');
  const named = SYNC_SERVICES[provider];
  const logger = createLogger(named.service, process.env['WAMI_LOG_LEVEL'] ?? 'info');
  void runService(async () => {
    const config = readConfig(syncServiceConfigSchema(named.port), process.env);
    const running = await startSyncService({ named, adapter: await open() }, config, logger);
    process.stdout.write(`WAMI ${named.service} answers at ${running.address}\n`);
    return running;
  }, logger);
}

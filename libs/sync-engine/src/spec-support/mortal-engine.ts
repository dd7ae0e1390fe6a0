import { createPostgresEventLog } from '@wami/event-log';
import { createPool, openEventStore } from '@wami/event-store';
import { silentLogger } from '../logger';
import type { EngineOptions } from '../options';
import { startSyncEngine } from '../start-sync-engine';
import { systemSeams } from '../system-seams';
import { CONNECTION, FAST, SHORT_LEASE, TestConnections } from './engine-under-test';
import { INSTANCE } from './identity';
import { remoteAdapter } from './remote-cloud';

/** Tells where to work, and at which occurrence of which kill point to die. */
export interface Orders {
  readonly url: string;
  readonly point?: string;
  readonly occurrence?: number;
  readonly options?: Partial<EngineOptions>;
}

/** Answer to the message `targets`: how many it owns. */
export interface Owned {
  readonly targets: number;
}

/** The engine in a process of its own that kills itself at a named point; the cloud is the parent's. Used by specs. */
async function live({ url, point, occurrence = 1, options }: Orders): Promise<void> {
  const pool = createPool({ connectionString: url, max: 8, applicationName: 'mortal-engine', onError: () => undefined });
  const store = await openEventStore({ pool, schema: 'sync_aws', source: 'sync-aws' });
  let seen = 0;
  const reached = async (at: string): Promise<void> => {
    if (at !== point) return;
    seen += 1;
    if (seen < occurrence) return;
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  };
  const engine = await startSyncEngine({
    adapter: remoteAdapter(), store, log: createPostgresEventLog({ pool, sources: [{ source: 'identity', schema: 'identity' }] }), pool, schema: 'sync_aws',
    connections: new TestConnections([CONNECTION]), instance: INSTANCE, logger: silentLogger, options: { ...FAST, ...SHORT_LEASE, ...options }, seams: { ...systemSeams, reached },
  });
  process.on('message', (asked) => (asked === 'targets' ? process.send?.({ targets: engine.health().targets.length } satisfies Owned) : undefined));
}

if (require.main === module) {
  process.once('message', (orders: Orders) => {
    live(orders).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exitCode = 1;
    });
  });
  process.once('disconnect', () => process.exit());
}

import { createPostgresEventLog } from '@wami/event-log';
import type { EventStore } from '@wami/event-store';
import { openAccess, type AccessOptions, type OpenAccess } from '@wami/service-runtime';

/** Who may call identity, as its own event table says: also while a broker is away. */
export async function openIdentityAccess({ store, ...options }: Omit<AccessOptions, 'log' | 'schema'> & { readonly store: EventStore }): Promise<OpenAccess> {
  const log = createPostgresEventLog({ pool: options.pool, sources: [{ source: store.source, schema: store.schema }] });
  const access = await openAccess({ ...options, log, schema: store.schema });
  return {
    ...access,
    async close() {
      await access.close();
      await log.close();
    },
  };
}

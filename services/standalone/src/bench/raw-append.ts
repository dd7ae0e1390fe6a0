import { createPool, inTransaction, migrateEventStore, openEventStore, type Append } from '@wami/event-store';
import { countFor } from './count-for';

export interface Rates {
  readonly single: number;
  readonly batched: number;
}

export interface RawAppendOptions {
  readonly url: string;
  readonly connections: number;
  /** Events of a page, and pages in flight. */
  readonly page: number;
  readonly pages: number;
  readonly seconds: number;
}

const SCHEMA = 'raw_append';
const META = { actor: 'admin', correlationId: 'req_01J00000000000000000000000' };

/** The ceiling of commands: the same events, names and references, appended in process. */
export async function benchRawAppend({ url, connections, page, pages, seconds }: RawAppendOptions): Promise<Rates> {
  const pool = createPool({ connectionString: url, max: connections, applicationName: 'raw-append', onError: () => undefined });
  try {
    await migrateEventStore(pool, { schema: SCHEMA });
    const store = await openEventStore({ pool, schema: SCHEMA, source: 'identity' });
    await store.append({ stream: 'ten_1', tenant: 'raw', expectedVersion: 0, meta: META, events: [{
      type: 'wami.tenant.created.v1', stream: 'ten_1', key: 'ten_1', tenant: 'raw', subject: 'arn:wami:iam:raw:wami:main:tenant/ten_1', personal: {},
      data: { tenantId: 'ten_1', path: 'raw', name: 'Raw', providerAccounts: [], quotas: {}, metadata: {} },
    }] });
    const single = await countFor(seconds, connections, async () => {
      await store.append(createUser());
      return 1;
    });
    const batched = await countFor(seconds, pages, async () => {
      await inTransaction(pool, (client) => store.appendIn(client, Array.from({ length: page }, createUser)));
      return page;
    });
    await store.close();
    return { single, batched };
  } finally {
    await pool.end();
  }
}

let made = 0;

function createUser(): Append {
  const id = `usr_${String(++made).padStart(26, '0')}`;
  return {
    stream: id, tenant: 'raw', expectedVersion: 0, meta: META, references: ['ten_1'], reserve: [{ tenant: 'raw', kind: 'user', value: `user.${made}` }],
    events: [{
      type: 'wami.user.created.v1', stream: id, key: id, tenant: 'raw', subject: `arn:wami:iam:raw:wami:main:user/${id}`,
      data: { path: '/', tags: { team: 'core' } }, personal: { userName: `user.${made}`, displayName: `User ${made}` },
    }],
  };
}

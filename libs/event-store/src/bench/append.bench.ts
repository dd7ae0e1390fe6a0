import { Pool, type PoolClient } from 'pg';
import { createPool } from '../create-pool';
import type { Append, EventStore } from '../event-store';
import { migrateEventStore } from '../migrations/event-store.migrations';
import { openEventStore } from '../open-event-store';
import { inTransaction } from '../transaction';
import { copyIn } from '../copy';
import { copyText } from './copy-text';

export interface BenchRow {
  readonly name: string;
  readonly perSecond: number;
  /** The ceiling that it is compared with, measured in the same run, and the ratio to it. */
  readonly ceiling?: string;
  readonly ratio?: number;
}

export interface BenchOptions {
  /** An empty database. */
  readonly url: string;
  /** Time for each figure. */
  readonly seconds: number;
  readonly connections: number;
}

const SCHEMA = 'bench_append';
const PAGE = 1000;
const PAGE_CONNECTIONS = 2;
const COLUMNS = 'tenant, stream_id, version, event_id, type, schema_v, key, subject, data, personal, meta, recorded_at';
const ROUNDS = 3;

/** Rates of appending beside what PostgreSQL does with the bare rows; the parts take turns, so that a noisy machine hits all alike. */
export async function benchAppend({ url, seconds, connections }: BenchOptions): Promise<readonly BenchRow[]> {
  const pool = createPool({ connectionString: url, max: connections, applicationName: 'bench', onError: () => undefined });
  // COPY has no place in the pipeline of a store's connections.
  const plain = new Pool({ connectionString: url, max: PAGE_CONNECTIONS });
  try {
    const store = await prepare(pool);
    const parts: Record<string, Part> = {
      insert: { workers: connections, step: () => insertBare(pool) },
      append: { workers: connections, step: () => appendOne(store) },
      copy: { workers: PAGE_CONNECTIONS, step: () => copyPage(plain) },
      batch: { workers: PAGE_CONNECTIONS, step: () => appendPage(pool, store) },
    };
    const rates = await measureInTurns(parts, seconds);
    await store.close();
    await pool.query(`DROP SCHEMA ${SCHEMA} CASCADE`);
    return rowsFrom(rates, connections);
  } finally {
    await plain.end();
    await pool.end();
  }
}

function rowsFrom(rates: Readonly<Record<string, number>>, connections: number): BenchRow[] {
  const [insert = 0, append = 0, copy = 0, batch = 0] = ['insert', 'append', 'copy', 'batch'].map((name) => rates[name]);
  const bare = `bare one-row INSERT, ${connections} connections`;
  const copied = `COPY, ${PAGE_CONNECTIONS} connections, pages of ${PAGE}`;
  return [
    { name: bare, perSecond: insert },
    { name: `append of a command (event, name, key, reference), ${connections} in flight`, perSecond: append, ceiling: bare, ratio: append / insert },
    { name: copied, perSecond: copy },
    { name: `appendIn, ${PAGE_CONNECTIONS} connections, pages of ${PAGE}`, perSecond: batch, ceiling: copied, ratio: batch / copy },
  ];
}

interface Part {
  readonly workers: number;
  /** Does a piece of work and resolves with the number of events in it. */
  readonly step: () => Promise<number>;
}

async function measureInTurns(parts: Readonly<Record<string, Part>>, seconds: number): Promise<Record<string, number>> {
  const totals = Object.keys(parts).map((name) => ({ name, events: 0, ms: 0 }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const total of totals) {
      const part = parts[total.name];
      if (!part) continue;
      const start = performance.now();
      const end = start + (seconds * 1000) / ROUNDS;
      await Promise.all(Array.from({ length: part.workers }, async () => {
        while (performance.now() < end) {
          const events = await part.step();
          total.events += events;
        }
      }));
      total.ms += performance.now() - start;
    }
  }
  return Object.fromEntries(totals.map(({ name, events, ms }) => [name, events / (ms / 1000)]));
}

async function prepare(pool: Pool): Promise<EventStore> {
  await pool.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`);
  await migrateEventStore(pool, { schema: SCHEMA });
  await pool.query(`CREATE TABLE ${SCHEMA}.bare (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant text, stream_id text, version integer,
    event_id text, type text, schema_v smallint, key text, subject text, data jsonb, personal jsonb, meta jsonb, recorded_at timestamptz)`);
  const store = await openEventStore({ pool, schema: SCHEMA, source: 'identity' });
  await store.append({ stream: 'ten_1', tenant: 'acme', expectedVersion: 0, meta: META, events: [{
    type: 'wami.tenant.created.v1', stream: 'ten_1', key: 'ten_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:main:tenant/ten_1', personal: {},
    data: { tenantId: 'ten_1', path: 'acme', name: 'Acme', providerAccounts: [], quotas: {}, metadata: {} },
  }] });
  return store;
}

const META = { actor: 'key_01JADMIN0000000000000000000', correlationId: 'req_01J00000000000000000000000' };
let made = 0;

function createUser(): Append {
  const id = `usr_${String(++made).padStart(26, '0')}`;
  return {
    stream: id, tenant: 'acme', expectedVersion: 0, meta: META,
    events: [{
      type: 'wami.user.created.v1', stream: id, key: id, tenant: 'acme', subject: `arn:wami:iam:acme:wami:main:user/${id}`,
      data: { path: '/engineering/', tags: { team: 'platform', cost: '4711' } },
      personal: { userName: `user.${made}`, displayName: `User ${made}`, email: `user.${made}@example.com` },
    }],
  };
}

async function appendOne(store: EventStore): Promise<number> {
  const user = createUser();
  await store.append({
    ...user,
    references: ['ten_1'],
    reserve: [{ tenant: 'acme', kind: 'user', value: `user.${made}` }],
    idempotency: { tenant: 'acme', actor: META.actor, key: `key-${made}`, requestHash: 'f'.repeat(64), status: 201 },
  });
  return 1;
}

function bareRow(): string[] {
  const { events: [event], meta, stream, tenant } = createUser();
  if (!event) throw new Error('no event');
  return [tenant, stream, '1', `evt_${stream.slice(4)}`, event.type, '1', event.key, event.subject, JSON.stringify(event.data), JSON.stringify(event.personal),
    JSON.stringify(meta), new Date().toISOString()];
}

async function insertBare(pool: Pool): Promise<number> {
  const values = bareRow();
  await pool.query({ name: 'bare', text: `INSERT INTO ${SCHEMA}.bare (${COLUMNS}) VALUES (${values.map((_, i) => `$${i + 1}`).join(', ')})`, values });
  return 1;
}

async function withClient(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<number> {
  const client = await pool.connect();
  await work(client).finally(() => client.release());
  return PAGE;
}

function copyPage(pool: Pool): Promise<number> {
  const content = copyText(Array.from({ length: PAGE }, bareRow));
  return withClient(pool, (client) => copyIn(client, `COPY ${SCHEMA}.bare (${COLUMNS}) FROM STDIN`, [content]));
}

async function appendPage(pool: Pool, store: EventStore): Promise<number> {
  const page = Array.from({ length: PAGE }, createUser);
  await inTransaction(pool, (client) => store.appendIn(client, page));
  return PAGE;
}

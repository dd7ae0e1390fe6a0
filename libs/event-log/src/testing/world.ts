import { randomUUID } from 'node:crypto';
import { inTransaction, migrateEventStore, openEventStore, type Append, type EventStore } from '@wami/event-store';
import { LOG_START, type LogPosition } from '@wami/contracts';
import { escapeIdentifier, type Pool } from 'pg';
import { createEventLog } from '../create-event-log';
import type { EventLog } from '../event-log';
import { migrateCheckpoints } from '../marks/checkpoint-table';
import { migrateRelay } from '../relay/relay-cursor';
import { startRelay, type MeasuredRelay } from '../relay/relay';
import { judge, migrateEffects, writesEffects, type Crash, type Verdict } from './effects';

export type Transport = 'postgres' | 'kafka';

/** Schemas, stores, topics and logs of one test, apart from every other's. */
export class World {
  readonly name = `w${randomUUID().slice(0, 8)}`;
  readonly subscriber = `${this.name}_sub`;
  readonly sources: { source: string; schema: string }[] = [];
  readonly stores = new Map<string, EventStore>();
  readonly relays: MeasuredRelay[] = [];
  private readonly open: { close(): Promise<void> }[] = [];
  private readonly versions = new Map<string, number>();

  constructor(readonly transport: Transport, readonly pool: Pool, readonly brokers: readonly string[], readonly partitions = 4) {}

  /** A source whose service is not there yet. */
  declare(source: string): void {
    this.sources.push({ source, schema: `${this.name}_${source.replace('-', '_')}` });
  }

  /** The service starts: tables, store, and a relay where the transport needs one. */
  async start(source: string, epoch = '5'): Promise<EventStore> {
    const store = await this.prepare(source, epoch);
    if (this.transport === 'kafka') this.relay(store);
    return store;
  }

  /** All but the relay. */
  async prepare(source: string, epoch = '5'): Promise<EventStore> {
    const found = this.sources.find((one) => one.source === source) ?? (this.declare(source), this.sources.at(-1));
    const schema = found?.schema ?? '';
    await migrateEventStore(this.pool, { schema });
    await this.pool.query(`UPDATE ${escapeIdentifier(schema)}.store_info SET epoch = $1`, [epoch]);
    await migrateRelay(this.pool, schema);
    const store = await openEventStore({ pool: this.pool, schema, source });
    this.stores.set(source, store);
    return store;
  }

  relay(store: EventStore, pool = this.pool): MeasuredRelay {
    const { brokers, partitions, topicOf } = this;
    const relay = this.closing(startRelay({ store, pool, brokers, partitions, topicOf, clientId: `${this.name}-relay`, pageSize: 200 }));
    this.relays.push(relay);
    return relay;
  }

  readonly topicOf = (source: string): string => `${this.name}.${source === 'identity' ? 'identity' : 'sync'}`;

  async migrateSubscriber(): Promise<void> {
    await migrateCheckpoints(this.pool, this.subscriber);
    await migrateEffects(this.pool, this.subscriber);
  }

  log(): EventLog {
    const kafka = { brokers: this.transport === 'kafka' ? this.brokers : [], clientId: `${this.name}-log`, topicOf: this.topicOf, sessionTimeoutMs: 3000 };
    return this.closing(createEventLog({ kafka, pool: this.pool, sources: this.sources }));
  }

  handler(group: string, crash?: () => Crash | undefined) {
    return writesEffects(this.pool, this.subscriber, group, crash);
  }

  verdict(group: string): Promise<Verdict> {
    return judge(this.pool, this.subscriber, group, this.sources);
  }

  /** Concurrent writers, some of which roll back or stay open for a while. Failures of a lost connection are tried again. */
  async write(source: string, events: number, writers = 8): Promise<void> {
    const share = Math.ceil(events / writers);
    await Promise.all(Array.from({ length: writers }, async (_, writer) => {
      for (let written = 0; written < share;) written += await this.writeOnce(source, `${source}-${writer}-${written % 5}`);
    }));
  }

  /** Number of events that were committed, as far as the writer knows. */
  private async writeOnce(source: string, stream: string): Promise<number> {
    const store = this.stores.get(source);
    if (!store) throw new Error(`${source} was not started`);
    const version = this.versions.get(stream) ?? (await store.readStream(stream).catch(() => [])).length;
    const dice = Math.random();
    try {
      await inTransaction(this.pool, async (client) => {
        await store.appendIn(client, [tenantUpdates(stream, version, 1 + Math.floor(Math.random() * 3))]);
        if (dice < 0.2) await client.query('SELECT pg_sleep(0.01)');
        if (dice > 0.9) throw new RolledBack();
      });
    } catch {
      this.versions.delete(stream);
      return 0;
    }
    this.versions.delete(stream);
    store.announce();
    return 1;
  }

  /** Place of the newest event that readers may have. */
  async head(source: string): Promise<LogPosition> {
    const page = await this.stores.get(source)?.readLog(LOG_START, 100_000);
    return page?.next ?? LOG_START;
  }

  closing<T extends { close(): Promise<void> }>(part: T): T {
    this.open.push(part);
    return part;
  }

  async close(): Promise<void> {
    await Promise.all(this.open.map((part) => part.close()));
    await Promise.all([...this.stores.values()].map((store) => store.close()));
  }
}

class RolledBack extends Error {}

export function tenantUpdates(stream: string, expectedVersion: number, count: number): Append {
  const events = Array.from({ length: count }, (_, i) => ({
    type: 'wami.tenant.updated.v1', stream, key: stream, tenant: '/acme', subject: `arn:wami:::tenant/${stream}`,
    data: { name: `name ${expectedVersion + i + 1}` }, personal: {},
  }));
  return { stream, tenant: '/acme', expectedVersion, events, meta: { actor: 'usr_test', correlationId: 'cor_test' } };
}

import type { Append, EventStore } from '@wami/event-store';
import { inTransaction, together } from '@wami/event-store';
import type { EventMeta, NewEvent } from '@wami/contracts';
import type { Pool, PoolClient } from 'pg';
import { bindingStream, type Binding } from '../bindings/binding';
import { BindingTable } from '../bindings/binding-table';
import { quoteIdentifier } from './identifier';
import { Mutex } from './mutex';

/** A binding as it will be saved, and the events that say so, oldest first. */
export interface BindingChange {
  readonly binding: Binding;
  readonly events: readonly NewEvent[];
  readonly meta: EventMeta;
}

/**
 * The engine's tables and its event store, written together. Within one process transactions come one after the other: they
 * touch the same bindings, and one that began earlier could not append behind a younger one.
 */
export class EngineDatabase {
  readonly bindings: BindingTable;
  private readonly mutex = new Mutex();

  constructor(readonly pool: Pool, readonly store: EventStore, readonly schema: string, readonly provider: string, readonly instance: string) {
    this.bindings = new BindingTable(schema);
  }

  table(name: 'tenants' | 'resources' | 'relations' | 'bindings' | 'targets' | 'replicas' | 'reviews' | 'parked' | 'jobs' | 'pauses' | 'plans' | 'plan_operations' | 'repairs' | 'sweeps' | 'removals' | 'removal_permits' | 'removal_hands' | 'approvals' | 'held_removals' | 'capabilities' | 'target_reports' | 'checks'): string {
    return `${quoteIdentifier(this.schema)}.engine_${name}`;
  }

  /** All of `work` or nothing; run again where PostgreSQL gave it up for a reason that passes. */
  async transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const result = await this.mutex.run(() => inTransaction(this.pool, work));
    this.store.announce();
    return result;
  }

  /** Appends the events and saves the rows; the rows' locks are held by the caller's transaction. */
  async write(client: PoolClient, changes: readonly BindingChange[], others: readonly Append[] = []): Promise<void> {
    const appends = changes.filter(({ events }) => events.length > 0).map((change) => this.append(change));
    await together([
      appends.length + others.length > 0 ? this.store.appendIn(client, [...appends, ...others]) : undefined,
      this.bindings.save(client, changes.map(({ binding, events }) => ({ ...binding, streamVersion: binding.streamVersion + events.length }))),
    ]);
  }

  private append({ binding, events, meta }: BindingChange): Append {
    return { stream: bindingStream(this.provider, binding), tenant: binding.tenant, expectedVersion: binding.streamVersion, events, meta };
  }
}

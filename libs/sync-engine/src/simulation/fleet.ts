import type { RecordedEvent } from '@wami/contracts';
import type { EventStore } from '@wami/event-store';
import { ProviderError, type Connection, type ConnectionSource, type ProviderAdapter } from '@wami/provider-port';
import { ScheduledClock, type Schedule, type ScheduledPostgres, type SeededRandom } from '@wami/testing';
import type { PoolClient } from 'pg';
import { silentLogger } from '../logger';
import type { EngineOptions } from '../options';
import { INSTANCE } from '../spec-support/identity';
import type { startSyncEngine, SyncEngine } from '../start-sync-engine';
import type { ScheduledLog } from './scheduled-log';
import { SCHEMA } from './simulation-database';
import type { TargetAccount } from './target-account';

export interface FleetParts {
  readonly schedule: Schedule;
  readonly random: SeededRandom;
  readonly postgres: ScheduledPostgres;
  readonly log: ScheduledLog;
  readonly accounts: readonly TargetAccount[];
  readonly store: EventStore;
  readonly start: typeof startSyncEngine;
  readonly options: Partial<EngineOptions>;
  /** The clocks of two machines differ by at most so much. */
  readonly skewMs: number;
}

interface Member {
  readonly owner: string;
  engine?: SyncEngine;
  hearsOfConnections?: (connections: readonly Connection[]) => void;
}

/** The processes that run the engine: they start, stand still, end and die. */
export class Fleet {
  /** What the engines said, in the order in which it was committed. */
  readonly told: RecordedEvent[] = [];
  private readonly members = new Map<string, Member>();
  private readonly unsaid = new Map<PoolClient, RecordedEvent[]>();
  private started = 0;
  private connections: readonly Connection[];

  constructor(private readonly parts: FleetParts) {
    this.connections = parts.accounts.map((one) => one.connection('write'));
    parts.postgres.committed = (client) => {
      for (const event of this.unsaid.get(client) ?? []) {
        this.told.push(event);
        parts.schedule.trace.add(parts.schedule.now, `told ${event.type} ${event.key} ${JSON.stringify(event.data)}`);
      }
      this.unsaid.delete(client);
    };
  }

  get living(): string[] {
    return [...this.members.keys()];
  }

  async start(): Promise<void> {
    this.started += 1;
    const owner = `engine${this.started}`;
    const { schedule, random, postgres, log, start, options, skewMs } = this.parts;
    const member: Member = { owner };
    this.members.set(owner, member);
    const own = random.fork(owner);
    const pool = postgres.pool(owner);
    let ids = 0;
    member.engine = await start({
      adapter: this.adapterFor(owner), store: this.storeFor(), log: log.for(owner, pool), pool, schema: SCHEMA, connections: this.connectionsFor(member), instance: INSTANCE,
      logger: silentLogger, options,
      seams: { clock: new ScheduledClock(schedule, owner, own.between(-skewMs, skewMs)), random: own, ids: { next: () => `${owner}-${++ids}` } },
    });
  }

  /** As a SIGKILL, or a machine without power. */
  async kill(owner: string): Promise<void> {
    if (!this.members.delete(owner)) return;
    this.parts.schedule.kill(owner);
    await this.parts.postgres.forget(owner);
  }

  /** In order, as for an update; it is gone when it has finished. */
  stop(owner: string): void {
    const member = this.members.get(owner);
    this.members.delete(owner);
    void member?.engine?.close().then(() => this.parts.schedule.kill(owner));
  }

  stall(owner: string, ms: number): void {
    this.parts.schedule.stall(owner, ms);
  }

  /** What an operator changed, each process hears of some time later; one that starts from now on knows. */
  connect(connections: readonly Connection[]): void {
    this.connections = connections;
    for (const [owner, member] of this.members) this.parts.schedule.after(this.parts.random.between(1, 2_000), owner, 'reads the connections', () => () => member.hearsOfConnections?.(connections));
  }

  /** Each connection leads to the cloud of its account. */
  private adapterFor(owner: string): ProviderAdapter {
    const adapters = this.parts.accounts.map(({ account, cloud }) => [account, cloud.adapter(owner)] as const);
    const [[, any]] = adapters as [typeof adapters[number]];
    return {
      ...any,
      connect: (connection) => {
        const adapter = adapters.find(([account]) => account === connection.account)?.[1];
        if (!adapter) throw new ProviderError('InvalidRequest', 'there is no such account');
        return adapter.connect(connection);
      },
    };
  }

  private connectionsFor(member: Member): ConnectionSource {
    let known = this.connections;
    return {
      current: () => known,
      onChange: (listener) => {
        member.hearsOfConnections = (connections) => {
          known = connections;
          listener(connections);
        };
        return () => delete member.hearsOfConnections;
      },
    };
  }

  /** Notes what is appended, and tells of it when it is committed. */
  private storeFor(): EventStore {
    const { store } = this.parts;
    return {
      ...store,
      announce: () => undefined,
      appendIn: async (client, appends) => {
        const events = await store.appendIn(client, appends);
        this.unsaid.set(client, [...this.unsaid.get(client) ?? [], ...events]);
        return events;
      },
    };
  }
}

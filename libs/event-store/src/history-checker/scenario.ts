import type { Pool, PoolClient } from 'pg';
import type { EventStore } from '../event-store';

/** What a run of the checker is made of. Broken writers and readers are made by the spec, by rewriting the SQL that passes by. */
export interface Scenario {
  readonly pool: Pool;
  readonly store: EventStore;
  /** Writes outside the store's schema: effects, read model, checkpoint. */
  readonly readerSchema: string;
  readonly seconds: number;
  readonly writers: number;
  /** How many streams the writers share; fewer means more of them meet. */
  readonly streams: number;
  readonly random: Random;
  /** Stands between a writer's transaction and PostgreSQL. */
  readonly throughWriter?: Rewrite;
  /** Stands between the reader and PostgreSQL. */
  readonly throughReader?: Rewrite;
  /** A reader that saves its checkpoint after the effects are committed. */
  readonly checkpointOutside?: boolean;
}

export type Rewrite = (sql: string) => string;

export type Random = () => number;

/** mulberry32: the same choices for the same seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The client with every SQL text rewritten; a rewrite that changes nothing is never sent under the name of the original. */
export function rewriting(client: PoolClient, rewrite: Rewrite | undefined): PoolClient {
  if (!rewrite) return client;
  const query = (statement: string | { name?: string; text: string; values?: unknown[] }, values?: unknown[]) =>
    typeof statement === 'string' ? client.query(rewrite(statement), values) : client.query(rewrite(statement.text), statement.values);
  return new Proxy(client, { get: (target, property) => (property === 'query' ? query : Reflect.get(target, property)) });
}

import { LOG_CHANNEL } from '@wami/event-store';
import type { Pool, PoolClient } from 'pg';
import { Backoff, messageOf, pause, within } from './waiting';

/** A session advisory lock; `valid` turns false when the connection is lost, because another may hold it then. */
export interface Hold {
  readonly valid: boolean;
  release(): Promise<void>;
}

const QUERY_MS = 5000;

/** One connection of the pool kept for what lives in a session: LISTEN and advisory locks. Reconnects by itself. */
export class DatabaseSession {
  private readonly stop = new AbortController();
  private readonly waiters = new Set<{ readonly schemas: readonly string[]; readonly wake: () => void }>();
  private readonly held = new Map<string, { valid: boolean }>();
  private client: PoolClient | undefined;
  private problem: string | undefined = 'not connected to PostgreSQL yet';
  private readonly notified = new Map<string, number>();
  private connections = 0;
  private readonly loop: Promise<void>;

  constructor(private readonly pool: Pool) {
    this.loop = this.stayConnected();
  }

  /** Counts what is heard of new events in these schemas; give it to `changed` as what was seen. */
  seen(schemas: readonly string[]): number {
    return schemas.reduce((sum, schema) => sum + (this.notified.get(schema) ?? 0), this.connections);
  }

  /** For an operator: why the session is not there. */
  get reason(): string | undefined {
    return this.problem;
  }

  /** Resolves when a writer of one of the schemas notified since `seen`, after `ms`, or when the signal is aborted. */
  async changed(schemas: readonly string[], seen: number, ms: number, signal: AbortSignal): Promise<void> {
    if (this.seen(schemas) !== seen) return;
    const woken = new AbortController();
    const waiter = { schemas, wake: (): void => woken.abort('woken') };
    if (signal.aborted) return;
    this.waiters.add(waiter);
    signal.addEventListener('abort', waiter.wake, { once: true });
    await pause(ms, woken.signal);
    signal.removeEventListener('abort', waiter.wake);
    this.waiters.delete(waiter);
  }

  /** Undefined where somebody else holds it (also within this process) or there is no connection now. */
  async tryHold(name: string): Promise<Hold | undefined> {
    const client = this.client;
    if (!client || this.held.has(name)) return undefined;
    const hold = { valid: true };
    this.held.set(name, hold);
    const got = await this.askLock(client, name).catch((error: unknown) => {
      this.held.delete(name);
      throw error;
    });
    if (got && hold.valid) return { get valid() { return hold.valid; }, release: () => this.release(client, name, hold) };
    if (this.held.get(name) === hold) this.held.delete(name);
    return undefined;
  }

  async close(): Promise<void> {
    this.stop.abort();
    this.drop(this.client, undefined);
    await within(this.loop, QUERY_MS);
  }

  private async askLock(client: PoolClient, name: string): Promise<boolean> {
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS got', [name]);
    return rows[0]?.got ?? false;
  }

  private async release(client: PoolClient, name: string, hold: { valid: boolean }): Promise<void> {
    if (!hold.valid) return;
    hold.valid = false;
    this.held.delete(name);
    await within(client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]), QUERY_MS);
  }

  private async stayConnected(): Promise<void> {
    const backoff = new Backoff(50, 1000);
    while (!this.stop.signal.aborted) {
      try {
        await this.connected(() => backoff.reset());
      } catch (error) {
        this.problem = `PostgreSQL: ${messageOf(error)}`;
      }
      await pause(backoff.ms(), this.stop.signal);
    }
  }

  /** Resolves when the connection is gone. */
  private async connected(onReady: () => void): Promise<void> {
    const client = await this.pool.connect();
    const gone = new Promise<void>((resolve) => {
      const lost = (error?: Error): void => {
        this.drop(client, error ?? new Error('the connection ended'));
        resolve();
      };
      client.once('error', lost);
      client.once('end', lost);
      this.stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', ({ payload = '' }) => this.heard(payload));
    this.client = client;
    try {
      if (this.stop.signal.aborted) return;
      await client.query(`LISTEN ${LOG_CHANNEL}`);
      this.problem = undefined;
      onReady();
      this.connections++;
      for (const { wake } of this.waiters) wake();
      await gone;
    } finally {
      this.drop(client, new Error('closed'));
    }
  }

  private heard(schema: string): void {
    for (const { schemas, wake } of this.waiters) if (schemas.includes(schema)) wake();
    this.notified.set(schema, (this.notified.get(schema) ?? 0) + 1);
  }

  /** The connection is thrown away, not given back: it may carry locks. */
  private drop(client: PoolClient | undefined, error: Error | undefined): void {
    if (!client || this.client !== client) return;
    this.client = undefined;
    if (error) this.problem = `PostgreSQL: ${error.message}`;
    for (const hold of this.held.values()) hold.valid = false;
    this.held.clear();
    client.removeAllListeners('notification');
    client.on('error', () => undefined);
    client.release(true);
  }
}

import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg';
import type { Schedule } from './schedule';

/** What happens to a group of statements: the connection breaks before the server has them, or after it carried them out. */
export type ConnectionFault = 'lost-before' | 'lost-after' | undefined;

interface Asked {
  readonly text: string;
  readonly values: unknown[];
  readonly config: QueryConfig;
  readonly resolve: (result: QueryResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Never blocks, and sees what is committed. */
const IS_READ = /^\s*(SELECT|WITH)(?![\s\S]*\bFOR (UPDATE|SHARE)\b)(?![\s\S]*pg_(try_)?advisory)/;

/**
 * A real PostgreSQL whose every round trip is an event of a schedule. One transaction at a time: what else wants to write waits for its end,
 * as if for its locks, so that no statement ever waits within the server and a seed has one course; reads go on beside it. `clock_timestamp()`
 * is the schedule's time.
 */
export class ScheduledPostgres {
  private holder: Session | undefined;
  private readonly waiting = new Set<Session>();
  fault: (owner: string, text: string) => ConnectionFault = () => undefined;
  /** Told of each transaction that was committed. */
  committed: (client: PoolClient) => void = () => undefined;
  /** Told of each answer of the server. */
  answered: (owner: string, text: string, result: QueryResult) => void = () => undefined;
  statements = 0;

  constructor(
    readonly schedule: Schedule, private readonly writes: Pick<PoolClient, 'query'>, private readonly reads: Pick<PoolClient, 'query'>,
    /** Milliseconds that a round trip takes. */
    readonly latency: () => number,
  ) {}

  /** A pool of the owner's own; of a pool's many methods those that a program needs that is given one. */
  pool(owner: string): Pool {
    const pool = {
      connect: (): Promise<PoolClient> => Promise.resolve(new Session(this, owner) as unknown as PoolClient),
      query: (text: string | QueryConfig, values?: unknown[]): Promise<QueryResult> => new Session(this, owner).query(text, values),
    };
    return pool as unknown as Pool;
  }

  /** The owner died: what it had open is rolled back. */
  async forget(owner: string): Promise<void> {
    for (const session of this.waiting) if (session.owner === owner) this.waiting.delete(session);
    if (this.holder?.owner === owner) await this.rollback(this.holder);
  }

  async rollback(session: Session): Promise<void> {
    if (this.holder !== session) return;
    await this.writes.query('ROLLBACK');
    this.release(session);
  }

  /** False where the session has to wait for another's transaction; it is told when that is over. */
  mayGo(session: Session, isRead: boolean): boolean {
    if (this.holder === undefined || this.holder === session || isRead) return true;
    this.waiting.add(session);
    return false;
  }

  begun(session: Session): void {
    this.holder = session;
  }

  release(session: Session): void {
    if (this.holder !== session) return;
    this.holder = undefined;
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const one of waiting) one.schedule();
  }

  /** Its answer is known, so nobody waits for it: the next statement goes right behind. */
  private begin(config: QueryConfig): Promise<QueryResult> {
    this.writes.query(config).catch(toldByTheNext);
    return Promise.resolve(BEGUN);
  }

  run(session: Session, { text, config }: Asked, isRead: boolean): Promise<QueryResult> {
    this.statements += 1;
    if (text === 'BEGIN') return this.begin(config);
    const connection = isRead && this.holder !== session ? this.reads : this.writes;
    if (!text.includes('clock_timestamp()')) return connection.query(config);
    const told = connection.query(`SELECT set_config('sim.now', $1, false)`, [String(Math.floor(this.schedule.now))]);
    const result = connection.query(config);
    // Whoever asked hears of a failure of the first by that of the second.
    return told.then(() => result, () => result);
  }
}

const BEGUN = { command: 'BEGIN', rowCount: null, oid: 0, rows: [], fields: [] } as QueryResult;

/** A connection that fails to begin fails the next statement too. */
function toldByTheNext(): void {
  return undefined;
}

/** A connection as the program sees it. */
class Session {
  private asked: Asked[] = [];
  private scheduled = false;
  private lost = false;
  private isOpen = false;

  constructor(private readonly postgres: ScheduledPostgres, readonly owner: string) {}

  query(text: string | QueryConfig, values: unknown[] = []): Promise<QueryResult> {
    const config: QueryConfig = typeof text === 'string' ? { text, values } : text;
    if (this.lost) return Promise.reject(new Error('Client has encountered a connection error and is not queryable'));
    return new Promise((resolve, reject) => {
      this.asked.push({ text: config.text, values: [...config.values ?? []], config, resolve, reject });
      if (!this.scheduled) this.schedule();
    });
  }

  release(): void {
    this.postgres.release(this);
  }

  schedule(): void {
    this.scheduled = true;
    const { schedule, latency } = this.postgres;
    schedule.after(latency(), this.owner, `asks ${this.asked.map(({ text }) => summary(text)).join(' | ')}`, () => this.go());
  }

  /** Everything that was asked without waiting for an answer goes to the server at once. */
  private async go(): Promise<(() => void) | undefined> {
    const isRead = !this.isOpen && this.asked.every(({ text }) => IS_READ.test(text));
    if (!this.postgres.mayGo(this, isRead)) return undefined;
    const asked = this.asked;
    this.asked = [];
    this.scheduled = false;
    const fault = this.postgres.fault(this.owner, asked.map(({ text }) => text).join(' '));
    if (fault === 'lost-before') return this.breakDown(asked);
    const results = await this.carryOut(asked, isRead);
    if (fault === 'lost-after') return this.breakDown(asked);
    return () => results.forEach((result, i) => (result.status === 'fulfilled' ? asked[i]?.resolve(result.value) : asked[i]?.reject(result.reason)));
  }

  private async carryOut(asked: readonly Asked[], isRead: boolean): Promise<PromiseSettledResult<QueryResult>[]> {
    const { postgres } = this;
    if (asked.some(({ text }) => text === 'BEGIN')) {
      this.isOpen = true;
      postgres.begun(this);
    }
    const results = await Promise.allSettled(asked.map((one) => postgres.run(this, one, isRead)));
    postgres.schedule.trace.add(postgres.schedule.now, `  ${results.map((result) => (result.status === 'fulfilled' ? result.value.rowCount : 'failed')).join(' ')}`);
    results.forEach((result, i) => result.status === 'fulfilled' && postgres.answered(this.owner, asked[i]?.text ?? '', result.value));
    const last = asked.at(-1)?.text;
    if (last === 'COMMIT' || last === 'ROLLBACK') this.ended(isCommitted(results.at(-1)));
    return results;
  }

  private ended(committed: boolean): void {
    this.isOpen = false;
    if (committed) this.postgres.committed(this as unknown as PoolClient);
    this.postgres.release(this);
  }

  private async breakDown(asked: readonly Asked[]): Promise<() => void> {
    this.lost = true;
    if (this.isOpen) await this.postgres.rollback(this);
    this.isOpen = false;
    return () => asked.forEach(({ reject }) => reject(new Error('Connection terminated unexpectedly')));
  }
}

/** A transaction in which a statement failed answers a COMMIT with ROLLBACK. */
function isCommitted(result: PromiseSettledResult<QueryResult> | undefined): boolean {
  return result?.status === 'fulfilled' && result.value.command === 'COMMIT';
}

function summary(text: string): string {
  const [start = ''] = /^\s*[\s\S]{1,60}/.exec(text) ?? [];
  return start.replace(/\s+/g, ' ').trim();
}

import { comparePositions, laterPosition, type LogPosition, type PositionVector } from '@wami/contracts';
import type { Subscription } from '@wami/event-log';
import type { Pool } from 'pg';

/** Name under which the number of the newest event that was taken in stands in a position; it is no source of the log. */
export const EVENTS = 'events';

export const eventsPosition = (seq: number): PositionVector => ({ [EVENTS]: `0.${seq}` });

/** The number inside, where the position holds one. */
export function seqOf(vector: PositionVector): number | undefined {
  const position = vector[EVENTS];
  return position === undefined ? undefined : Number(position.split('.')[1]);
}

/** Replicas that do not project themselves look so often whether the others moved on. */
const POLL_MS = 250;

/** How far the read models are, and waiting for more. */
export class Applied {
  private readonly waiters = new Set<() => void>();
  private subscription: Pick<Subscription, 'position'> | undefined;
  private written: Record<string, LogPosition> = {};

  constructor(private readonly pool: Pool, private readonly schema: string, readonly sources: readonly string[]) {}

  follow(subscription: Pick<Subscription, 'position'>): void {
    this.subscription = subscription;
  }

  /** After a commit. The subscription learns of it when its handler has returned, so who waits is woken after that. */
  committed(): void {
    setImmediate(() => this.wake());
  }

  /**
   * Everything at or before these places is in the read models. Never goes back, but where a rebuild to another release begins: which
   * places of the sources the old models hold is not known then, only the number of the newest event in them.
   */
  async current(): Promise<PositionVector> {
    const [vector, { rows: [head] }] = await Promise.all([
      this.subscription?.position() ?? {}, this.pool.query<{ seq: number; frozen: number | null }>(
        `SELECT seq, (SELECT min(applied) FROM ${this.schema}.generations WHERE status = 'active') AS frozen FROM ${this.schema}.ingest`),
    ]);
    if (head && head.frozen !== null && head.frozen < head.seq) return eventsPosition(head.frozen);
    for (const [source, position] of Object.entries<LogPosition>({ ...vector, ...eventsPosition(head?.seq ?? 0) })) {
      this.written[source] = laterPosition(this.written[source] ?? '0.0', position);
    }
    return { ...this.written };
  }

  /** When the newest event in the read models happened, in ms; undefined where there is none in all of them. */
  async newestTime(): Promise<number | undefined> {
    const { rows: [newest] } = await this.pool.query<{ time: string }>(
      `SELECT time FROM ${this.schema}.events WHERE seq <= (SELECT least(i.seq, min(g.applied)) FROM ${this.schema}.ingest i
         LEFT JOIN ${this.schema}.generations g ON g.status = 'active' GROUP BY i.seq) ORDER BY seq DESC LIMIT 1`);
    return newest && Date.parse(newest.time);
  }

  /** Resolves true when all of it is applied, false when the time is up or the signal was given. */
  async reached(wanted: PositionVector, deadline: number, signal?: AbortSignal): Promise<boolean> {
    return this.until(async () => covers(await this.current(), wanted), deadline, signal);
  }

  /** Asks again whenever something was applied. */
  async until(holds: () => Promise<boolean>, deadline: number, signal?: AbortSignal): Promise<boolean> {
    for (;;) {
      const woken = this.nextCommit(Math.max(0, deadline - Date.now()), signal);
      if (await holds()) {
        woken.cancel();
        return true;
      }
      if (Date.now() >= deadline || signal?.aborted) {
        woken.cancel();
        return false;
      }
      await woken.promise;
    }
  }

  /** Resolves at the next commit of this process, after `ms` but at most 250 ms, or at the signal. */
  nextCommit(ms: number, signal?: AbortSignal): { readonly promise: Promise<void>; cancel(): void } {
    let done: () => void = () => undefined;
    const promise = new Promise<void>((resolve) => {
      const timer = setTimeout(() => done(), Math.min(ms, POLL_MS));
      done = () => {
        clearTimeout(timer);
        this.waiters.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.waiters.add(done);
      signal?.addEventListener('abort', done, { once: true });
    });
    return { promise, cancel: done };
  }

  private wake(): void {
    for (const waiter of [...this.waiters]) waiter();
  }
}

export function covers(applied: PositionVector, wanted: PositionVector): boolean {
  return Object.entries(wanted).every(([source, position]) => comparePositions(applied[source] ?? '0.0', position) >= 0);
}

import { StoreOverloaded, UnknownOutcome } from '../errors';
import type { AppendResult } from '../event-store';
import { Footprint } from './footprint';
import type { PreparedAppend } from './prepared-append';

export interface CoalescerOptions {
  /** Writes appends that touch nothing in common together; all or none. */
  readonly together: (appends: readonly PreparedAppend[]) => Promise<readonly AppendResult[]>;
  readonly alone: (prepared: PreparedAppend) => Promise<AppendResult>;
  /** True where the failure of `together` means that nothing was written. */
  readonly wroteNothing: (error: unknown) => boolean;
}

const MAX_STATEMENTS = 3;
const MAX_TOGETHER = 64;
const MAX_WAITING = 10_000;

interface Waiting {
  readonly prepared: PreparedAppend;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes commands that are in flight at the same time by one statement: one journey, one commit. Nobody waits for company: what has
 * come when a statement can be sent goes with it. Where a statement is refused its commands are written one by one.
 */
export class Coalescer {
  private waiting: Waiting[] = [];
  private readonly busy = new Footprint();
  private statements = 0;
  private scheduled = false;
  private closed = false;
  private idle: (() => void)[] = [];

  constructor(private readonly options: CoalescerOptions) {}

  submit(prepared: PreparedAppend): Promise<AppendResult> {
    if (this.closed) return Promise.reject(new StoreOverloaded('the event store is closed'));
    if (this.waiting.length >= MAX_WAITING) return Promise.reject(new StoreOverloaded(`${MAX_WAITING} appends wait already`));
    return new Promise((resolve, reject) => {
      this.waiting.push({ prepared, resolve, reject });
      this.schedule();
    });
  }

  /** Resolves when nothing waits and nothing is in flight. */
  close(): Promise<void> {
    this.closed = true;
    if (this.statements === 0 && this.waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  /** Once per turn of the event loop, so that what arrives in one turn goes together. */
  private schedule(): void {
    if (this.scheduled || this.statements >= MAX_STATEMENTS) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.send();
    });
  }

  private send(): void {
    const group = this.take();
    if (group.length === 0) return;
    this.statements++;
    for (const { prepared } of group) this.busy.add(prepared);
    void this.write(group).then(() => {
      this.statements--;
      for (const { prepared } of group) this.busy.remove(prepared);
      if (this.waiting.length > 0) this.schedule();
      else if (this.statements === 0) for (const resolve of this.idle.splice(0)) resolve();
    });
    if (this.waiting.length > 0) this.schedule();
  }

  /** The oldest that touch neither one another nor anything in flight. */
  private take(): Waiting[] {
    const group: Waiting[] = [];
    const kept: Waiting[] = [];
    const footprint = new Footprint();
    let seen = 0;
    for (const one of this.waiting) {
      if (group.length === MAX_TOGETHER) break;
      seen++;
      const fits = !this.busy.collidesWith(one.prepared) && !footprint.collidesWith(one.prepared);
      (fits ? group : kept).push(one);
      // Also what stays is in the way of what came after it: commands on one stream keep their order.
      footprint.add(one.prepared);
    }
    this.waiting = [...kept, ...this.waiting.slice(seen)];
    return group;
  }

  /** Answers every command of the group; never rejects. */
  private async write(group: readonly Waiting[]): Promise<void> {
    const [only] = group;
    if (group.length === 1 && only) return this.writeAlone(only);
    try {
      const results = await this.options.together(group.map(({ prepared }) => prepared));
      group.forEach(({ resolve, reject }, i) => {
        const result = results[i];
        if (result) resolve(result);
        else reject(new Error('an append was left without an answer'));
      });
    } catch (error) {
      const certain = this.options.wroteNothing(error);
      await Promise.all(group.map((one) => {
        if (certain || one.prepared.append.idempotency) return this.writeAlone(one);
        return one.reject(new UnknownOutcome(one.prepared.append.stream, error));
      }));
    }
  }

  private async writeAlone({ prepared, resolve, reject }: Waiting): Promise<void> {
    await this.options.alone(prepared).then(resolve, reject);
  }
}

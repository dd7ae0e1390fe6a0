import { isProviderError, ProviderError, type CallContext } from '@wami/provider-port';
import { isAboutContent } from './gcp.errors';

/** So often a policy that others change at the same time is read anew. */
const ROUNDS = 8;

/** Makes other content of this; the very same where nothing is to change, and an error, which leaves the other edits alone, where it must not be made. */
export type Edit<T> = (content: T) => T | ProviderError;

/** What came of one edit. */
export interface Edited<T> {
  /** What it met; absent where that was never read. */
  readonly before?: T;
  readonly error?: ProviderError;
}

/** A policy at Google that many write in, as it is read and written: `P` with its etag, `T` what is edited of it. */
export interface PolicyCalls<P, T> {
  /** What an error calls it. */
  readonly called: string;
  read(context: CallContext): Promise<P>;
  contentOf(policy: P): T;
  /** The policy as it is afterwards. @throws ProviderError `Conflict` where somebody has changed it since it was read */
  write(policy: P, content: T, context: CallContext): Promise<P>;
}

interface Pending<T> {
  readonly edit: Edit<T>;
  readonly context: CallContext;
  readonly settle: (edited: Edited<T>) => void;
}

/** One policy that several things stand in. What is asked for at the same time is written at once; everything else in the policy stays as it is. */
export class SharedPolicy<P, T> {
  private waiting: Pending<T>[] = [];
  /** What is on its way to Google. */
  private written: readonly Pending<T>[] = [];
  private working = false;

  constructor(private readonly calls: PolicyCalls<P, T>) {}

  /** One after the other, in one write where Google takes it; an edit that it refuses is found and leaves the others alone. Never throws for one of them. */
  async edit(edits: readonly Edit<T>[], context: CallContext): Promise<readonly Edited<T>[]> {
    const asked = edits.map((edit) => new Promise<Edited<T>>((settle) => this.waiting.push({ edit, context, settle })));
    if (!this.working) void this.work();
    const leave = (): void => this.leave(context);
    context.signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.all(asked);
    } finally {
      context.signal.removeEventListener('abort', leave);
    }
  }

  /** Whose time has run out while others are served is not kept waiting. */
  private leave(context: CallContext): void {
    const gone = this.waiting.filter((pending) => pending.context === context);
    this.waiting = this.waiting.filter((pending) => pending.context !== context);
    const { called } = this.calls;
    for (const { settle } of gone) settle({ error: new ProviderError('Timeout', `${called} was not written in time`, { effect: 'none' }) });
    for (const { settle } of this.written.filter((pending) => pending.context === context)) settle({ error: new ProviderError('Timeout', `it was not answered in time whether ${called} was written`, { effect: 'unknown' }) });
  }

  private async work(): Promise<void> {
    this.working = true;
    try {
      for (let [first] = this.waiting; first !== undefined; [first] = this.waiting) await this.round(first.context);
    } finally {
      this.working = false;
    }
  }

  /** What arrives while the policy is read is written with the rest. */
  private async round(leader: CallContext): Promise<void> {
    try {
      const policy = await this.calls.read(leader);
      this.written = this.waiting.splice(0);
      await this.write(policy, this.written, leader);
      this.written = [];
    } catch (error) {
      this.fail(this.waiting.splice(0), error, leader);
    }
  }

  /** The policy as it is afterwards. */
  private async write(policy: P, batch: readonly Pending<T>[], leader: CallContext, round = 1): Promise<P> {
    const { content, before, errors } = applied(this.calls.contentOf(policy), batch);
    const settle = (): void => batch.forEach(({ settle: done }, index) => done({ before: before[index] as T, ...(errors[index] ? { error: errors[index] } : {}) }));
    if (content === before[0]) {
      settle();
      return policy;
    }
    try {
      const after = await this.calls.write(policy, content, leader);
      settle();
      return after;
    } catch (error) {
      return this.afterRefusal(error, policy, batch, leader, round);
    }
  }

  private async afterRefusal(error: unknown, policy: P, batch: readonly Pending<T>[], leader: CallContext, round: number): Promise<P> {
    const refusal = isProviderError(error) ? error : undefined;
    if (refusal?.code === 'Conflict' && round < ROUNDS) {
      return this.guarded(batch, leader, policy, async () => this.write(await this.calls.read(leader), batch, leader, round + 1));
    }
    if (refusal !== undefined && isAboutContent(refusal) && batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      const between = await this.write(policy, batch.slice(0, half), leader);
      return this.write(between, batch.slice(half), leader);
    }
    this.fail(batch, error, leader);
    return policy;
  }

  private async guarded(batch: readonly Pending<T>[], leader: CallContext, policy: P, work: () => Promise<P>): Promise<P> {
    try {
      return await work();
    } catch (error) {
      this.fail(batch, error, leader);
      return policy;
    }
  }

  /** Where only the time of the one ran out who called for all, the others are still to be served. */
  private fail(batch: readonly Pending<T>[], error: unknown, leader: CallContext): void {
    const failure = isProviderError(error) ? error : new ProviderError('Internal', `${this.calls.called} could not be edited`, { effect: 'unknown' });
    const outOfTime = leader.signal.aborted;
    const [failed, others] = [batch.filter(({ context }) => !outOfTime || context === leader), batch.filter(({ context }) => outOfTime && context !== leader)];
    for (const { settle } of failed) settle({ error: failure });
    this.waiting.unshift(...others);
  }
}

function applied<T>(start: T, batch: readonly Pending<T>[]): { readonly content: T; readonly before: readonly T[]; readonly errors: readonly (ProviderError | undefined)[] } {
  const before: T[] = [];
  const errors: (ProviderError | undefined)[] = [];
  let content = start;
  for (const { edit } of batch) {
    before.push(content);
    const after = edit(content);
    errors.push(isProviderError(after) ? after : undefined);
    content = isProviderError(after) ? content : after;
  }
  return { content, before, errors };
}

import { isProviderError, ProviderError, type CallContext } from '@wami/provider-port';
import type { Bindings, Edit } from './bindings';
import type { GcpClient, Policy } from './gcp.client';
import { isAboutContent } from './gcp.errors';

/** So often a policy that others change at the same time is read anew. */
const ROUNDS = 8;
const NO_TURN = 'the allow policy was not written in time';
const NO_ANSWER = 'it was not answered in time whether the allow policy was written';

/** What came of one edit. */
export interface Edited {
  /** The bindings that it met. */
  readonly before: Bindings;
  readonly error?: ProviderError;
}

interface Pending {
  readonly edit: Edit;
  readonly context: CallContext;
  readonly settle: (edited: Edited) => void;
}

/**
 * The one allow policy of a project, which all attachments stand in. What is asked for at the same time is written at once; everything else
 * in the policy stays as it is.
 */
export class AllowPolicy {
  private waiting: Pending[] = [];
  /** What is on its way to Google. */
  private written: readonly Pending[] = [];
  private working = false;

  constructor(private readonly client: GcpClient) {}

  async bindings(context: CallContext): Promise<Bindings> {
    return bindingsOf(await this.client.getPolicy(context));
  }

  /** One after the other, in one write where Google takes it; an edit that it refuses is found and leaves the others alone. Never throws for one of them. */
  async edit(edits: readonly Edit[], context: CallContext): Promise<readonly Edited[]> {
    const asked = edits.map((edit) => new Promise<Edited>((settle) => this.waiting.push({ edit, context, settle })));
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
    for (const { settle } of gone) settle({ before: [], error: new ProviderError('Timeout', NO_TURN, { effect: 'none' }) });
    for (const { settle } of this.written.filter((pending) => pending.context === context)) settle({ before: [], error: new ProviderError('Timeout', NO_ANSWER, { effect: 'unknown' }) });
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
      const policy = await this.client.getPolicy(leader);
      this.written = this.waiting.splice(0);
      await this.write(policy, this.written, leader);
      this.written = [];
    } catch (error) {
      this.fail(this.waiting.splice(0), error, leader);
    }
  }

  /** The policy as it is afterwards. */
  private async write(policy: Policy, batch: readonly Pending[], leader: CallContext, round = 1): Promise<Policy> {
    const { bindings, before } = applied(bindingsOf(policy), batch);
    const settle = (): void => batch.forEach(({ settle: done }, index) => done({ before: before[index] ?? [] }));
    if (bindings === before[0]) {
      settle();
      return policy;
    }
    try {
      const after = await this.client.setPolicy({ ...policy, bindings: [...bindings] }, leader);
      settle();
      return after;
    } catch (error) {
      return this.afterRefusal(error, policy, batch, leader, round);
    }
  }

  private async afterRefusal(error: unknown, policy: Policy, batch: readonly Pending[], leader: CallContext, round: number): Promise<Policy> {
    const refusal = isProviderError(error) ? error : undefined;
    if (refusal?.code === 'Conflict' && round < ROUNDS) {
      return this.guarded(batch, leader, policy, async () => this.write(await this.client.getPolicy(leader), batch, leader, round + 1));
    }
    if (refusal !== undefined && isAboutContent(refusal) && batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      const between = await this.write(policy, batch.slice(0, half), leader);
      return this.write(between, batch.slice(half), leader);
    }
    this.fail(batch, error, leader);
    return policy;
  }

  private async guarded(batch: readonly Pending[], leader: CallContext, policy: Policy, work: () => Promise<Policy>): Promise<Policy> {
    try {
      return await work();
    } catch (error) {
      this.fail(batch, error, leader);
      return policy;
    }
  }

  /** Where only the time of the one ran out who called for all, the others are still to be served. */
  private fail(batch: readonly Pending[], error: unknown, leader: CallContext): void {
    const failure = isProviderError(error) ? error : new ProviderError('Internal', 'the allow policy could not be edited', { effect: 'unknown' });
    const outOfTime = leader.signal.aborted;
    const [failed, others] = [batch.filter(({ context }) => !outOfTime || context === leader), batch.filter(({ context }) => outOfTime && context !== leader)];
    for (const { settle } of failed) settle({ before: [], error: failure });
    this.waiting.unshift(...others);
  }
}

function bindingsOf({ bindings }: Policy): Bindings {
  return bindings ?? [];
}

function applied(start: Bindings, batch: readonly Pending[]): { readonly bindings: Bindings; readonly before: readonly Bindings[] } {
  const before: Bindings[] = [];
  let bindings = start;
  for (const { edit } of batch) {
    before.push(bindings);
    bindings = edit(bindings);
  }
  return { bindings, before };
}

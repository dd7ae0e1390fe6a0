import { setTimeout as wait } from 'node:timers/promises';
import type { FaultKind } from '../faults/fault-plan';
import type { CallToJudge, Faults } from '../faults/faults';
import type { CallCounters } from './call-counters';
import { CONNECTION_LOST } from './server';
import type { SandboxAnswer } from './server';

/** What every call of an account's API works on. */
export interface CallContext<AccountStore> {
  readonly account: string;
  readonly store: AccountStore;
  readonly faults: Faults;
  readonly counters: CallCounters;
  readonly clock: () => number;
}

/**
 * Counts the call, lets the faults judge it, holds it back for its latency and runs it; `run` refuses what the fault says to
 * refuse. Lost and withheld answers are those of calls that ran. A call that waits when the sandbox stops never runs.
 */
export async function judgedCall(
  { faults, counters, store }: Pick<CallContext<{ beginCall(): void }>, 'faults' | 'counters' | 'store'>, call: CallToJudge,
  run: (fault: FaultKind | undefined) => SandboxAnswer, stopped: AbortSignal,
): Promise<SandboxAnswer> {
  counters.arrived(call.operation);
  const { fault, latencyMs } = faults.judge(call);
  if (latencyMs > 0) await wait(latencyMs, undefined, { signal: stopped });
  if (fault === 'lost-request') return CONNECTION_LOST;
  store.beginCall();
  const done = run(fault);
  if (fault === 'lost-answer') return { ...done, delivery: 'lost' };
  return fault === 'timeout' ? { ...done, delivery: 'withheld' } : done;
}

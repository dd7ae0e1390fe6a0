import { EventEmitter } from 'node:events';

interface Timed extends EventEmitter {
  getDeadline(): Date | number;
}

/** How long a caller goes on listening. */
export interface CallTime {
  /** Given when the caller hung up or its deadline is over. */
  readonly signal: AbortSignal;
  remainingSeconds(): number;
}

/** Undefined where the call says no deadline: then it is refused, because nobody would know when to give up. */
export function timeOf(call: Timed): CallTime | undefined {
  const deadline = Number(call.getDeadline());
  if (!Number.isFinite(deadline)) return undefined;
  const gone = new AbortController();
  call.once('cancelled', () => gone.abort());
  return { signal: gone.signal, remainingSeconds: () => Math.max(0, (deadline - Date.now()) / 1000) };
}

export const NO_DEADLINE = 'the call has no deadline: say how long its answer is waited for';

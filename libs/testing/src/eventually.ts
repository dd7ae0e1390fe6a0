import { setTimeout as sleep } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Default 10 000. */
  readonly timeoutMs?: number;
  /** Pause between two attempts, default 20. */
  readonly intervalMs?: number;
  /** What is awaited, for the error: "the user appears in the sandbox". */
  readonly describe?: string;
}

type Attempt<T> = { readonly value: T } | { readonly error: unknown };

async function attempt<T>(fn: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await fn() };
  } catch (error) {
    return { error };
  }
}

/** Undefined when the promise takes longer. */
async function within<T>(promise: Promise<Attempt<T>>, timeoutMs: number): Promise<Attempt<T> | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** A bare `expect(...)` throws when it fails and returns undefined when it holds, so undefined counts as success. */
function holds(value: unknown): boolean {
  return value === undefined || Boolean(value);
}

/**
 * Calls `fn` until it neither throws nor returns something falsy other than undefined, and resolves with its result. After
 * `timeoutMs` it rejects with the last failure as text and as `cause`, also when an attempt hangs.
 */
export async function eventually<T>(fn: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const { timeoutMs = 10_000, intervalMs = 20, describe = 'the condition' } = options;
  const deadline = Date.now() + timeoutMs;
  let last = 'nothing was observed';
  let cause: unknown;
  for (;;) {
    const result = await within(attempt(fn), Math.max(1, deadline - Date.now()));
    if (result === undefined) last = `the last attempt hangs; before: ${last}`;
    else if ('error' in result) {
      cause = result.error;
      last = result.error instanceof Error ? result.error.message : String(result.error);
    } else if (holds(result.value)) return result.value;
    else last = `the last value was ${String(result.value)}`;
    if (Date.now() >= deadline) throw new Error(`${describe} did not hold within ${timeoutMs} ms: ${last}`, { cause });
    await sleep(intervalMs);
  }
}

/** `eventually` with 30 seconds by default: a whole engine and its database take a moment alone, and many seconds on a busy machine. */
export function patiently<T>(fn: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  return eventually(fn, { timeoutMs: 30_000, ...options });
}

interface Options {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/** Gives a wait more time: a whole engine and its database take a moment alone, and many seconds on a busy machine. Used by specs. */
export function patient<Given extends Options>(
  wait: <T>(fn: () => T | Promise<T>, options?: Given | Options) => Promise<T>,
): <T>(fn: () => T | Promise<T>, options?: Options) => Promise<T> {
  return (fn, options) => wait(fn, { timeoutMs: 30_000, ...options });
}

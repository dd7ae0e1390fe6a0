/** Resolves after `ms`, or at once when the signal is (or becomes) aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Settles with the promise, or with `undefined` after `ms`; a rejection that comes later is of no interest to anybody any more. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Growing pauses: `first`, then twice as long each time, never longer than `most`. */
export class Backoff {
  private next: number;

  constructor(private readonly first: number, private readonly most: number) {
    this.next = first;
  }

  reset(): void {
    this.next = this.first;
  }

  ms(): number {
    const ms = this.next;
    this.next = Math.min(this.most, ms * 2);
    return ms;
  }
}

/** Runs one task at a time, in the order of the calls. */
export class Serial {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.tail.then(task, task);
    this.tail = result.catch(() => undefined);
    return result;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}

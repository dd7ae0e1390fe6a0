const MAX_WAITERS = 5000;

/** Lets requests wait for a condition that is looked at again when its key is signalled. Bounded in number and in time. */
export class Signals {
  private readonly waiters = new Map<string, Set<() => void>>();
  private waiting = 0;
  private closed = false;

  /** Resolves when `holds` does, after `timeoutMs`, on `close`, or at once where too many wait already. */
  async until(key: string, holds: () => boolean, timeoutMs: number): Promise<void> {
    if (holds() || this.closed || timeoutMs <= 0 || this.waiting >= MAX_WAITERS) return;
    const waiters = this.waiters.get(key) ?? new Set();
    this.waiters.set(key, waiters);
    this.waiting++;
    let wake: () => void = () => undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
        wake = () => {
          if (this.closed || holds()) resolve();
        };
        waiters.add(wake);
      });
    } finally {
      clearTimeout(timer);
      this.waiting--;
      waiters.delete(wake);
      if (waiters.size === 0) this.waiters.delete(key);
    }
  }

  signal(key: string): void {
    for (const wake of this.waiters.get(key) ?? []) wake();
  }

  close(): void {
    this.closed = true;
    for (const key of this.waiters.keys()) this.signal(key);
  }
}

import { setTimeout as pause } from 'node:timers/promises';

/** Lets a loop sleep until there is something to do, its time is up, or it is to end. */
export class Alarm {
  private readonly ending = new AbortController();
  private rung = false;
  private sleeper = new AbortController();

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  get stopped(): boolean {
    return this.ending.signal.aborted;
  }

  ring(): void {
    this.rung = true;
    this.sleeper.abort();
  }

  stop(): void {
    this.ending.abort();
    this.ring();
  }

  async wait(milliseconds: number): Promise<void> {
    if (!this.rung) await pause(milliseconds, undefined, { signal: this.sleeper.signal }).catch(() => undefined);
    this.rung = false;
    this.sleeper = new AbortController();
  }
}

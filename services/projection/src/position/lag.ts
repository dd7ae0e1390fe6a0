import { describeError, type Logger } from '@wami/platform';
import { covers, type Applied } from './applied';
import type { HeadSource } from './head-source';

const LOOK_MS = 1000;

/** How old the read models may be: the time since they last held all that was committed. */
export class Lag {
  private readonly stop = new AbortController();
  private heldAll = Date.now();
  private behind = true;
  private silent: string | undefined;
  private readonly loop: Promise<void>;

  constructor(private readonly applied: Applied, private readonly heads: HeadSource, private readonly logger: Logger) {
    this.loop = this.run();
  }

  /** 0 where nothing was missing when last asked. */
  seconds(): number {
    return this.behind ? Math.max(0, (Date.now() - this.heldAll) / 1000) : 0;
  }

  /** For an operator: which writer did not answer. */
  get reason(): string | undefined {
    return this.silent;
  }

  /** Asks now. @throws where a writer does not answer. */
  async look(): Promise<number> {
    const asked = Date.now();
    const heads = await this.heads.heads();
    this.behind = !covers(await this.applied.current(), heads);
    if (!this.behind) this.heldAll = Math.max(this.heldAll, asked);
    return this.seconds();
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      try {
        await this.look();
        this.silent = undefined;
      } catch (error) {
        this.behind = true;
        const { error: reason } = describeError(error);
        if (this.silent === undefined) this.logger.warn({ reason }, 'how far the writers are is not known');
        this.silent = reason;
      }
      await pause(LOOK_MS, this.stop.signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
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

import { setTimeout as sleep } from 'node:timers/promises';
import type { PositionVector } from '@wami/contracts';
import { describeError, type Logger } from '@wami/platform';
import { covers, type Applied } from './applied';
import type { HeadSource } from './head-source';

const LOOK_MS = 1000;
const WORTH_SAYING_SECONDS = 2;

/** Looks that are remembered until the read models got there. */
const KEPT = 64;

interface Look {
  readonly asked: number;
  readonly heads: PositionVector;
}

/** How old the read models may be: the time since they last held all that was committed. */
export class Lag {
  private readonly stop = new AbortController();
  private readonly started = Date.now();
  private looked = false;
  private unmet: readonly Look[] = [];
  private silent: string | undefined;
  private readonly loop: Promise<void>;

  /** `heldAll`: when the newest event in the read models happened, in ms; undefined where there is none. */
  constructor(private readonly applied: Applied, private readonly heads: HeadSource, private readonly logger: Logger, private heldAll?: number) {
    this.loop = this.run();
  }

  /** 0 where nothing was missing when last asked. */
  seconds(): number {
    return this.behind ? Math.max(0, (Date.now() - (this.heldAll ?? this.started)) / 1000) : 0;
  }

  /** For an operator: how far behind, or which writer does not answer. */
  get reason(): string | undefined {
    if (this.silent !== undefined) return `how far the writers are is not known: ${this.silent}`;
    const seconds = Math.floor(this.seconds());
    return seconds >= WORTH_SAYING_SECONDS ? `${seconds} s behind the writers` : undefined;
  }

  /** Asks now; Infinity where the read models never held all. @throws where a writer does not answer. */
  async look(): Promise<number> {
    const now: Look = { asked: Date.now(), heads: await this.heads.heads() };
    const current = await this.applied.current();
    const looks = [...this.unmet, now];
    for (const { asked } of looks.filter(({ heads }) => covers(current, heads))) this.heldAll = Math.max(this.heldAll ?? 0, asked);
    this.unmet = looks.filter(({ heads }) => !covers(current, heads)).slice(0, KEPT);
    this.looked = true;
    return this.behind && this.heldAll === undefined ? Infinity : this.seconds();
  }

  private get behind(): boolean {
    return !this.looked || this.silent !== undefined || this.unmet.length > 0;
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
        const { error: reason } = describeError(error);
        if (this.silent === undefined) this.logger.warn({ reason }, 'how far the writers are is not known');
        this.silent = reason;
      }
      await sleep(LOOK_MS, undefined, { signal: this.stop.signal }).catch(() => undefined); // closing ends the pause
    }
  }
}

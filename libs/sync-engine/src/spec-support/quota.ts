import { ProviderError } from '@wami/provider-port';

export interface QuotaOptions {
  readonly perSecond: number;
  readonly burst: number;
  /** Told with each refusal, where given; and whoever comes before it is over came too early. */
  readonly retryAfterMs?: number;
  /** Of calls that it could take: the share that it refuses all the same. */
  readonly refusedAnyway?: { readonly share: number; readonly random: { next(): number } };
}

/** A token bucket as clouds enforce one, with a count of what it did. Used by specs and benchmarks. */
export class Quota {
  taken = 0;
  refused = 0;
  /** Calls that set out after their caller had heard of a Retry-After, and before that was over. */
  tooEarly = 0;
  private tokens: number;
  private filledAt: number;
  private heard = { at: -Infinity, until: -Infinity };

  constructor(private readonly now: () => number, private readonly options: QuotaOptions) {
    this.tokens = options.burst;
    this.filledAt = now();
  }

  /** `sentAt`: when the call set out. */
  admit(sentAt = this.now()): ProviderError | undefined {
    const { perSecond, burst, retryAfterMs, refusedAnyway } = this.options;
    const now = this.now();
    this.tokens = Math.min(burst, this.tokens + ((now - this.filledAt) / 1000) * perSecond);
    this.filledAt = now;
    if (sentAt >= this.heard.at && sentAt < this.heard.until) this.tooEarly += 1;
    if (this.tokens >= 1 && (refusedAnyway === undefined || refusedAnyway.random.next() >= refusedAnyway.share)) {
      this.tokens -= 1;
      this.taken += 1;
      return undefined;
    }
    this.refused += 1;
    return new ProviderError('Throttled', 'slow down', { effect: 'none', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  }

  /** A caller hears of a refusal now, and after so long everybody has. */
  told(allMs = 0): void {
    const now = this.now();
    this.heard = { at: now + allMs, until: now + (this.options.retryAfterMs ?? 0) };
  }
}

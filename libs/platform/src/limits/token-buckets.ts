/** What is left to somebody. */
export interface Allowance {
  readonly allowed: boolean;
  /** Whole tokens left. */
  readonly remaining: number;
  /** Seconds until there is one again; 0 where there is. */
  readonly retryAfter: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** A bucket of tokens for each key, filled steadily. Holds at most so many keys: whoever was away longest is forgotten, and begins full. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly perSecond: number, private readonly burst: number, private readonly most = 10_000, private readonly now: () => number = () => performance.now(),
  ) {}

  take(key: string): Allowance {
    const bucket = this.filled(key);
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    return this.allowance(bucket, allowed);
  }

  /** What `take` would say; takes nothing. */
  look(key: string): Allowance {
    const bucket = this.buckets.has(key) ? this.filled(key) : { tokens: this.burst, at: 0 };
    return this.allowance(bucket, bucket.tokens >= 1);
  }

  private allowance({ tokens }: Bucket, allowed: boolean): Allowance {
    return { allowed, remaining: Math.floor(tokens), retryAfter: tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.perSecond)) };
  }

  private filled(key: string): Bucket {
    const now = this.now();
    const bucket = this.buckets.get(key) ?? { tokens: this.burst, at: now };
    bucket.tokens = Math.min(this.burst, bucket.tokens + ((now - bucket.at) / 1000) * this.perSecond);
    bucket.at = now;
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > this.most) this.buckets.delete(this.buckets.keys().next().value as string);
    return bucket;
  }
}

/** What a cloud lets through: so many writes a second, and so many at once that were not used before. */
export interface QuotaOptions {
  readonly perSecond: number;
  readonly burst: number;
  readonly retryAfterSeconds: number;
}

/** Operations of AWS that change nothing. */
export const READS = /^(Get|List)/;

/** Enforces a documented quota on what writes, and counts whom it let through. */
export class Quota {
  refused = 0;
  /** Of the names of what was written, as often as one was. */
  readonly taken: string[] = [];
  /** When the first write came. */
  began: number | undefined;
  private tokens: number;
  private filledAt = performance.now();

  constructor(readonly options: QuotaOptions) {
    this.tokens = options.burst;
  }

  /** The answer for a call that is too much. */
  refuse(operation: string, parameters: URLSearchParams): Refusal | undefined {
    if (READS.test(operation)) return undefined;
    const { perSecond, burst, retryAfterSeconds } = this.options;
    const now = performance.now();
    this.began ??= now;
    this.tokens = Math.min(burst, this.tokens + ((now - this.filledAt) / 1000) * perSecond);
    this.filledAt = now;
    if (this.tokens < 1) {
      this.refused += 1;
      return { status: 429, headers: { 'content-type': 'text/xml', 'retry-after': String(retryAfterSeconds) }, body: THROTTLED };
    }
    this.tokens -= 1;
    this.taken.push(parameters.get('UserName') ?? parameters.get('GroupName') ?? '');
    return undefined;
  }
}

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const THROTTLED = '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>';

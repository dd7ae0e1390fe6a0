import { PROBLEMS, type FieldError, type ProblemCode } from '@wami/contracts';

export interface ProblemOptions {
  readonly detail?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly hint?: string;
  readonly errors?: readonly FieldError[];
  /** Seconds. Sent as `Retry-After` too. */
  readonly retryAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that says no, thrown from anywhere in a service and turned into problem+json by the filter. */
export class ProblemError extends Error {
  readonly status: number;

  constructor(readonly code: ProblemCode, readonly options: ProblemOptions = {}) {
    super(options.detail ?? PROBLEMS[code][1]);
    this.status = PROBLEMS[code][0];
  }
}

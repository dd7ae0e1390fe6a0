import type { SyncErrorCode } from '@wami/contracts';

export interface ProviderErrorOptions {
  /**
   * `unknown`: the call may have taken effect (time-out, lost answer). The engine looks before it does anything again.
   * `none`: the provider refused; nothing was changed.
   */
  readonly effect: 'none' | 'unknown';
  /** The provider asked not to be called again for so long. */
  readonly retryAfterMs?: number;
  /** Facts for an operator; no secret, no header, no request body. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Whether trying the same again later can help. `NotFound` right after our own create is the engine's to judge. */
const RETRYABLE: Readonly<Record<SyncErrorCode, boolean>> = {
  AlreadyExists: false, Conflict: true, NotFound: false, DependencyNotReady: true, AccessDenied: false, AuthExpired: true, Throttled: true,
  LimitExceeded: false, InvalidRequest: false, Unsupported: false, Unavailable: true, NetworkError: true, Timeout: true, Internal: true,
};

/** What every adapter throws, translated once from its SDK's errors. Test `code`. */
export class ProviderError extends Error {
  readonly retryable: boolean;

  constructor(readonly code: SyncErrorCode, message: string, readonly options: ProviderErrorOptions = { effect: 'none' }) {
    super(message);
    this.retryable = RETRYABLE[code];
  }
}

export function isProviderError(error: unknown): error is ProviderError {
  return error instanceof Error && 'code' in error && 'options' in error && 'retryable' in error;
}

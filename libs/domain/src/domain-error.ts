import type { FieldError } from '@wami/contracts';

export type DomainErrorCode = 'NotFound' | 'ValidationFailed' | 'TenantDeleting' | 'TenantNotEmpty';

/** A command that was refused; mapped to an answer at the edge. `pointer` is a JSON pointer into the command's body. */
export class DomainError extends Error {
  /** What is wrong with which field, where there is more to say than the message. */
  readonly errors: readonly FieldError[];

  constructor(readonly code: DomainErrorCode, message: string, pointer?: string, errors?: readonly FieldError[]) {
    super(message);
    this.errors = errors ?? (pointer === undefined ? [] : [{ pointer, code: 'Invalid', detail: message }]);
  }
}

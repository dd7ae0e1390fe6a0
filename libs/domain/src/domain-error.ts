export type DomainErrorCode = 'NotFound' | 'ValidationFailed' | 'TenantDeleting' | 'TenantNotEmpty';

/** A command that was refused; mapped to an answer at the edge. `pointer` is a JSON pointer into the command's body. */
export class DomainError extends Error {
  constructor(readonly code: DomainErrorCode, message: string, readonly pointer?: string) {
    super(message);
  }
}

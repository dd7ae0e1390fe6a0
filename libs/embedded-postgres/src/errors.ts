export type EmbeddedPostgresErrorCode =
  | 'unsupported-platform'
  | 'binaries-unusable'
  | 'directory-unusable'
  | 'directory-in-use'
  | 'version-mismatch'
  | 'start-failed';

/** One line that names the cause and the remedy; never contains a password. Test `code`, not the text. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    readonly code: EmbeddedPostgresErrorCode,
    message: string,
  ) {
    super(message);
  }
}

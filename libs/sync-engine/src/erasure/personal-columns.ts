/**
 * The engine's columns that may hold what is about a person, in plain text: the one list of them. `erase.ts` blanks each of them, and a test
 * searches every other column of the schema for planted names.
 */
export const ENGINE_PERSONAL_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  /** The document, since the cloud is to be made like it. */
  engine_resources: ['document'],
  /** What stands in the cloud: its name and ids there; names that attempts may have given it, and by which it was called. */
  engine_bindings: ['presence', 'tried', 'asked_again', 'deletion_sent', 'called'],
  /** The provider's words on what could not be read, while an import runs. */
  engine_imports: ['problems'],
  /** Whole events that this release cannot read. */
  engine_parked: ['event'],
};

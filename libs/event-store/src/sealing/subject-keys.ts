/** `gone`: it was destroyed, and what was sealed with it is lost for good. */
export type SubjectKey = Buffer | 'gone';

/** Who holds the keys: identity itself, or identity asked by another service. */
export interface SubjectKeys {
  /**
   * The keys of the subjects that ever had one; others are left out.
   * @throws KeysUnavailable where it cannot be said now; never an incomplete answer.
   */
  find(subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>>;
}

export interface Owned {
  /** The resource that an event is about. */
  readonly subject: string;
  /** Path of its tenant. */
  readonly tenant: string;
}

/** A key that is not stored yet: it is, together with the first event that it seals. */
export interface NewSubjectKey extends Owned {
  readonly key: Buffer;
  /** As it is stored: under the key of the tenant. */
  readonly wrapped: string;
}

/** Only identity makes keys. */
export interface KeyMaker {
  make(owners: readonly Owned[]): Promise<readonly NewSubjectKey[]>;
}

/** Keys cannot be had at the moment. Whoever needs one waits: nothing is skipped and nothing is taken for erased. */
export class KeysUnavailable extends Error {
  readonly code = 'KeysUnavailable';

  constructor(why: string, options?: ErrorOptions) {
    super(`the keys of personal data cannot be had: ${why}`, options);
  }
}

/** Somebody else has made the subject's first key meanwhile. Nothing was written: seal with that one. */
export class SubjectKeyTaken extends Error {
  readonly code = 'SubjectKeyTaken';
}

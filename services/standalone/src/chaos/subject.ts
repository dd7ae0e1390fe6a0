/** Whoever commands and queries are sent to, which may be down at any time. */
export interface Subject {
  /** Where it answers; undefined while it is known to be down. */
  readonly url: string | undefined;
  readonly token: string;
  /** True once it was ended for good: nobody should wait for it any more. */
  readonly over: boolean;
  /** What it said last, for a failure's message. */
  readonly lastWords: string;
}

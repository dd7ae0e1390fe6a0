/** What an approved plan expects of one binding; kept in its row from the approval until the operation is carried out or refused. */
export interface PlanExpectation {
  readonly plan: string;
  /** The job that asked for it. */
  readonly job: string;
  /** Fingerprint of what was wanted. */
  readonly desired: string;
  /** Fingerprint of what stood at the target. */
  readonly observed: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The binding's generation as of the approval: a higher one means that something else made it due as well. */
  readonly generation: number;
  /** The list was approved by its hash: the guard has nothing to ask. */
  readonly approved?: boolean;
  /** When it was due without the approval. */
  readonly dueAt: number | null;
  /** A look found everything as expected: the next pass may write. */
  readonly checked: boolean;
  /** When that look was made it was not known what an attempt before had done. */
  readonly lostBefore?: boolean;
  /** It was written on for this plan, so the target is no longer as it was observed. */
  readonly begun: boolean;
}

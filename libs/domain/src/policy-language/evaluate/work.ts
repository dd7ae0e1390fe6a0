import { DomainError } from '../../domain-error';

/**
 * Steps of comparing text that one evaluation may take: about a second where it is used up, and a hundred times what policies of the usual kind take.
 * Long patterns against long values are what costs; a stranger chooses both.
 */
const MOST_STEPS = 200_000_000;

/** Counts, ahead of each comparison, the most steps that it can take. */
export class WorkMeter {
  private steps = 0;

  /** @throws DomainError ValidationFailed where the evaluation has become too much */
  spend(steps: number): void {
    this.steps += steps;
    if (this.steps > MOST_STEPS) throw new DomainError('ValidationFailed', 'evaluating this takes too much work: fewer or shorter policies and context values are needed');
  }

  /** Ahead of a comparison of a pattern with a subject, see `covers`. */
  spendOnMatch(pattern: number, subject: number): void {
    this.spend((Math.min(pattern, subject) + 1) * subject + pattern);
  }
}

import type { ApprovalItem, ApprovalState, GuardBudget } from '@wami/contracts';

/** By shape and words; colour only adds to it. */
export const STATE_WORDS: Readonly<Record<ApprovalState, readonly [look: string, text: string]>> = {
  open: ['not', '… waits for a decision'], approved: ['ok', '✓ approved'], rejected: ['not', '✗ kept held'], released: ['ok', '✓ allowed by now'], expired: ['quiet', '– expired'],
};

/** `2 removals`. */
export const removalsText = (held: number): string => `${held} ${held === 1 ? 'removal' : 'removals'}`;

/** Of one resource on the list. */
export function losesText({ removes, more }: Pick<ApprovalItem, 'removes' | 'more'>): string {
  return removes[0] === 'thing' ? 'is deleted' : `loses ${removes.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

/** Why they are held. */
export function budgetText({ kind, allowed, taken, asked }: GuardBudget): string {
  return `${asked} of kind ${kind} would lose something or go${taken === 0 ? '' : `, beside ${taken} that did already`}; the guard allows ${allowed} within 24 hours.`;
}

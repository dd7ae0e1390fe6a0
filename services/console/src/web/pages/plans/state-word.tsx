import type { PlanSummary } from '@wami/contracts';
import type { JSX } from 'preact';

const WORDS: Readonly<Record<PlanSummary['state'], readonly [look: string, text: string]>> = {
  running: ['not', '… asks the targets'], complete: ['ok', '▸ may be applied'], applied: ['ok', '✓ applied'], expired: ['quiet', '– expired'],
};

/** A plan's state, by shape and words; colour only adds to it. */
export function StateWord({ state }: Pick<PlanSummary, 'state'>): JSX.Element {
  const [look, text] = WORDS[state];
  return <strong class={look}>{text}</strong>;
}

import { PLAN_ACTIONS, type PlanAction, type PlanCounts, type PlanGuarded, type PlanSummary } from '@wami/contracts';

const WORDS: Readonly<Record<PlanAction, string>> = {
  delete: 'to delete', update: 'to update', adopt: 'to take over', create: 'to create', conflict: 'in conflict', error: 'with an error', wait: 'waiting', skip: 'left alone', none: 'agree already',
};
const WRITES = ['delete', 'update', 'adopt', 'create'] as const satisfies readonly PlanAction[];

/** `2 to delete, 1 to create`: what it would come to, deletions first. */
export function countsText(counts: PlanCounts): string {
  const parts = PLAN_ACTIONS.flatMap((action) => (counts[action] ? [`${counts[action]} ${WORDS[action]}`] : []));
  return parts.length === 0 ? 'nothing to do' : parts.join(', ');
}

/** So many things at targets would be written to. */
export const writesOf = (counts: PlanCounts): number => WRITES.reduce((sum, action) => sum + (counts[action] ?? 0), 0);

/** As it is at that time: one that nobody applied is over by itself, and no event says so. */
export const stateAt = ({ state, expiresAt }: Pick<PlanSummary, 'state' | 'expiresAt'>, now: number): PlanSummary['state'] => (state !== 'applied' && Date.parse(expiresAt) <= now ? 'expired' : state);

/** Why applying it is an approval of removals as well. */
export function guardText({ tenant, kind, removes, allowed, taken, held }: Pick<PlanGuarded, 'tenant' | 'kind' | 'removes' | 'allowed' | 'taken' | 'held'>): string {
  const beside = [...(taken > 0 ? [`${taken} went already`] : []), ...(held > 0 ? [`${held} wait for approval`] : [])];
  return `takes away ${removes} of kind ${kind} of ${tenant}, where the guard allows ${allowed} within 24 hours${beside.length === 0 ? '' : ` (${beside.join(', ')})`}. To apply it approves that.`;
}

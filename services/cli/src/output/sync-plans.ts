import type { PlanAction, PlanOperation, PlanSummary } from '@wami/contracts';
import type { Column } from './format';
import { ago } from './time';

const WORDS: Readonly<Record<PlanAction, string>> = {
  delete: 'to delete', update: 'to update', adopt: 'to adopt', create: 'to create', conflict: 'in conflict', error: 'with an error', wait: 'waiting', skip: 'left alone', none: 'agree already',
};
const WRITES = ['delete', 'update', 'adopt', 'create'] as const satisfies readonly PlanAction[];

export const operationName = ({ kind, resource, provider, account }: PlanOperation): string => `${kind}/${resource}@${provider}/${account}`;

export const OPERATIONS: readonly Column<PlanOperation>[] = [
  { title: 'ACTION', value: ({ action }) => action }, { title: 'RESOURCE', value: ({ kind, name, resource }) => `${kind}/${name ?? resource}` },
  { title: 'TARGET', value: ({ provider, account }) => `${provider}/${account}` },
  { title: 'CHANGES', value: ({ changes, more, reason }) => [...changes.map(changeText), ...(more > 0 ? [`${more} more`] : []), ...(reason === undefined ? [] : [reason])].join(', ') },
];

export const planName = ({ id }: Pick<PlanSummary, 'id'>): string => `plan/${id}`;

export const PLANS: readonly Column<PlanSummary>[] = [
  { title: 'PLAN', value: ({ id }) => id }, { title: 'TENANT', value: ({ tenant }) => tenant || '(all)' }, { title: 'STATE', value: ({ state }) => state },
  { title: 'WHAT', value: (plan) => totalOf(plan) }, { title: 'MADE', value: ({ createdAt }) => ago(createdAt) },
  { title: 'UNTIL', value: ({ expiresAt }) => expiresAt.slice(0, 16).replace('T', ' ') },
];

/** One line per target with something to write, deletions first: `aws/123: 2 to delete, 1 to create`. */
export function sentencesOf({ targets }: PlanSummary): string[] {
  return targets.flatMap(({ provider, account, counts }) => {
    const parts = WRITES.filter((action) => counts[action]).map((action) => `${counts[action] ?? 0} ${WORDS[action]}`);
    return parts.length === 0 ? [] : [`${provider}/${account}: ${parts.join(', ')}`];
  });
}

/** Where it would be held if it were applied without its hash. */
export function guardSentencesOf({ guard }: Pick<PlanSummary, 'guard'>): string[] {
  return guard.map(({ provider, account, tenant, kind, removes, allowed, taken, held }) => {
    const beside = [...(taken > 0 ? [`${taken} went already`] : []), ...(held > 0 ? [`${held} wait for approval`] : [])];
    return `${provider}/${account}: the guard of ${tenant} allows ${allowed} of kind ${kind} to be taken away within 24 hours, this is ${removes}${beside.length > 0 ? ` (${beside.join(', ')})` : ''}: to apply it approves it.`;
  });
}

export function totalOf({ counts }: PlanSummary): string {
  const parts = (Object.keys(WORDS) as PlanAction[]).filter((action) => counts[action]).map((action) => `${counts[action] ?? 0} ${WORDS[action]}`);
  return parts.length === 0 ? 'nothing to do' : parts.join(', ');
}

/** Bindings that would be written on. */
export function writesOf({ counts }: PlanSummary): number {
  return WRITES.reduce((sum, action) => sum + (counts[action] ?? 0), 0);
}

const LONGEST = 40;
const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

export function changeText({ field, from, to }: PlanOperation['changes'][number]): string {
  if (from === undefined) return `+${field}=${short(to ?? '')}`;
  return to === undefined ? `-${field}=${short(from)}` : `${field}: ${short(from)} -> ${short(to)}`;
}

import type { EventMeta } from '@wami/contracts';

/** One command of a person touches fewer resources. */
const MANY = 50;

/** Correlations, one declaration or one batch each, that touch so many resources at once that nobody waits for a single one of them. */
export function bulkOf(causes: ReadonlyMap<string, EventMeta>): Set<string> {
  const counts = new Map<string, number>();
  for (const { correlationId } of causes.values()) if (correlationId !== undefined) counts.set(correlationId, (counts.get(correlationId) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count > MANY).map(([id]) => id));
}

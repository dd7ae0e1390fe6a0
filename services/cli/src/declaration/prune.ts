import type { Actual, Declaration } from './model';
import type { Deletion, Kept, PlanOptions } from './plan';

/** What carries the declaration's mark and is declared no more. */
export function prune(declaration: Declaration, { byKey }: Actual, options: PlanOptions): { readonly deletions: Deletion[]; readonly kept: Kept[] } {
  const left = [...byKey].flatMap(([key, thing]) => (thing.declaredBy === declaration.name && !declaration.things.has(key) ? [thing] : []));
  if (!options.prune) return { deletions: [], kept: left.map(({ kind, tenant, name }) => ({ what: { kind, tenant, name }, why: 'no longer declared; --prune deletes it' })) };
  return { deletions: left.map((actual): Deletion => ({ action: 'delete', thing: { kind: actual.kind, tenant: actual.tenant, name: actual.name }, actual, fields: [] })), kept: [] };
}

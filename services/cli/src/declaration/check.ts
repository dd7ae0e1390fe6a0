import { tenantLineage, type Problem } from '@wami/contracts';
import type { Client } from '../api/client';
import { CliError, EXIT } from '../exit-codes';
import { problemOf, send } from './batches';
import { fieldsOf, nameFieldOf } from './fields';
import { mistaken, type Mistake } from './mistakes';
import { keyOf, labelOf, type Actual } from './model';
import { creation, patch, type Operation } from './operations';
import { isLinking, type Creation, type Plan, type PlannedChange, type Update } from './plan';

interface Question { readonly change: Creation | Update; readonly operation: Operation; readonly elsewhere: boolean }

/**
 * The server's own checks of all that is to be made and changed, before anything is written. What changes nothing by the server's judgement, as a policy
 * that only is written in another way, is taken out of the plan. @throws CliError with every refusal and the line that it is about
 */
export async function checked(client: Client, plan: Plan, actual: Actual): Promise<Plan> {
  const questions = plan.changes.flatMap((change) => question(plan, change, actual) ?? []);
  const results = await send(client, questions.map(({ operation }) => operation), { dryRun: true });
  const freed = freedNames(plan);
  const mistakes: Mistake[] = [];
  const idle = new Set<PlannedChange>();
  questions.forEach(({ change, elsewhere }, index) => {
    const result = results[index];
    if (!result) return;
    const problem = problemOf(result);
    if (problem?.code === 'Forbidden') throw notAllowed(change, problem);
    if (problem && !(problem.code === 'NameTaken' && (elsewhere || freed.has(keyOf(change.thing))))) mistakes.push(...mistakesOf(change, problem));
    if (change.action === 'change' && isIdle(change, result.body)) idle.add(change);
  });
  if (mistakes.length > 0) throw mistaken(mistakes, EXIT.failed);
  return { ...plan, changes: plan.changes.filter((change) => !idle.has(change)) };
}

/** Names that somebody has now and not once the plan is carried out. */
function freedNames({ changes }: Plan): ReadonlySet<string> {
  return new Set(changes.flatMap((change) => {
    if (isLinking(change) || change.action === 'create' || change.thing.kind === 'tenant') return [];
    const now = { ...change.thing, name: String(fieldsOf(change.actual)[nameFieldOf(change.thing.kind)]) };
    return change.action === 'delete' || keyOf(now) !== keyOf(change.thing) ? [keyOf(now)] : [];
  }));
}

/** Nothing is wrong with the declaration. */
function notAllowed({ thing }: Creation | Update, { detail, title }: Problem): CliError {
  return new CliError(EXIT.refused, `You may not change ${labelOf(thing)}, which this declaration does: ${detail ?? title}.`, 'The server checks each change as if it were made. Ask with a token of that role; `wami whoami` shows yours.');
}

/** Undefined for what the server cannot judge before the rest is done. */
function question({ declaration, mark }: Plan, change: PlannedChange, actual: Actual): Question | undefined {
  if (isLinking(change) || change.action === 'delete') return undefined;
  const boundary = change.boundary && actual.byKey.get(keyOf(change.boundary))?.id;
  if (change.action === 'change') {
    const operation = patch(declaration, change, boundary);
    return operation && { change, operation: { ...operation, ifMatch: undefined }, elsewhere: false };
  }
  if (change.thing.kind === 'tenant') return undefined;
  const near = nearest(change.thing.tenant, actual);
  if (near === undefined) return undefined;
  const operation = creation(mark, change, near === change.thing.tenant ? boundary : undefined);
  return { change, operation: { ...operation, body: { ...operation.body, tenant: near } }, elsewhere: near !== change.thing.tenant };
}

/** A tenant that is not there yet is stood in for by the nearest above it, else by any. */
function nearest(tenant: string, { byKey }: Actual): string | undefined {
  const above = tenantLineage(tenant).reverse().find((path) => byKey.has(`tenant ${path}`));
  return above ?? [...byKey.values()].find(({ kind }) => kind === 'tenant')?.tenant;
}

function isIdle({ thing, actual, differing }: Update, body: unknown): boolean {
  if (thing.kind === 'tenant' || differing.includes('permissionsBoundary')) return false;
  return (body as { readonly version?: number } | null)?.version === actual.version;
}

export function mistakesOf({ declared: { at } }: Creation | Update, { code, detail, title, errors = [] }: Problem): Mistake[] {
  if (errors.length === 0) return [{ at, what: `${code}: ${detail ?? title}` }];
  return errors.map((error) => {
    const path = error.pointer.split('/').slice(1).map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
    return { at: { ...at, path: [...at.path, ...path] }, what: error.detail };
  });
}

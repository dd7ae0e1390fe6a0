import { BOUNDS, hasMoreNodesThan } from '../limits';
import type { Policy, PolicyKind, PolicyVersion, Statement } from '../model';
import { parseStatement } from './parse-statement';
import { below, Problems, quoted, type PolicyError } from './problems';
import { isObject, isText, member, oneOrMany, onlyKnown, type JsonObject } from './shapes';

export type ParsedPolicy = { ok: true; policy: Policy } | { ok: false; errors: PolicyError[] };

/**
 * Reads parsed JSON as a policy by AWS's documented grammar ("Grammar of the IAM JSON policy language"), with what the pages of
 * the elements and "IAM policy validation check reference" add. Answers every error found, not the first. Never throws.
 * Sizes are checked apart (checkPolicySize); whether an action, a key or a principal exists is not known here.
 */
export function parsePolicy(document: unknown, kind: PolicyKind): ParsedPolicy {
  const problems = new Problems(kind !== 'resource');
  const policy = readDocument(document, kind, problems);
  if (!policy || problems.errors.length > 0) return { ok: false, errors: problems.errors };
  return { ok: true, policy };
}

function readDocument(document: unknown, kind: PolicyKind, problems: Problems): Policy | undefined {
  if (!isObject(document)) return problems.add('', 'NotAnObject', 'A policy is a JSON object.');
  if (hasMoreNodesThan(document, BOUNDS.nodes)) return problems.add('', 'TooManyValues', `More than ${BOUNDS.nodes} values.`);
  onlyKnown(document, ['Version', 'Id', 'Statement'], '', problems);
  const version = readVersion(document, problems);
  const id = readId(document, kind, problems);
  const statements = readStatements(document, kind, version, problems);
  return { kind, version, ...(id !== undefined && { id }), statements };
}

function readVersion(document: JsonObject, problems: Problems): PolicyVersion {
  const version = member(document, 'Version');
  if (version === '2012-10-17' || version === '2008-10-17') return version;
  if (version !== undefined) problems.add('/Version', 'InvalidVersion', 'Version is 2012-10-17 or 2008-10-17.');
  // The newer grammar, so that what is written about variables is checked as well.
  return version === undefined ? '2008-10-17' : '2012-10-17';
}

function readId(document: JsonObject, kind: PolicyKind, problems: Problems): string | undefined {
  const id = member(document, 'Id');
  if (id === undefined) return undefined;
  if (kind === 'identity' || kind === 'boundary') {
    return problems.add('/Id', 'UnsupportedElement', 'Id stands in resource-based policies only.');
  }
  return isText(id, '/Id', problems) ? id : undefined;
}

function readStatements(document: JsonObject, kind: PolicyKind, version: PolicyVersion, problems: Problems): Statement[] {
  const written = member(document, 'Statement');
  if (written === undefined) {
    problems.add('', 'MissingElement', 'A policy needs a Statement.');
    return [];
  }
  const entries = oneOrMany(written, '/Statement', problems);
  if (entries.length > BOUNDS.statements) {
    problems.add('/Statement', 'TooManyStatements', `More than ${BOUNDS.statements} statements.`);
    return [];
  }
  const statements = entries.flatMap(({ value, pointer }) => parseStatement(value, { pointer, kind, version, problems }) ?? []);
  checkSids(statements, problems);
  return statements;
}

function checkSids(statements: readonly Statement[], problems: Problems): void {
  const seen = new Set<string>();
  for (const { sid, pointer } of statements) {
    if (sid === undefined) continue;
    if (seen.has(sid)) problems.add(below(pointer, 'Sid'), 'DuplicateSid', `The Sid ${quoted(sid)} is taken by an earlier statement.`);
    seen.add(sid);
  }
}

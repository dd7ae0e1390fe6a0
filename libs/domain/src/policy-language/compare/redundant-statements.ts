import { coversArn } from '../match/arn';
import { covers, wildcardTokens, type Token } from '../match/glob';
import { openPattern } from '../match/tokens';
import type { Listed, PolicyVersion, Statement } from '../model';

/** Policies of more statements keep those that another one covers (only repeated ones go), so that comparing stays quick. */
const MOST_COMPARED = 100;

/** Canonical statements without those that add nothing to another of the same effect, principals and conditions. */
export function withoutRedundant(statements: readonly Statement[], version: PolicyVersion): Statement[] {
  const once = [...new Map(statements.map((statement) => [JSON.stringify(statement), statement]))];
  const distinct = once.map(([, statement]) => statement);
  if (distinct.length > MOST_COMPARED) return distinct;
  const texts = new Map(once.map(([text, statement]) => [statement, text]));
  return distinct.filter((statement) => !distinct.some((other) => {
    if (other === statement || !includes(other, statement, version)) return false;
    return (texts.get(other) ?? '') < (texts.get(statement) ?? '') || !includes(statement, other, version);
  }));
}

/** True promises that whatever `inner` applies to, `outer` applies to as well. */
function includes(outer: Statement, inner: Statement, version: PolicyVersion): boolean {
  const frame = ({ effect, principals, conditions }: Statement) => JSON.stringify([effect, principals, conditions]);
  if (frame(outer) !== frame(inner)) return false;
  return listIncludes(outer.actions, inner.actions, wildcardTokens, covers)
    && listIncludes(outer.resources, inner.resources, (text) => openPattern(text, version), coversArn);
}

function listIncludes(
  outer: Listed<string> | undefined, inner: Listed<string> | undefined,
  read: (text: string) => Token[], takes: typeof covers,
): boolean {
  if (!outer || !inner) return outer === inner;
  if (outer.negated || inner.negated) return JSON.stringify(outer) === JSON.stringify(inner);
  const patterns = outer.entries.map(read);
  return inner.entries.every((entry) => patterns.some((pattern) => takes(pattern, read(entry))));
}

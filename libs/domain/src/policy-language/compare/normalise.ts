import { coversArn } from '../match/arn';
import { covers, wildcardTokens } from '../match/glob';
import { openPattern } from '../match/tokens';
import type { Condition, Listed, Policy, PolicyVersion, Principal, Statement } from '../model';
import { canonicalCondition } from './canonical-condition';
import { canonicalText, oneRun } from './canonical-text';
import { minimal } from './minimal';
import { withoutRedundant } from './redundant-statements';

/**
 * The one form of all policies that mean the same by this language's rules: statements and values sorted, repeated and covered
 * ones left out, names that know no case in lower case, numbers, dates and ranges in one spelling, Sid and Id dropped (they decide
 * nothing), `2012-10-17` wherever nothing looks like a variable. Idempotent, and itself a valid policy of the same kind.
 */
export function normalisePolicy(policy: Policy): Policy {
  const canonical = policy.statements.map((statement) => canonicalStatement(statement, policy.version));
  const statements = withoutRedundant(canonical, policy.version);
  const sorted = statements.map((statement) => ({ statement, text: JSON.stringify(statement) })).sort((a, b) => order(a.text, b.text));
  return {
    kind: policy.kind,
    version: usesVariables(statements) ? policy.version : '2012-10-17',
    statements: sorted.map(({ statement }, index) => ({ ...statement, pointer: `/Statement/${index}` })),
  };
}

function usesVariables(statements: readonly Statement[]): boolean {
  return statements.some(({ resources, conditions }) =>
    [...(resources?.entries ?? []), ...conditions.flatMap(({ values }) => values)].some((text) => text.includes('${')));
}

function canonicalStatement({ effect, principals, actions, resources, conditions }: Statement, version: PolicyVersion): Statement {
  return {
    pointer: '',
    effect,
    ...(principals && { principals: canonicalPrincipals(principals) }),
    actions: canonicalActions(actions),
    ...(resources && { resources: canonicalResources(resources, version) }),
    conditions: canonicalConditions(conditions, version),
  };
}

function canonicalPrincipals({ negated, entries }: Listed<Principal>): Listed<Principal> {
  const byText = new Map(entries.map(({ type, value }) => [`${type} ${value}`, { type, value }]));
  return { negated, entries: [...byText].sort(([a], [b]) => order(a, b)).map(([, entry]) => entry) };
}

function canonicalActions({ negated, entries }: Listed<string>): Listed<string> {
  const comparable = entries.map((entry) => oneRun(entry.toLowerCase())).map((text) => ({ text, pattern: wildcardTokens(text) }));
  return { negated, entries: minimal(comparable, covers) };
}

function canonicalResources({ negated, entries }: Listed<string>, version: PolicyVersion): Listed<string> {
  const comparable = entries
    .map((entry) => canonicalText(entry, version, { wildcards: true }))
    .map((text) => ({ text, pattern: openPattern(text, version) }));
  return { negated, entries: minimal(comparable, coversArn) };
}

function canonicalConditions(conditions: readonly Condition[], version: PolicyVersion): Condition[] {
  const byText = new Map(conditions.map((condition) => {
    const { quantifier, operator, ifExists, key, values } = canonicalCondition(condition, version);
    const canonical: Condition = { operator, ...(quantifier && { quantifier }), ifExists, key, values };
    return [JSON.stringify(canonical), canonical];
  }));
  return [...byText].sort(([a], [b]) => order(a, b)).map(([, condition]) => condition);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

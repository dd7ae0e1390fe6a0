import { DomainError } from '../domain-error';
import { AWS_POLICY_SIZES, policySize } from '../policy-language/limits';
import { documentErrors, meansTheSame, refuseFaulty, type Document } from './policy-content';

/** Policies that are part of what they stand in, by their names. */
export type InlinePolicies = Readonly<Record<string, Document>>;
/** By name; null takes one away. */
export type InlinePolicyChanges = Readonly<Record<string, Document | null>>;

/** Characters without white space of all inline policies of one together, which nobody can have raised. */
export const INLINE_SIZES = { user: AWS_POLICY_SIZES.inlineUser, 'service-account': AWS_POLICY_SIZES.inlineUser, group: AWS_POLICY_SIZES.inlineGroup, role: AWS_POLICY_SIZES.inlineRole } as const;

const POINTER = '/inlinePolicies';

/**
 * What a patch makes of inline policies; null for the whole takes all away. Undefined where all stays as it is: another spelling of the same is no change.
 * @throws DomainError ValidationFailed
 */
export function changedInlinePolicies(kind: keyof typeof INLINE_SIZES, patch: InlinePolicyChanges | null | undefined, current: InlinePolicies = {}): Record<string, Document | null> | undefined {
  if (patch === undefined) return undefined;
  const asked = Object.entries(patch ?? Object.fromEntries(Object.keys(current).map((name) => [name, null])));
  refuseFaulty(asked.flatMap(([name, document]) => (document === null ? [] : documentErrors(document, 'identity', INLINE_SIZES[kind], `${POINTER}/${name}`))));
  const changes = Object.fromEntries(asked.filter(([name, document]) => isChange(document, Object.hasOwn(current, name) ? current[name] : undefined)));
  if (Object.keys(changes).length === 0) return undefined;
  checkTogether(withInlinePolicies(current, changes) ?? {}, INLINE_SIZES[kind]);
  return changes;
}

/** Those that are there after the changes; null where none are. */
export function withInlinePolicies(current: InlinePolicies | undefined, changes: InlinePolicyChanges): InlinePolicies | null {
  const left = Object.entries({ ...current, ...changes }).flatMap(([name, document]) => (document === null ? [] : [[name, document] as const]));
  return left.length === 0 ? null : Object.fromEntries(left);
}

function isChange(document: Document | null, before: Document | undefined): boolean {
  return document === null ? before !== undefined : before === undefined || !meansTheSame(document, before, 'identity');
}

function checkTogether(policies: InlinePolicies, most: number): void {
  const size = Object.values(policies).reduce((sum, document) => sum + policySize(document), 0);
  if (size > most) throw new DomainError('ValidationFailed', `inlinePolicies: ${size} characters without white space together; at most ${most} are allowed`, POINTER);
  const names = Object.keys(policies).map((name) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new DomainError('ValidationFailed', `inlinePolicies: two names differ only in case: ${twice}`, POINTER);
}

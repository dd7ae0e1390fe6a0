import { DomainError } from '../domain-error';
import { askedOf, changesIn, partsAfter, sameButForCase, type PartChanges, type Parts } from '../named-parts';
import { AWS_POLICY_SIZES, policySize } from '../policy-language/limits';
import { documentErrors, meansTheSame, refuseFaulty, type Document } from './policy-content';

/** Policies that are part of what they stand in, by their names. */
export type InlinePolicies = Parts<Document>;

/** Characters without white space of all inline policies of one together, which nobody can have raised. */
export const INLINE_SIZES = { user: AWS_POLICY_SIZES.inlineUser, 'service-account': AWS_POLICY_SIZES.inlineUser, group: AWS_POLICY_SIZES.inlineGroup, role: AWS_POLICY_SIZES.inlineRole } as const;

const POINTER = '/inlinePolicies';

/**
 * What a patch makes of inline policies; null for the whole takes all away. Undefined where all stays as it is: another spelling of the same is no change.
 * @throws DomainError ValidationFailed
 */
export function changedInlinePolicies(kind: keyof typeof INLINE_SIZES, patch: PartChanges<Document> | null | undefined, current: InlinePolicies = {}): Record<string, Document | null> | undefined {
  if (patch === undefined) return undefined;
  const asked = askedOf(patch, current);
  refuseFaulty(asked.flatMap(([name, document]) => (document === null ? [] : documentErrors(document, 'identity', INLINE_SIZES[kind], `${POINTER}/${name}`))));
  const changes = changesIn(asked, current, (document, before) => meansTheSame(document, before, 'identity'));
  if (changes) checkTogether(partsAfter(current, changes) ?? {}, INLINE_SIZES[kind]);
  return changes;
}

function checkTogether(policies: InlinePolicies, most: number): void {
  const size = Object.values(policies).reduce((sum, document) => sum + policySize(document), 0);
  if (size > most) throw new DomainError('ValidationFailed', `inlinePolicies: ${size} characters without white space together; at most ${most} are allowed`, POINTER);
  const twice = sameButForCase(policies);
  if (twice !== undefined) throw new DomainError('ValidationFailed', `inlinePolicies: two names differ only in case: ${twice}`, POINTER);
}

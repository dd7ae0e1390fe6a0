import type { Policy, PolicyKind } from '../model';
import { parsePolicy } from '../parse/parse-policy';
import { normalisePolicy } from './normalise';

/**
 * True where both mean the same by what normalisePolicy evens out. False is no proof of a difference: two policies can be
 * equivalent in ways that only their evaluation shows (a NotAction against the list of all others).
 */
export function samePolicy(a: Policy, b: Policy): boolean {
  return meaning(a) === meaning(b);
}

/** The same for documents as they were read back; where one of them is no policy of this kind, false. */
export function samePolicyDocument(a: unknown, b: unknown, kind: PolicyKind): boolean {
  const first = parsePolicy(a, kind);
  const second = parsePolicy(b, kind);
  return first.ok && second.ok && samePolicy(first.policy, second.policy);
}

function meaning(policy: Policy): string {
  const { version, statements } = normalisePolicy(policy);
  return JSON.stringify([version, statements]);
}

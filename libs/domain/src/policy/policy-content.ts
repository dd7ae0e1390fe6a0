import type { FieldError } from '@wami/contracts';
import { DomainError } from '../domain-error';
import { sameJson } from '../merge-patch';
import { samePolicyDocument } from '../policy-language/compare/same-policy';
import { AWS_POLICY_SIZES, checkPolicySize } from '../policy-language/limits';
import type { PolicyKind } from '../policy-language/model';
import { parsePolicy } from '../policy-language/parse/parse-policy';

export type Document = Readonly<Record<string, unknown>>;

/** Characters without white space. The most that a cloud can be brought to take; what a target takes today its adapter knows. */
export const DOCUMENT_SIZES = { policy: AWS_POLICY_SIZES.managed, trust: AWS_POLICY_SIZES.trustRaised, provider: 65_536 } as const;

/** What is wrong with a document, each error with its place in the body. One that is too large is not read. */
export function documentErrors(document: Document, kind: PolicyKind, limit: number, at: string): FieldError[] {
  const oversize = checkPolicySize(document, limit);
  const parsed = oversize.length > 0 ? undefined : parsePolicy(document, kind);
  const errors = parsed && !parsed.ok ? parsed.errors : oversize;
  return errors.map(({ pointer, code, detail }) => ({ pointer: `${at}${pointer}`, code, detail }));
}

/** What clouds other than AWS get is theirs to judge; only its size is looked at. */
export function providerDocumentErrors(documents: Readonly<Record<string, Document | null | undefined>>, at: string): FieldError[] {
  return Object.entries(documents).flatMap(([provider, document]) => {
    if (!document) return [];
    const place = `${at}/${provider}`;
    if (provider === 'aws') return documentErrors(document, 'identity', DOCUMENT_SIZES.policy, place);
    return checkPolicySize(document, DOCUMENT_SIZES.provider).map(({ pointer, code, detail }) => ({ pointer: place + pointer, code, detail }));
  });
}

/** @throws DomainError ValidationFailed with all of the errors, where there are any */
export function refuseFaulty(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new DomainError('ValidationFailed', 'the policy is not valid', undefined, errors);
}

/** Both say the same, whatever the order and spelling. */
export function meansTheSame(a: Document, b: Document, kind: PolicyKind): boolean {
  return sameJson(a, b) || samePolicyDocument(a, b, kind);
}

import type { FieldError, Simulate } from '@wami/contracts';
import { AWS_POLICY_SIZES, documentErrors, parsePolicy, refuseFaulty, type PolicyKind, type PolicyLayer } from '@wami/domain';
import type { Gathered } from './gathered-policies';

type Inline = Extract<NonNullable<NonNullable<Simulate['policies']>['boundary']>, { document: unknown }>;

/** The most that AWS takes anywhere: ten thousand characters on an identity, twenty thousand on a resource. */
const SIZES: Readonly<Record<PolicyLayer, number>> = { identity: AWS_POLICY_SIZES.inlineRole, boundary: AWS_POLICY_SIZES.managed, resource: 20_480 };

/** A policy that stands in the request. `at`: its place there. @throws DomainError ValidationFailed, with the places of the errors in the request */
export function inlinePolicy({ document, name }: Inline, layer: PolicyLayer, kind: PolicyKind, at: string): Gathered {
  const errors: readonly FieldError[] = documentErrors(document, kind, SIZES[layer], `${at}/document`);
  refuseFaulty(errors);
  const result = parsePolicy(document, kind);
  if (!result.ok) throw new Error('a document without errors was not read');
  return { layer, named: { name: name ?? at.slice(1), policy: result.policy } };
}

import type { Effect, Policy } from '../model';

/**
 * Who asks. `role` is a role named by its ARN where no session is known; a role in use is a `roleSession`. Groups never ask.
 * `service`, `federated` (a token of an identity provider), `canonicalUser` and `anonymous` belong to no account.
 */
export interface RequestPrincipal {
  type: 'user' | 'role' | 'roleSession' | 'federatedUserSession' | 'root' | 'service' | 'federated' | 'canonicalUser' | 'anonymous';
  /** The ARN; for a service, a provider or a canonical user its name; `*` for nobody in particular. */
  id: string;
  /** Taken from the ARN where absent. */
  account?: string;
  /** The ARN of the role that a session uses, of the user that federated. A role is found by its name where this is absent. */
  issuer?: string;
  /** Other ARNs of the same principal: policies may name it by any of them. */
  aliases?: readonly string[];
  /** `AIDA...`, `AROA...`: what AWS writes into trust policies whose principal was deleted. */
  uniqueId?: string;
}

export interface RequestResource {
  /** An ARN, or `*` for actions that have no resource. */
  arn: string;
  /** Other ARNs of the same resource: policies may name it by any of them. */
  aliases?: readonly string[];
  /** Taken from the ARN where absent; where that has none either (buckets), the principal's own. */
  account?: string;
}

export type ContextValue = string | number | boolean | readonly (string | number | boolean)[];

export interface NamedPolicy {
  /** Handed back in the answer. */
  name: string;
  policy: Policy;
}

export interface SimulationRequest {
  principal: RequestPrincipal;
  /** `service:Name`, in any case. */
  action: string;
  resource: RequestResource;
  /** Key names know no case. What the principal's own kind tells (see derivedContext) need not be given. */
  context?: Readonly<Record<string, ContextValue>>;
  identityPolicies?: readonly NamedPolicy[];
  /** Policies on the resource; for `sts:AssumeRole...` the role's trust policy. */
  resourcePolicies?: readonly NamedPolicy[];
  boundary?: NamedPolicy;
}

export type PolicyLayer = 'identity' | 'resource' | 'boundary';

export interface StatementRef {
  layer: PolicyLayer;
  policy: string;
  /** Counted from 0. */
  statement: number;
  sid?: string;
  /** JSON pointer into that policy's document. */
  pointer: string;
  effect: Effect;
}

export type Because =
  | { by: 'statement'; statement: StatementRef }
  /** The first layer, in AWS's order, in which no statement allows. */
  | { by: 'missingAllow'; layer: PolicyLayer }
  /** The root user of the account that owns the resource: allowed unless denied. */
  | { by: 'accountRoot' };

export interface Simulation {
  decision: 'allow' | 'explicitDeny' | 'implicitDeny';
  because: Because;
  /** Every statement that applied, allowing or denying. */
  matched: StatementRef[];
  /** Keys that statements asked for and the request lacks, sorted: with them the answer might differ. */
  missingContextKeys: string[];
}

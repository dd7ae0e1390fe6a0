import type { SimulationView } from '@wami/contracts';
import type { RequestPrincipal, RequestResource, Simulation, StatementRef } from '@wami/domain';
import type { Gathered } from './gathered-policies';

interface Parties {
  readonly principal: RequestPrincipal;
  readonly resource: RequestResource;
  readonly principalId: string | undefined;
  readonly resourceId: string | undefined;
}

type Statement = SimulationView['matched'][number];

/** What callers read: the decision, and which statement of which policy made it. */
export function simulationView(outcome: Simulation, policies: readonly Gathered[], { principal, resource, principalId, resourceId }: Parties): SimulationView {
  const told = (ref: StatementRef): Statement => statementView(ref, policies.find(({ layer, named }) => layer === ref.layer && named.name === ref.policy));
  const { because } = outcome;
  return {
    decision: outcome.decision === 'allow' ? 'allow' : 'deny',
    because: because.by === 'statement' ? { by: 'statement', statement: told(because.statement) } : because,
    matched: outcome.matched.map(told), missingContextKeys: outcome.missingContextKeys,
    principal: { ...idOf(principalId), arn: principal.id, type: principal.type, ...accountOf(principal.account) },
    resource: { ...idOf(resourceId), arn: resource.arn, ...accountOf(resource.account) },
    policies: policies.map((policy) => ({ layer: policy.layer, policy: policy.named.name, ...about(policy) })),
  };
}

function statementView({ layer, policy, statement, sid, pointer, effect }: StatementRef, gathered: Gathered | undefined): Statement {
  const named = sid === undefined || gathered?.veiled ? {} : { sid };
  return { layer, policy, ...(gathered ? about(gathered) : {}), statement, ...named, pointer, effect };
}

function about({ policyName, via }: Gathered): { policyName?: string; via?: string[] } {
  return { ...(policyName === undefined ? {} : { policyName }), ...(via ? { via: [...via] } : {}) };
}

const idOf = (id: string | undefined): { id?: string } => (id === undefined ? {} : { id });
const accountOf = (account: string | undefined): { account?: string } => (account === undefined ? {} : { account });

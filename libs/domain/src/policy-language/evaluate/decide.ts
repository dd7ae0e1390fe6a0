import { firstHit, type Hit } from './layers';
import type { PolicyLayer, Simulation, StatementRef } from './request';

/** What applied, layer by layer. */
export interface Evidence {
  /** `outside`: services, tokens of identity providers and anonymous callers, who have no policies of their own. */
  readonly principal: 'identity' | 'root' | 'outside';
  readonly sameAccount: boolean;
  /** Trust policies and key policies "must explicitly allow access for principals"; elsewhere an identity policy is enough. */
  readonly resourceMustAllow: boolean;
  readonly identity: readonly Hit[];
  readonly resource: readonly Hit[];
  /** Undefined where none is set. */
  readonly boundary: readonly Hit[] | undefined;
}

type Verdict = Pick<Simulation, 'decision' | 'because'>;

export function decide(evidence: Evidence): Verdict {
  const denied = firstHit([...evidence.identity, ...evidence.resource, ...(evidence.boundary ?? [])], 'Deny');
  if (denied) return { decision: 'explicitDeny', because: { by: 'statement', statement: denied } };
  if (evidence.principal === 'outside') return allowedBy(firstHit(evidence.resource, 'Allow'), 'resource');
  return evidence.sameAccount ? insideAccount(evidence) : acrossAccounts(evidence);
}

function insideAccount(evidence: Evidence): Verdict {
  const { principal, resource, resourceMustAllow } = evidence;
  const direct = firstHit(resource, 'Allow', 'direct');
  if (direct) return allowedBy(direct, 'resource');
  if (resourceMustAllow && !firstHit(resource, 'Allow')) return lacking('resource');
  if (principal === 'root') return { decision: 'allow', because: { by: 'accountRoot' } };
  return withinBoundary(evidence, firstHit(evidence.identity, 'Allow') ?? firstHit(resource, 'Allow', 'issuer'));
}

/** "The request is allowed only if both evaluations return a decision of Allow." */
function acrossAccounts(evidence: Evidence): Verdict {
  const granted = firstHit(evidence.resource, 'Allow');
  if (evidence.principal === 'root') return allowedBy(granted, 'resource');
  const own = withinBoundary(evidence, firstHit(evidence.identity, 'Allow'));
  if (own.decision !== 'allow') return own;
  return granted ? own : lacking('resource');
}

function withinBoundary({ boundary }: Evidence, granted: StatementRef | undefined): Verdict {
  if (granted && boundary && !firstHit(boundary, 'Allow')) return lacking('boundary');
  return allowedBy(granted, 'identity');
}

function allowedBy(statement: StatementRef | undefined, layer: PolicyLayer): Verdict {
  return statement ? { decision: 'allow', because: { by: 'statement', statement } } : lacking(layer);
}

function lacking(layer: PolicyLayer): Verdict {
  return { decision: 'implicitDeny', because: { by: 'missingAllow', layer } };
}

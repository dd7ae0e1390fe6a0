import { derivedContext, RequestContext } from './context';
import { decide } from './decide';
import { hitsOf } from './layers';
import { accountOf } from './principal-arn';
import type { Simulation, SimulationRequest } from './request';

/**
 * Whether AWS would allow the request, by its documented order ("Policy evaluation logic", "Cross-account policy evaluation
 * logic"): a Deny anywhere wins; in one account identity and resource policies are joined, a boundary limits what identity
 * policies and grants to a role's ARN give; across accounts both sides must allow. Service control and session policies are not
 * looked at. Pure.
 * @throws DomainError ValidationFailed where policies and values are so long that comparing them takes too much work (see WorkMeter)
 */
export function simulate(request: SimulationRequest): Simulation {
  const { principal, action, resource, context = {}, identityPolicies = [], resourcePolicies = [], boundary } = request;
  const account = WITHOUT_ACCOUNT.includes(principal.type) ? undefined : principal.account ?? accountOf(principal.id);
  const owner = resource.account ?? accountOf(resource.arn) ?? account;
  const known = new RequestContext(context, derivedContext(principal, account, owner));
  const asked = { action, resources: [resource.arn, ...(resource.aliases ?? [])], context: known };
  const limited = account !== undefined && principal.type !== 'root';
  const identity = limited ? hitsOf('identity', identityPolicies, asked, principal, account) : [];
  const onResource = hitsOf('resource', resourcePolicies, asked, principal, account);
  const limiting = limited && boundary ? hitsOf('boundary', [boundary], asked, principal, account) : undefined;
  const verdict = decide({
    principal: account === undefined ? 'outside' : principal.type === 'root' ? 'root' : 'identity',
    sameAccount: account !== undefined && account === owner,
    resourceMustAllow: resourcePolicies.some(({ policy }) => policy.kind === 'trust' || action.toLowerCase().startsWith('kms:')),
    identity,
    resource: onResource,
    boundary: limiting,
  });
  const matched = [...identity, ...onResource, ...(limiting ?? [])].map(({ ref }) => ref);
  return { ...verdict, matched, missingContextKeys: known.missing() };
}

const WITHOUT_ACCOUNT: readonly SimulationRequest['principal']['type'][] = ['service', 'federated', 'canonicalUser', 'anonymous'];

import type { Effect, Listed, Principal } from '../model';
import { isRoleOf } from './principal-arn';
import type { RequestPrincipal } from './request';

/**
 * How a policy on a resource reaches a principal ("How AWS enforcement code logic evaluates requests to allow or deny access"):
 * `direct` names it or everyone, and then no implicit deny of its own policies counts; `issuer` names the role (or user) behind
 * it, which a boundary still limits; `account` leaves the answer to the policies of its account.
 */
export type Reach = 'direct' | 'issuer' | 'account';

const ORDER: readonly Reach[] = ['direct', 'issuer', 'account'];

/** The closest way in which a statement's principals reach the one who asks; undefined where they do not. */
export function reachOf(listed: Listed<Principal>, effect: Effect, asking: RequestPrincipal, account: string | undefined): Reach | undefined {
  const reaches = listed.entries.map((entry) => reach(entry, asking, account));
  if (!listed.negated) return ORDER.find((kind) => reaches.includes(kind));
  // "All principals except the one named": a Deny spares only who is named itself, an Allow leaves out whoever is named in any way.
  const spared = effect === 'Deny' ? reaches.includes('direct') || reaches.includes('issuer') && asking.type === 'role' : reaches.some(Boolean);
  return spared ? undefined : 'direct';
}

function reach({ type, value }: Principal, asking: RequestPrincipal, account: string | undefined): Reach | undefined {
  if (value === '*') return 'direct';
  switch (type) {
    case 'AWS': return awsReach(value, asking, account);
    case 'Service': return asking.type === 'service' && asking.id === value ? 'direct' : undefined;
    case 'Federated': return asking.type === 'federated' && asking.id === value ? 'direct' : undefined;
    case 'CanonicalUser': return asking.type === 'canonicalUser' && asking.id === value ? 'direct' : undefined;
  }
}

function awsReach(value: string, asking: RequestPrincipal, account: string | undefined): Reach | undefined {
  const named = value === asking.id || asking.aliases?.includes(value) === true || (asking.uniqueId !== undefined && value === asking.uniqueId);
  switch (asking.type) {
    case 'root': return named || value === account ? 'direct' : undefined;
    case 'user': if (named) return 'direct'; break;
    case 'role': if (named) return 'issuer'; break;
    case 'roleSession':
      if (value === asking.id) return 'direct';
      if (named || isRoleOf(asking, value)) return 'issuer';
      break;
    case 'federatedUserSession':
      if (value === asking.id) return 'direct';
      if (named || value === asking.issuer) return 'issuer';
      break;
    case 'service':
    case 'federated':
    case 'canonicalUser':
    case 'anonymous': return undefined;
  }
  return value === account ? 'account' : undefined;
}

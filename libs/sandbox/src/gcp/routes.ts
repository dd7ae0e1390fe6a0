import { Router } from '../cloud/router';
import type { Route } from '../cloud/router';
import type { Api } from './errors';
import { invalidArgument } from './errors';
import { accessBoundaryOperations } from './operations/access-boundaries';
import { denyPolicyOperations } from './operations/deny-policies';
import { groupOperations } from './operations/groups';
import { membershipOperations } from './operations/memberships';
import { nodeOperations } from './operations/nodes';
import type { Operation, Operations } from './operations/operation';
import { policyBindingOperations } from './operations/policy-bindings';
import { roleOperations } from './operations/roles';
import { serviceAccountKeyOperations } from './operations/service-account-keys';
import { serviceAccountOperations } from './operations/service-accounts';
import { userOperations } from './operations/users';

export const OPERATIONS: Operations = { ...serviceAccountOperations, ...serviceAccountKeyOperations, ...roleOperations, ...denyPolicyOperations, ...accessBoundaryOperations, ...policyBindingOperations, ...nodeOperations, ...groupOperations, ...membershipOperations, ...userOperations };
export const OPERATION_NAMES: ReadonlySet<string> = new Set(Object.keys(OPERATIONS));

export type GcpRoute = Route<Operation>;
const ROUTER = new Router(OPERATIONS);
export const findRoute = (method: string, pathname: string): GcpRoute | undefined => ROUTER.find(method, pathname);

/** What every method of Google's takes. */
const SYSTEM_PARAMETERS = [
  'alt', '$alt', 'fields', '$fields', 'key', 'prettyPrint', '$prettyPrint', 'quotaUser', 'access_token', 'oauth_token', 'callback', 'uploadType', 'upload_protocol', '$.xgafv',
];

export function checkQuery({ operation }: GcpRoute, query: URLSearchParams): void {
  const unknown = [...query.keys()].find((name) => !operation.query.includes(name) && !SYSTEM_PARAMETERS.includes(name));
  if (unknown !== undefined) {
    throw invalidArgument(`Invalid JSON payload received. Unknown name "${unknown}": Cannot bind query parameter. Field '${unknown}' could not be found in request message.`);
  }
}

/** Whose words a refusal of an unknown method uses. */
export function apiOf(pathname: string): Api {
  if (pathname.startsWith('/v1/groups')) return 'cloudidentity';
  if (pathname.startsWith('/admin/')) return 'directory';
  return pathname.startsWith('/v3/') && !pathname.includes('/locations/') ? 'cloudresourcemanager' : 'iam';
}

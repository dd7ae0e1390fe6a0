import { readShape } from '../../cloud/json-shape';
import type { MessageShape, ShapeOf } from '../../cloud/json-shape';
import type { AzureStore, Fields } from '../azure-state';
import { authorizationFailed, AzureError } from '../errors';
import type { Tenant } from '../graph/operation';

export interface ArmCall {
  readonly tenant: Tenant;
  readonly subscription: string;
  /** Name of the management group that the subscription stands in; that one stands in the tenant's root, which has the tenant's id for a name. */
  readonly managementGroup: string;
  readonly store: AzureStore;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
}
export interface ArmAnswer {
  readonly status: number;
  readonly body?: Fields;
}
export interface ArmOperation {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly template: string;
  /** What the caller must be allowed to do. */
  readonly action: string;
  readonly writes: boolean;
  /** Throws AzureError, and has changed nothing then. */
  run(call: ArmCall): ArmAnswer;
}
export type ArmOperations = Readonly<Record<string, ArmOperation>>;

/** The sandbox's own administrator. */
export const CALLER = '00000000-0000-4000-8000-00000000a11c';

export const timeOf = (now: number): string => `${new Date(now).toISOString().slice(0, -1)}0000Z`;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The name of what is put, in lower case. */
export function guidName(call: ArmCall, what: string): string {
  const name = (call.path['name'] ?? '').toLowerCase();
  if (!GUID.test(name)) throw new AzureError(400, `Invalid${what}Id`, `The ${what} ID '${call.path['name'] ?? ''}' is not valid. The ID must be a GUID.`);
  return name;
}

export const isGuid = (text: string): boolean => GUID.test(text.toLowerCase());

const GROUP = /^\/providers\/Microsoft\.Management\/managementGroups\/([^/]+)$/i;
const groupScope = (name: string): string => `/providers/Microsoft.Management/managementGroups/${name}`;
export const isManagementGroup = (scope: string): boolean => GROUP.test(scope);

/** With a slash in front, as it was written; it must lie in the subscription, where every resource group is there that was not deleted, or be a management group of the tenant. */
export function scopeOf(call: ArmCall): string {
  const scope = `/${(call.path['scope'] ?? '').replace(/^\/+|\/+$/g, '')}`;
  const [, subscription] = /^\/subscriptions\/([^/]+)(\/.*)?$/i.exec(scope) ?? [];
  if (subscription !== undefined && subscription.toLowerCase() === call.subscription.toLowerCase()) return inGroupThatIsThere(call, scope);
  if (subscription !== undefined) throw new AzureError(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  const [, group] = GROUP.exec(scope) ?? [];
  if (group !== undefined && [call.managementGroup, call.tenant.id].some((known) => known.toLowerCase() === group.toLowerCase())) return scope;
  if (group !== undefined) throw authorizationFailed(CALLER, 'Microsoft.Authorization/*', scope);
  throw new AzureError(400, 'MissingSubscription', 'The request did not have a subscription or a valid tenant level resource provider.');
}

function inGroupThatIsThere({ store }: ArmCall, scope: string): string {
  if (store.truth.deletedGroupOf(scope) === undefined) return scope;
  throw new AzureError(404, 'ResourceGroupNotFound', `Resource group '${scope.split('/')[4] ?? ''}' could not be found.`);
}

/** Whether what is said at one scope holds at the other: it is the same, or above it. */
export function holdsAt(call: ArmCall, above: string, scope: string): boolean {
  return [scope, ...groupsAbove(call, scope)].some((one) => contains(above, one));
}

function groupsAbove({ managementGroup, tenant }: ArmCall, scope: string): readonly string[] {
  const [own, root] = [groupScope(managementGroup), groupScope(tenant.id)];
  if (/^\/subscriptions\//i.test(scope)) return [own, root];
  return isManagementGroup(scope) ? [root] : [];
}

/** Whether one scope's path is the other's or the beginning of it, whatever their case. */
export function contains(above: string, scope: string): boolean {
  const [outer, inner] = [above.toLowerCase().replace(/\/$/, ''), scope.toLowerCase().replace(/\/$/, '')];
  return inner === outer || inner.startsWith(`${outer}/`);
}

export function readProperties<S extends MessageShape>(body: string, shape: S): ShapeOf<S> {
  const invalid = (message: string): Error => new AzureError(400, 'InvalidRequestContent', `The request content was invalid and could not be deserialized: '${message}'.`);
  const errors = {
    unknownField: (at: string, field: string) => invalid(`Could not find member '${field}' on object at '${at}'`),
    wrongType: (at: string, expected: string) => invalid(`Error converting value to type '${expected}'. Path '${at}'`),
  };
  const { properties } = readShape(parsed(body, invalid), { id: 'any', name: 'any', type: 'any', properties: shape } as const, errors);
  if (properties === undefined) throw invalid('Required property \'properties\' not found in JSON');
  return properties as ShapeOf<S>;
}

function parsed(body: string, invalid: (message: string) => Error): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw invalid('Unexpected end of content');
  }
}

import { entraTenantOf } from '@wami/provider-port';

const TENANT = '[A-Za-z0-9][A-Za-z0-9.-]*';
const SUBSCRIPTION = '(?!managementGroups$)[A-Za-z0-9][A-Za-z0-9-]*';
/** What an account can say of the names that Azure allows: no brackets, no accents. */
const NAME = '[\\w.-]*[\\w-]';
const ACCOUNT = new RegExp(`^${TENANT}(?::(.+))?$`);
const PLACE = new RegExp(`^(?:managementGroups:(${NAME})|(${SUBSCRIPTION})(?::resourceGroups:(${NAME}))?)$`);

/** Where in Azure's hierarchy roles are given, and what that may hold. */
export interface Place {
  readonly kind: 'subscription' | 'resource group' | 'management group';
  /** As Azure writes it: `/subscriptions/...`, `/subscriptions/.../resourceGroups/...`, `/providers/Microsoft.Management/managementGroups/...`. */
  readonly scope: string;
}

/** `<subscription>`, `<subscription>:resourceGroups:<name>` or `managementGroups:<name>`; undefined where it is none of these. */
export function placeOf(where: string): Place | undefined {
  const [, managementGroup, subscription, resourceGroup] = PLACE.exec(where) ?? [];
  if (managementGroup !== undefined) return { kind: 'management group', scope: `/providers/Microsoft.Management/managementGroups/${managementGroup}` };
  if (subscription === undefined) return undefined;
  const scope = `/subscriptions/${subscription}`;
  return resourceGroup === undefined ? { kind: 'subscription', scope } : { kind: 'resource group', scope: `${scope}/resourceGroups/${resourceGroup}` };
}

/** `<tenant>`, or `<tenant>:` and a place; undefined where an account is neither. */
export function accountParts(account: string): { readonly tenant: string; readonly place?: Place } | undefined {
  const found = ACCOUNT.exec(account);
  if (found === null) return undefined;
  const [, where] = found;
  const place = where === undefined ? undefined : placeOf(where);
  if (place === undefined && where !== undefined) return undefined;
  return { tenant: entraTenantOf(account), ...(place === undefined ? {} : { place }) };
}

/** Whether one scope's path is the other's or the beginning of it, whatever their case. */
export function contains(above: string, scope: string): boolean {
  const [outer, inner] = [above, scope].map((path) => path.toLowerCase().replace(/\/$/, '')) as [string, string];
  return inner === outer || inner.startsWith(`${outer}/`);
}

export const isManagementGroup = (scope: string): boolean => /^\/providers\/Microsoft\.Management\/managementGroups\/[^/]+$/i.test(scope);

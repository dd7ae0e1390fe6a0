const TENANT = '[A-Za-z0-9][A-Za-z0-9.-]*';
const SUBSCRIPTION = '(?!managementGroups$)[A-Za-z0-9][A-Za-z0-9-]*';
/** What an account can say of the names that Azure allows: no brackets, no accents. */
const NAME = '[\\w.-]*[\\w-]';
const ACCOUNT = new RegExp(`^(${TENANT})(?::managementGroups:(${NAME})|:(${SUBSCRIPTION})(?::resourceGroups:(${NAME}))?)?$`);

/** Where in Azure's hierarchy roles are given, and what that may hold. */
export interface Place {
  readonly kind: 'subscription' | 'resource group' | 'management group';
  /** As Azure writes it: `/subscriptions/...`, `/subscriptions/.../resourceGroups/...`, `/providers/Microsoft.Management/managementGroups/...`. */
  readonly scope: string;
}

/** `<tenant>`, `<tenant>:<subscription>`, `<tenant>:<subscription>:resourceGroups:<name>` or `<tenant>:managementGroups:<name>`; undefined where an account is none of these. */
export function accountParts(account: string): { readonly tenant: string; readonly place?: Place } | undefined {
  const [, tenant, managementGroup, subscription, resourceGroup] = ACCOUNT.exec(account) ?? [];
  if (tenant === undefined) return undefined;
  if (managementGroup !== undefined) return { tenant, place: { kind: 'management group', scope: `/providers/Microsoft.Management/managementGroups/${managementGroup}` } };
  if (subscription === undefined) return { tenant };
  const scope = `/subscriptions/${subscription}`;
  return { tenant, place: resourceGroup === undefined ? { kind: 'subscription', scope } : { kind: 'resource group', scope: `${scope}/resourceGroups/${resourceGroup}` } };
}

/** Whether one scope's path is the other's or the beginning of it, whatever their case. */
export function contains(above: string, scope: string): boolean {
  const [outer, inner] = [above, scope].map((path) => path.toLowerCase().replace(/\/$/, '')) as [string, string];
  return inner === outer || inner.startsWith(`${outer}/`);
}

export const isManagementGroup = (scope: string): boolean => /^\/providers\/Microsoft\.Management\/managementGroups\/[^/]+$/i.test(scope);

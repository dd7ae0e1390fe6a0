import type { RoleDefinition } from '@azure/arm-authorization';
import { isProviderError, orAbsent, type CallContext, type Desired, type Observed, type Shape } from '@wami/provider-port';
import type { AzureClient } from './azure.client';
import { readMarked } from './marks';
import { azureDocument } from './names-and-limits';
import { answered } from './pages';

const LISTS = ['actions', 'notActions', 'dataActions', 'notDataActions'] as const;
type Lists = { readonly [list in (typeof LISTS)[number]]?: readonly string[] };

/** All custom roles that can be assigned at the scope. */
export function customRoles(client: AzureClient, scope: string, context: CallContext): Promise<RoleDefinition[]> {
  return listRoles(client, scope, "type eq 'CustomRole'", context);
}

export function listRoles(client: AzureClient, scope: string, filter: string, context: CallContext): Promise<RoleDefinition[]> {
  return client.rbacPages('RoleDefinitions.List', (arm, abortSignal) => arm.roleDefinitions.list(scope.slice(1), { abortSignal, filter }), context);
}

/** The role by its name, a GUID, as it is seen from the scope: who may look there may not look where Azure's own id of it says. */
export function roleAt(client: AzureClient, scope: string, guid: string, context: CallContext): Promise<RoleDefinition | undefined> {
  const id = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
  return orAbsent(client.rbac('read', 'RoleDefinitions.GetById', (arm, abortSignal) => arm.roleDefinitions.getById(id.slice(1), { abortSignal }), context));
}

/** Makes the role or replaces it. Status 200 is no error, though the SDK takes it for one. */
export async function putRole(client: AzureClient, scope: string, guid: string, role: RoleDefinition, context: CallContext): Promise<RoleDefinition> {
  const put = async (arm: Parameters<Parameters<AzureClient['rbac']>[2]>[0], abortSignal: AbortSignal): Promise<RoleDefinition | undefined> => {
    try {
      return await arm.roleDefinitions.createOrUpdate(scope.slice(1), guid, role, { abortSignal });
    } catch (error) {
      if ((error as { readonly statusCode?: number }).statusCode === 200) return undefined;
      throw error;
    }
  };
  return (await client.rbac('write', 'RoleDefinitions.CreateOrUpdate', put, context)) ?? { ...role, id: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${guid}`, name: guid };
}

/** Order, doublings and case make no difference to Azure. */
const list = (items: readonly string[] = []): string[] => [...new Set(items.map((item) => item.toLowerCase()))].sort();

function meaningOf(permissions: readonly Lists[], scopes: readonly string[]): string {
  const parts = permissions.map((permission) => Object.fromEntries(LISTS.map((key) => [key, list(permission[key])])));
  return JSON.stringify({ permissions: parts, assignableScopes: list(scopes) });
}

/** What Azure is to get of a policy, whose `check` has passed. */
export function roleOfPolicy(document: Desired['document'], scope: string): Required<Pick<RoleDefinition, 'permissions' | 'assignableScopes' | 'description'>> {
  const written = (azureDocument(document) ?? {}) as Lists & { readonly assignableScopes?: readonly string[] };
  const permission = Object.fromEntries(LISTS.map((key) => [key, [...(written[key] ?? [])]]));
  const description = typeof document['description'] === 'string' ? document['description'] : '';
  return { permissions: [permission], assignableScopes: [...(written.assignableScopes ?? [scope])], description };
}

export function desiredRole({ name, document }: Desired, scope: string): Shape {
  const { permissions, assignableScopes, description } = roleOfPolicy(document, scope);
  return { fields: { name, description, document: meaningOf(permissions, assignableScopes) }, tags: {}, facets: {} };
}

/** `obstacle`: what Azure itself has made carries no mark of anybody. */
export function observedRole(role: RoleDefinition): Observed {
  const id = answered(role.id, 'id');
  const name = answered(role.roleName, 'roleName');
  const { text: description, mark } = readMarked(role.description);
  return {
    providerResourceId: answered(role.name, 'name'),
    nativeArn: id,
    name,
    ...(mark === undefined ? {} : { mark }),
    ...(role.roleType === 'BuiltInRole' ? { obstacle: 'tags' as const } : {}),
    shape: { fields: { name, description, document: meaningOf(role.permissions ?? [], role.assignableScopes ?? []) }, tags: {}, facets: {} },
    facetsRead: [],
  };
}

/** Something else has to be deleted first. */
export function isAssigned(error: unknown): boolean {
  return isProviderError(error) && error.options.details?.['azureCode'] === 'RoleDefinitionHasAssignments';
}

import type { Permission, RoleDefinition } from '../azure-state';

const builtIn = (name: string, roleName: string, description: string, permission: Partial<Permission>): RoleDefinition => ({
  name, roleName, description, type: 'BuiltInRole', assignableScopes: ['/'], permissions: [{ actions: [], notActions: [], dataActions: [], notDataActions: [], ...permission }],
  createdOn: '2015-02-02T21:55:09.8806423Z', updatedOn: '2021-11-11T20:13:47.8628684Z',
});

/** A few of Azure's own, under the ids that they have everywhere (Azure built-in roles). */
export const BUILT_IN_ROLES: readonly RoleDefinition[] = [
  builtIn('acdd72a7-3385-48ef-bd42-f606fba81ae7', 'Reader', 'View all resources, but does not allow you to make any changes.', { actions: ['*/read'] }),
  builtIn('b24988ac-6180-42a0-ab88-20f7382dd24c', 'Contributor', 'Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC.', {
    actions: ['*'], notActions: ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write', 'Microsoft.Authorization/elevateAccess/Action'],
  }),
  builtIn('8e3af657-a8ff-443c-a75c-2fe8c4bcb635', 'Owner', 'Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.', { actions: ['*'] }),
  builtIn('18d7d88d-d35e-4fb5-a5c3-7773c20a72d9', 'User Access Administrator', 'Lets you manage user access to Azure resources.', {
    actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'],
  }),
];

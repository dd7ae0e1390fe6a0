const USERS = ['Graph:User.ReadWrite.All'];
const GROUPS = ['Graph:Group.ReadWrite.All'];
/** Whoever made an application owns it; reading takes in those of others. */
const APPLICATIONS = ['Graph:Application.ReadWrite.OwnedBy'];
const SEES_APPLICATIONS = ['Graph:Application.Read.All'];

/** Operation -> what whoever calls it needs: application permissions of Microsoft Graph, and actions of Azure at the place that the connection names. */
export const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  'GET /organization': ['Graph:Organization.Read.All'],
  'GET /users': ['Graph:User.Read.All'],
  'GET /users/{}': ['Graph:User.Read.All'],
  'GET /users/{}/memberOf': ['Graph:User.Read.All', 'Graph:GroupMember.Read.All'],
  // Reads of memberships are all that a batch carries.
  'POST /$batch': ['Graph:User.Read.All', 'Graph:GroupMember.Read.All'],
  'POST /users': USERS,
  'PATCH /users/{}': USERS,
  'DELETE /users/{}': USERS,
  'GET /directory/deletedItems/microsoft.graph.user': ['Graph:User.Read.All'],
  'POST /directory/deletedItems/{}/restore': USERS,
  'GET /groups': ['Graph:Group.Read.All'],
  'GET /groups/{}': ['Graph:Group.Read.All'],
  'POST /groups': GROUPS,
  'PATCH /groups/{}': GROUPS,
  'DELETE /groups/{}': GROUPS,
  'POST /groups/{}/members/$ref': GROUPS,
  'DELETE /groups/{}/members/{}/$ref': GROUPS,
  'GET /applications': SEES_APPLICATIONS,
  'GET /applications/{}': SEES_APPLICATIONS,
  'GET /servicePrincipals': SEES_APPLICATIONS,
  'GET /servicePrincipals/{}': SEES_APPLICATIONS,
  'POST /applications': APPLICATIONS,
  'PATCH /applications/{}': APPLICATIONS,
  'DELETE /applications/{}': APPLICATIONS,
  'POST /applications/{}/addPassword': APPLICATIONS,
  'POST /applications/{}/removePassword': APPLICATIONS,
  'GET /applications/{}/federatedIdentityCredentials': SEES_APPLICATIONS,
  'POST /applications/{}/federatedIdentityCredentials': APPLICATIONS,
  'PATCH /applications/{}/federatedIdentityCredentials/{}': APPLICATIONS,
  'DELETE /applications/{}/federatedIdentityCredentials/{}': APPLICATIONS,
  'POST /servicePrincipals': APPLICATIONS,
  'PATCH /servicePrincipals/{}': APPLICATIONS,
  'DELETE /servicePrincipals/{}': APPLICATIONS,
  'RoleDefinitions.List': ['Microsoft.Authorization/roleDefinitions/read'],
  'RoleDefinitions.GetById': ['Microsoft.Authorization/roleDefinitions/read'],
  'RoleDefinitions.CreateOrUpdate': ['Microsoft.Authorization/roleDefinitions/write'],
  'RoleDefinitions.Delete': ['Microsoft.Authorization/roleDefinitions/delete'],
  'RoleAssignments.ListForScope': ['Microsoft.Authorization/roleAssignments/read'],
  'RoleAssignments.Create': ['Microsoft.Authorization/roleAssignments/write'],
  'RoleAssignments.DeleteById': ['Microsoft.Authorization/roleAssignments/delete'],
};

/** Who has the one may do what the other is for. */
const INCLUDED: Readonly<Record<string, string>> = { 'User.Read.All': 'User.ReadWrite.All', 'Group.Read.All': 'Group.ReadWrite.All', 'GroupMember.Read.All': 'Group.Read.All' };
const MICROSOFT_GRAPH = '00000003-0000-0000-c000-000000000000';

/** What is published, by its name: enough for all that the adapter calls, and no more. */
export function leastPrivilege(): Readonly<Record<string, string>> {
  const all = [...new Set(Object.values(PERMISSIONS).flat())].sort();
  const graph = all.filter((one) => one.startsWith('Graph:')).map((one) => one.slice('Graph:'.length));
  const actions = all.filter((one) => !one.startsWith('Graph:'));
  const reading = graph.filter((one) => !one.includes('Write'));
  return {
    'azure-role-definition.json': role('WAMI sync', 'What WAMI needs on a subscription, a resource group or a management group to keep custom roles and who has them', actions),
    'azure-role-definition-observe.json': role('WAMI observe', 'What WAMI needs on a subscription, a resource group or a management group to look at it and change nothing', actions.filter((one) => one.endsWith('/read'))),
    'graph-application-permissions.json': applicationPermissions(graph),
    'graph-application-permissions-observe.json': applicationPermissions(reading),
  };
}

const role = (Name: string, Description: string, Actions: readonly string[]): string =>
  json({ Name, IsCustom: true, Description, Actions, NotActions: [], AssignableScopes: ['SCOPE'] });

function applicationPermissions(wanted: readonly string[]): string {
  const needed = wanted.filter((one) => !holds(wanted, INCLUDED[one]));
  return json({ resource: 'Microsoft Graph', resourceAppId: MICROSOFT_GRAPH, applicationPermissions: needed });
}

function holds(wanted: readonly string[], wider: string | undefined): boolean {
  return wider !== undefined && (wanted.includes(wider) || holds(wanted, INCLUDED[wider]));
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

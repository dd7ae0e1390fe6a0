import type { PlaceKind } from './place';
import { DIRECTORY_SCOPES } from './sign-in';

type Table = Readonly<Record<string, readonly string[]>>;

/** Operations of Resource Manager on the nodes of one kind. */
const nodes = (kind: PlaceKind): Table => ({
  [`cloudresourcemanager.${kind}.get`]: [`resourcemanager.${kind}.get`],
  [`cloudresourcemanager.${kind}.getIamPolicy`]: [`resourcemanager.${kind}.getIamPolicy`],
  [`cloudresourcemanager.${kind}.setIamPolicy`]: [`resourcemanager.${kind}.setIamPolicy`],
  // Finds what may be seen, and nothing where nothing may.
  [`cloudresourcemanager.${kind}.search`]: [],
});
const customRoles = (home: 'projects' | 'organizations'): Table => ({
  [`iam.${home}.roles.create`]: ['iam.roles.create'],
  [`iam.${home}.roles.delete`]: ['iam.roles.delete'],
  [`iam.${home}.roles.get`]: ['iam.roles.get'],
  [`iam.${home}.roles.list`]: ['iam.roles.list'],
  [`iam.${home}.roles.patch`]: ['iam.roles.update'],
  [`iam.${home}.roles.undelete`]: ['iam.roles.undelete'],
});

/** Operation -> permissions that whoever calls it needs on the project. */
const ON_PROJECT: Table = {
  ...nodes('projects'),
  ...customRoles('projects'),
  'iam.projects.serviceAccounts.create': ['iam.serviceAccounts.create'],
  'iam.projects.serviceAccounts.delete': ['iam.serviceAccounts.delete'],
  'iam.projects.serviceAccounts.get': ['iam.serviceAccounts.get'],
  ...Object.fromEntries(['create', 'delete', 'disable', 'enable', 'list'].map((verb) => [`iam.projects.serviceAccounts.keys.${verb}`, [`iam.serviceAccountKeys.${verb}`]])),
  'iam.projects.serviceAccounts.list': ['iam.serviceAccounts.list'],
  'iam.projects.serviceAccounts.patch': ['iam.serviceAccounts.update'],
};

/** Operation -> permissions on the organisation, where Google gives these, for a connection that holds deny policies. */
const DENY_POLICIES: Table = {
  'iam.policies.createPolicy': ['iam.denypolicies.create'],
  'iam.policies.delete': ['iam.denypolicies.delete'],
  'iam.policies.get': ['iam.denypolicies.get'],
  'iam.policies.listPolicies': ['iam.denypolicies.list'],
  // Asked for by whoever began it.
  'iam.policies.operations.get': [],
  'iam.policies.update': ['iam.denypolicies.update'],
};

/** Operation -> permissions on the organisation, for a connection that holds principal access boundaries. */
const ACCESS_BOUNDARIES: Table = {
  // Asked for by whoever began it.
  'iam.organizations.locations.operations.get': [],
  'iam.organizations.locations.policyBindings.create': ['iam.principalaccessboundarypolicies.bind', 'iam.workspacePools.createPolicyBinding'],
  'iam.organizations.locations.policyBindings.delete': ['iam.principalaccessboundarypolicies.unbind', 'iam.workspacePools.deletePolicyBinding'],
  'iam.organizations.locations.policyBindings.get': ['iam.policybindings.get'],
  'iam.organizations.locations.policyBindings.list': ['iam.policybindings.list'],
  'iam.organizations.locations.policyBindings.patch': ['iam.principalaccessboundarypolicies.bind', 'iam.workspacePools.updatePolicyBinding'],
  'iam.organizations.locations.principalAccessBoundaryPolicies.create': ['iam.principalaccessboundarypolicies.create'],
  'iam.organizations.locations.principalAccessBoundaryPolicies.delete': ['iam.principalaccessboundarypolicies.delete'],
  'iam.organizations.locations.principalAccessBoundaryPolicies.get': ['iam.principalaccessboundarypolicies.get'],
  'iam.organizations.locations.principalAccessBoundaryPolicies.list': ['iam.principalaccessboundarypolicies.list'],
  'iam.organizations.locations.principalAccessBoundaryPolicies.patch': ['iam.principalaccessboundarypolicies.update'],
};

/** Operation -> privileges of an administrator of the directory, in the words of Google's Admin console. Who may change a group may change who is in it. */
const IN_DIRECTORY: Table = {
  'cloudidentity.groups.create': ['Groups > Create'],
  'cloudidentity.groups.delete': ['Groups > Delete'],
  'cloudidentity.groups.get': ['Groups > Read'],
  'cloudidentity.groups.list': ['Groups > Read'],
  'cloudidentity.groups.memberships.create': ['Groups > Update'],
  'cloudidentity.groups.memberships.delete': ['Groups > Update'],
  'cloudidentity.groups.memberships.lookup': ['Groups > Read'],
  'cloudidentity.groups.memberships.searchDirectGroups': ['Groups > Read'],
  'cloudidentity.groups.patch': ['Groups > Update'],
  'cloudidentity.groups.search': ['Groups > Read'],
  'directory.users.aliases.delete': ['Users > Update'],
  'directory.users.delete': ['Users > Delete'],
  'directory.users.get': ['Users > Read'],
  'directory.users.insert': ['Users > Create'],
  'directory.users.list': ['Users > Read'],
  'directory.users.update': ['Users > Update'],
};

/** Operation -> what whoever calls it needs. */
export const PERMISSIONS: Table = { ...ON_PROJECT, ...nodes('folders'), ...nodes('organizations'), ...customRoles('organizations'), ...DENY_POLICIES, ...ACCESS_BOUNDARIES, ...IN_DIRECTORY };

/** Permissions that change nothing. */
const READS = /(^|\.)(get|list|getIamPolicy)$/;

/** What is published, by its name: enough for all that the adapter calls, and no more. */
export function leastPrivilege(): Readonly<Record<string, string>> {
  const privileges = allOf(IN_DIRECTORY);
  return {
    'google-directory-privileges.json': directory(privileges),
    'google-directory-privileges-observe.json': directory(privileges.filter((privilege) => privilege.endsWith('> Read'))),
    ...bothRoles('google-custom-role', 'a project', 'service accounts with their keys, custom roles and who has them', ON_PROJECT),
    ...bothRoles('google-organization-role', 'an organisation', 'custom roles and who has them', { ...nodes('organizations'), ...customRoles('organizations') }),
    ...bothRoles('google-folder-role', 'a folder', 'who has custom roles of its organisation', nodes('folders')),
    ...bothRoles('google-deny-policies-role', 'an organisation', 'deny policies, its own and those of what is in it', DENY_POLICIES),
    ...bothRoles('google-access-boundaries-role', 'an organisation', 'principal access boundaries and whom of the directory they are bound to', ACCESS_BOUNDARIES),
    ...bothRoles('google-folder-organization-role', 'the organisation of a folder', 'the custom roles that are given in the folder', customRoles('organizations')),
  };
}

function bothRoles(file: string, where: string, what: string, table: Table): Readonly<Record<string, string>> {
  const permissions = allOf(table);
  return {
    [`${file}.yaml`]: role('WAMI sync', `What WAMI needs on ${where} to keep ${what}`, permissions),
    [`${file}-observe.yaml`]: role('WAMI observe', `What WAMI needs on ${where} to look at it and change nothing`, permissions.filter((permission) => READS.test(permission))),
  };
}

const allOf = (table: Table): string[] => [...new Set(Object.values(table).flat())].sort();

function directory(adminApiPrivileges: readonly string[]): string {
  return `${JSON.stringify({ adminApiPrivileges, scopes: DIRECTORY_SCOPES }, null, 2)}\n`;
}

function role(title: string, description: string, permissions: readonly string[]): string {
  return `title: ${title}\ndescription: ${description}\nstage: GA\nincludedPermissions:\n${permissions.map((permission) => `- ${permission}\n`).join('')}`;
}

import { DIRECTORY_SCOPES } from './sign-in';

type Table = Readonly<Record<string, readonly string[]>>;

/** Operation -> permissions that whoever calls it needs on the project. */
const ON_PROJECT: Table = {
  'cloudresourcemanager.projects.get': ['resourcemanager.projects.get'],
  'cloudresourcemanager.projects.getIamPolicy': ['resourcemanager.projects.getIamPolicy'],
  'cloudresourcemanager.projects.setIamPolicy': ['resourcemanager.projects.setIamPolicy'],
  // Finds what may be seen, and nothing where nothing may.
  'cloudresourcemanager.projects.search': [],
  'iam.projects.roles.create': ['iam.roles.create'],
  'iam.projects.roles.delete': ['iam.roles.delete'],
  'iam.projects.roles.get': ['iam.roles.get'],
  'iam.projects.roles.list': ['iam.roles.list'],
  'iam.projects.roles.patch': ['iam.roles.update'],
  'iam.projects.roles.undelete': ['iam.roles.undelete'],
  'iam.projects.serviceAccounts.create': ['iam.serviceAccounts.create'],
  'iam.projects.serviceAccounts.delete': ['iam.serviceAccounts.delete'],
  'iam.projects.serviceAccounts.get': ['iam.serviceAccounts.get'],
  'iam.projects.serviceAccounts.list': ['iam.serviceAccounts.list'],
  'iam.projects.serviceAccounts.patch': ['iam.serviceAccounts.update'],
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
export const PERMISSIONS: Table = { ...ON_PROJECT, ...IN_DIRECTORY };

/** Permissions that change nothing. */
const READS = /(^|\.)(get|list|getIamPolicy)$/;

/** What is published, by its name: enough for all that the adapter calls, and no more. */
export function leastPrivilege(): Readonly<Record<string, string>> {
  const permissions = allOf(ON_PROJECT);
  const privileges = allOf(IN_DIRECTORY);
  return {
    'google-directory-privileges.json': directory(privileges),
    'google-directory-privileges-observe.json': directory(privileges.filter((privilege) => privilege.endsWith('> Read'))),
    'google-custom-role.yaml': role('WAMI sync', 'What WAMI needs on a project to keep service accounts, custom roles and who has them', permissions),
    'google-custom-role-observe.yaml': role('WAMI observe', 'What WAMI needs on a project to look at it and change nothing', permissions.filter((permission) => READS.test(permission))),
  };
}

const allOf = (table: Table): string[] => [...new Set(Object.values(table).flat())].sort();

function directory(adminApiPrivileges: readonly string[]): string {
  return `${JSON.stringify({ adminApiPrivileges, scopes: DIRECTORY_SCOPES }, null, 2)}\n`;
}

function role(title: string, description: string, permissions: readonly string[]): string {
  return `title: ${title}\ndescription: ${description}\nstage: GA\nincludedPermissions:\n${permissions.map((permission) => `- ${permission}\n`).join('')}`;
}

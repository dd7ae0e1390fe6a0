/** Operation -> permissions that whoever calls it needs on the project. */
export const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
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

/** Permissions that change nothing. */
const READS = /(^|\.)(get|list|getIamPolicy)$/;

/** What is published, by its name: enough for all that the adapter calls, and no more. */
export function leastPrivilege(): Readonly<Record<string, string>> {
  const permissions = [...new Set(Object.values(PERMISSIONS).flat())].sort();
  return {
    'google-custom-role.yaml': role('WAMI sync', 'What WAMI needs on a project to keep service accounts, custom roles and who has them', permissions),
    'google-custom-role-observe.yaml': role('WAMI observe', 'What WAMI needs on a project to look at it and change nothing', permissions.filter((permission) => READS.test(permission))),
  };
}

function role(title: string, description: string, permissions: readonly string[]): string {
  return `title: ${title}\ndescription: ${description}\nstage: GA\nincludedPermissions:\n${permissions.map((permission) => `- ${permission}\n`).join('')}`;
}

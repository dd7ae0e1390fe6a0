import { startSandboxAzure } from './azure/start-sandbox-azure';
import type { SandboxAzure } from './azure/start-sandbox-azure';
import { ENTITY_TYPES } from './azure/graph/entity-types';
import { jsonClient } from './cloud/json-client';
import { startSandboxGcp } from './gcp/start-sandbox-gcp';
import type { SandboxGcp } from './gcp/start-sandbox-gcp';
import { OPERATIONS } from './gcp/routes';
import { googleDescription, graphDescription, hasDescriptions, rbacDescription } from './spec-support/vendor-descriptions';

const WHAT = "answers of the sandboxes against their vendors' descriptions";
type Fields = Readonly<Record<string, unknown>>;

if (!hasDescriptions) it(`${WHAT}: left out`, () => expect(hasDescriptions).toBe(false));
else describe(WHAT, () => {
  let gcp: SandboxGcp;
  let azure: SandboxAzure;
  beforeAll(async () => { [gcp, azure] = await Promise.all([startSandboxGcp(), startSandboxAzure()]); });
  afterAll(() => Promise.all([gcp.close(), azure.close()]));

  const caller = (url: string) => {
    const client = jsonClient(url);
    return async (method: string, path: string, body?: unknown): Promise<Fields> => {
      const { status, json } = await client(method, path, body);
      if (status >= 300) throw new Error(JSON.stringify(json));
      return (json ?? {}) as Fields;
    };
  };

  it('are what Google describes, for every method that the sandbox has', async () => {
    const google = caller(gcp.url);
    const roles = googleDescription('iam.v1');
    const denials = googleDescription('iam.v2');
    const boundaries = googleDescription('iam.v3');
    const descriptions = { iam: (method: string, answer: unknown) => (method.startsWith('iam.policies.') ? denials : method.includes('.locations.') ? boundaries : roles)(method, answer), cloudresourcemanager: googleDescription('cloudresourcemanager.v3'), cloudidentity: googleDescription('cloudidentity.v1'), directory: googleDescription('admin.directory_v1') };
    const judged = new Set<string>();
    const judge = async (id: string, method: string, path: string, body?: unknown): Promise<Fields> => {
      const answer = await google(method, path, body);
      expect(descriptions[id.slice(0, id.indexOf('.')) as keyof typeof descriptions](id, answer)).toEqual([]);
      judged.add(id);
      return answer;
    };
    const project = `projects/${gcp.project}`;
    const accounts = 'iam.projects.serviceAccounts';
    const { name, uniqueId } = await judge(`${accounts}.create`, 'POST', `/v1/${project}/serviceAccounts`, { accountId: 'robot-1', serviceAccount: { displayName: 'R', description: 'D' } });
    const account = `/v1/${String(name)}`;
    await judge(`${accounts}.patch`, 'PATCH', account, { serviceAccount: { displayName: 'S' }, updateMask: 'displayName' });
    await judge(`${accounts}.update`, 'PUT', account, { displayName: 'T' });
    for (const verb of ['disable', 'enable']) await judge(`${accounts}.${verb}`, 'POST', `${account}:${verb}`, {});
    await judge(`${accounts}.get`, 'GET', account);
    await judge(`${accounts}.list`, 'GET', `/v1/${project}/serviceAccounts`);
    const { name: key } = await judge(`${accounts}.keys.create`, 'POST', `${account}/keys`, { privateKeyType: 'TYPE_GOOGLE_CREDENTIALS_FILE', keyAlgorithm: 'KEY_ALG_RSA_1024' });
    await judge(`${accounts}.keys.disable`, 'POST', `/v1/${String(key)}:disable`, {});
    await judge(`${accounts}.keys.list`, 'GET', `${account}/keys`);
    await judge(`${accounts}.keys.enable`, 'POST', `/v1/${String(key)}:enable`, {});
    await judge(`${accounts}.keys.delete`, 'DELETE', `/v1/${String(key)}`);
    await judge(`${accounts}.delete`, 'DELETE', account);
    await judge(`${accounts}.undelete`, 'POST', `/v1/projects/-/serviceAccounts/${String(uniqueId)}:undelete`, {});
    for (const node of [project, `organizations/${gcp.organization}`, `folders/${gcp.folder}`]) await policies(judge, node);
    await accessBoundaries(judge, gcp);
    await directory(judge, gcp.directory);
    expect([...judged].sort()).toEqual(Object.keys(OPERATIONS).sort());
  });

  /** Custom roles and the allow policy of a node. */
  async function policies(judge: Judge, node: string): Promise<void> {
    const [kind = ''] = node.split('/', 1);
    if (kind !== 'folders') {
      const [roles, role] = [`iam.${kind}.roles`, `/v1/${node}/roles/reader`];
      await judge(`${roles}.create`, 'POST', `/v1/${node}/roles`, { roleId: 'reader', role: { title: 'R', includedPermissions: ['iam.roles.get'], stage: 'GA' } });
      await judge(`${roles}.patch`, 'PATCH', `${role}?updateMask=title`, { title: 'S' });
      await judge(`${roles}.get`, 'GET', role);
      await judge(`${roles}.list`, 'GET', `/v1/${node}/roles?view=FULL`);
      await judge(`${roles}.delete`, 'DELETE', role);
      await judge(`${roles}.undelete`, 'POST', `${role}:undelete`, {});
    }
    const denials = `/v2/policies/cloudresourcemanager.googleapis.com%252F${node.replace('/', '%252F')}/denypolicies`;
    const rules = [{ description: 'd', denyRule: { deniedPrincipals: ['principalSet://goog/public:all'], deniedPermissions: ['iam.googleapis.com/roles.get'], denialCondition: { title: 't', expression: 'true' } } }];
    await judge('iam.policies.createPolicy', 'POST', `${denials}?policyId=no-roles`, { displayName: 'D', annotations: { by: 'us' }, rules });
    const { etag } = await judge('iam.policies.get', 'GET', `${denials}/no-roles`);
    await judge('iam.policies.update', 'PUT', `${denials}/no-roles`, { displayName: 'E', rules, etag });
    await judge('iam.policies.listPolicies', 'GET', denials);
    await judge('iam.policies.delete', 'DELETE', `${denials}/no-roles`);
    const nodes = `cloudresourcemanager.${kind}`;
    await judge(`${nodes}.get`, 'GET', `/v3/${node}`);
    await judge(`${nodes}.search`, 'GET', `/v3/${kind}:search`);
    const bindings = [{ role: 'roles/viewer', members: ['allUsers'], condition: { title: 't', expression: 'true' } }];
    await judge(`${nodes}.setIamPolicy`, 'POST', `/v3/${node}:setIamPolicy`, { policy: { version: 3, bindings } });
    await judge(`${nodes}.getIamPolicy`, 'POST', `/v3/${node}:getIamPolicy`, { options: { requestedPolicyVersion: 3 } });
    await judge(`${nodes}.testIamPermissions`, 'POST', `/v3/${node}:testIamPermissions`, { permissions: ['iam.roles.get'] });
  }

  /** Principal access boundaries, and what binds them. */
  async function accessBoundaries(judge: Judge, { organization, directory: { customer } }: SandboxGcp): Promise<void> {
    const [parent, called] = [`/v3/organizations/${organization}/locations/global`, 'iam.organizations.locations'];
    const details = { rules: [{ description: 'd', resources: [`//cloudresourcemanager.googleapis.com/organizations/${organization}`], effect: 'ALLOW' }] };
    const condition = { title: 't', expression: "principal.type == 'iam.googleapis.com/WorkspaceIdentity' && principal.subject == 'ann@sandbox.example'" };
    const [policies, bindings] = ['principalAccessBoundaryPolicies', 'policyBindings'];
    await judge(`${called}.${policies}.create`, 'POST', `${parent}/${policies}?principalAccessBoundaryPolicyId=pab-one`, { displayName: 'D', annotations: { by: 'us' }, details });
    const { name: policy } = await judge(`${called}.${policies}.get`, 'GET', `${parent}/${policies}/pab-one`);
    await judge(`${called}.${bindings}.create`, 'POST', `${parent}/${bindings}?policyBindingId=one`, { displayName: 'D', annotations: { by: 'us' }, policy, policyKind: 'PRINCIPAL_ACCESS_BOUNDARY', target: { principalSet: `//iam.googleapis.com/locations/global/workspace/${customer}` }, condition });
    for (const [kind, id, change] of [[policies, 'pab-one', { details }], [bindings, 'one', { condition }]] as const) {
      await judge(`${called}.${kind}.list`, 'GET', `${parent}/${kind}?pageSize=1`);
      const { etag } = await judge(`${called}.${kind}.get`, 'GET', `${parent}/${kind}/${id}`);
      await judge(`${called}.${kind}.patch`, 'PATCH', `${parent}/${kind}/${id}?updateMask=${Object.keys(change).join(',')}`, { ...change, etag });
    }
    await judge(`${called}.${bindings}.delete`, 'DELETE', `${parent}/${bindings}/one`);
    await judge(`${called}.${policies}.delete`, 'DELETE', `${parent}/${policies}/pab-one`);
  }

  type Judge = (id: string, method: string, path: string, body?: unknown) => Promise<Fields>;
  async function directory(judge: Judge, { customer, domain }: SandboxGcp['directory']): Promise<void> {
    const [parent, label] = [`customers/${customer}`, 'cloudidentity.googleapis.com/groups.discussion_forum'];
    const made = async (name: string): Promise<string> => {
      const { response } = await judge('cloudidentity.groups.create', 'POST', '/v1/groups?initialGroupConfig=EMPTY', { parent, groupKey: { id: `${name}@${domain}` }, displayName: name, description: 'D', labels: { [label]: '' } });
      return String((response as Fields)['name']);
    };
    const [outer, inner] = [await made('outer'), await made('inner')];
    await judge('cloudidentity.groups.patch', 'PATCH', `/v1/${outer}?updateMask=description`, { description: 'E' });
    await judge('cloudidentity.groups.get', 'GET', `/v1/${outer}`);
    await judge('cloudidentity.groups.list', 'GET', `/v1/groups?parent=${parent}&view=FULL`);
    await judge('cloudidentity.groups.search', 'GET', `/v1/groups:search?query=${encodeURIComponent(`parent == '${parent}'`)}`);
    const memberships = 'cloudidentity.groups.memberships';
    const { response } = await judge(`${memberships}.create`, 'POST', `/v1/${outer}/memberships`, { preferredMemberKey: { id: `inner@${domain}` }, roles: [{ name: 'MEMBER' }] });
    const membership = String((response as Fields)['name']);
    await judge(`${memberships}.get`, 'GET', `/v1/${membership}`);
    await judge(`${memberships}.list`, 'GET', `/v1/${outer}/memberships?view=FULL`);
    await judge(`${memberships}.lookup`, 'GET', `/v1/${outer}/memberships:lookup?memberKey.id=inner@${domain}`);
    await judge(`${memberships}.searchDirectGroups`, 'GET', `/v1/groups/-/memberships:searchDirectGroups?query=${encodeURIComponent(`member_key_id == 'inner@${domain}' && '${label}' in labels`)}`);
    await judge(`${memberships}.delete`, 'DELETE', `/v1/${membership}`);
    await judge('cloudidentity.groups.delete', 'DELETE', `/v1/${inner}`);
    const users = '/admin/directory/v1/users';
    await judge('directory.users.insert', 'POST', users, { primaryEmail: `ann@${domain}`, name: { givenName: 'Ann', familyName: 'Person' }, password: 'Secret-word-1', externalIds: [{ type: 'custom', customType: 'x', value: 'y' }] });
    await judge('directory.users.update', 'PUT', `${users}/ann@${domain}`, { primaryEmail: `anna@${domain}` });
    await judge('directory.users.get', 'GET', `${users}/ann@${domain}`);
    await judge('directory.users.list', 'GET', `${users}?customer=${customer}`);
    await judge('directory.users.aliases.delete', 'DELETE', `${users}/anna@${domain}/aliases/ann@${domain}`);
    await judge('directory.users.delete', 'DELETE', `${users}/anna@${domain}`);
  }

  it('are what Microsoft describes of the directory, with every property that can be selected', async () => {
    const graph = caller(azure.url);
    const faults = graphDescription();
    const made: Record<string, unknown> = {};
    const bodies = {
      user: () => ({ accountEnabled: true, displayName: 'ann', mailNickname: 'ann', userPrincipalName: 'ann@sandbox-tenant.onmicrosoft.com', passwordProfile: { password: 'Secret-word-1' } }),
      group: () => ({ displayName: 'team', mailEnabled: false, mailNickname: 'team', securityEnabled: true }),
      application: () => ({ displayName: 'robot', tags: ['t'] }),
      servicePrincipal: () => ({ appId: made['appId'] }),
    };
    for (const { type, set, shown, hidden } of Object.values(ENTITY_TYPES)) {
      const created = await graph('POST', `/v1.0/${set}`, bodies[type]());
      Object.assign(made, created['appId'] === undefined ? {} : { appId: created['appId'] });
      const names = ['id', ...Object.keys(shown), ...Object.keys(hidden)];
      const whole = await graph('GET', `/v1.0/${set}/${String(created['id'])}?$select=${names.join(',')}`);
      const listed = (await graph('GET', `/v1.0/${set}`))['value'] as readonly Fields[];
      expect([created, whole, ...listed].flatMap((answer) => faults(type, answer))).toEqual([]);
    }
    const [application] = (await graph('GET', '/v1.0/applications'))['value'] as readonly Fields[];
    const credentials = `/v1.0/applications/${String(application?.['id'])}/federatedIdentityCredentials`;
    const trusted = await graph('POST', credentials, { name: 'one', issuer: 'https://issuer.example', subject: 'x', audiences: ['api://AzureADTokenExchange'] });
    expect([trusted, await graph('GET', `${credentials}/one`), ...((await graph('GET', credentials))['value'] as readonly Fields[])].flatMap((answer) => faults('federatedIdentityCredential', answer))).toEqual([]);
    expect(((await graph('GET', '/v1.0/organization'))['value'] as readonly Fields[]).flatMap((answer) => faults('organization', answer))).toEqual([]);
  });

  it('are what Microsoft describes of role definitions and assignments', async () => {
    const arm = caller(azure.url);
    const [assignments, definitions] = [rbacDescription('RoleAssignmentsCalls'), rbacDescription('RoleDefinitionsCalls')];
    const { id: principalId } = await arm('POST', '/v1.0/groups', { displayName: 'g', mailEnabled: false, mailNickname: 'g', securityEnabled: true });
    const scope = `/subscriptions/${azure.subscription}`;
    const at = (kind: string, name = ''): string => `${scope}/providers/Microsoft.Authorization/${kind}${name}?api-version=2022-04-01`;
    const [role, assignment] = ['/88888888-0000-4000-8000-000000000001', '/88888888-0000-4000-8000-000000000002'];
    const properties = { roleName: 'r', description: 'd', permissions: [{ actions: ['*/read'] }], assignableScopes: [scope] };
    const faults: (readonly string[])[] = [definitions('RoleDefinition', await arm('PUT', at('roleDefinitions', role), { properties }))];
    const roleDefinitionId = `${scope}/providers/Microsoft.Authorization/roleDefinitions${role}`;
    faults.push(assignments('RoleAssignment', await arm('PUT', at('roleAssignments', assignment), { properties: { roleDefinitionId, principalId, principalType: 'Group' } })));
    faults.push(assignments('RoleAssignment', await arm('GET', at('roleAssignments', assignment))), assignments('RoleAssignmentListResult', await arm('GET', at('roleAssignments'))));
    faults.push(definitions('RoleDefinition', await arm('GET', at('roleDefinitions', role))), definitions('RoleDefinitionListResult', await arm('GET', at('roleDefinitions'))));
    faults.push(assignments('RoleAssignment', await arm('DELETE', at('roleAssignments', assignment))), definitions('RoleDefinition', await arm('DELETE', at('roleDefinitions', role))));
    expect(faults.flat()).toEqual([]);
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonClient } from '../cloud/json-client';
import type { JsonAnswer, JsonClient } from '../cloud/json-client';
import { DEFAULT_SUBSCRIPTION, DEFAULT_TENANT, startSandboxAzure } from './start-sandbox-azure';
import type { SandboxAzure } from './start-sandbox-azure';

const DAY_MS = 86_400_000;
const GRAPH = '/v1.0';
let sandbox: SandboxAzure;
let azure: JsonClient;
let now: number;
beforeEach(async () => {
  now = Date.UTC(2030, 0, 1);
  sandbox = await startSandboxAzure({ seed: 42, clock: () => now, domains: ['example.com', 'sandbox-tenant.onmicrosoft.com'] });
  azure = jsonClient(sandbox.url);
});
afterEach(() => sandbox.close());

type Fields = Readonly<Record<string, unknown>>;
const refused = (status: number, code: string, message = ''): object => ({ status, json: { error: expect.objectContaining({ code, message: expect.stringContaining(message) }) } });
async function ok(answer: Promise<JsonAnswer>): Promise<Fields> {
  const { status, json } = await answer;
  if (status >= 300) throw new Error(JSON.stringify(json));
  return (json ?? {}) as Fields;
}
const idOf = async (answer: Promise<JsonAnswer>): Promise<string> => String((await ok(answer))['id']);
const query = (options: Readonly<Record<string, string>>): string => `?${new URLSearchParams(options).toString()}`;
const values = async (path: string, headers = {}): Promise<readonly Fields[]> => (await ok(azure('GET', path, undefined, headers)))['value'] as readonly Fields[];
const names = async (path: string): Promise<unknown[]> => (await values(path)).map(({ displayName }) => displayName);

const user = (name: string, more: object = {}): Promise<JsonAnswer> => azure('POST', `${GRAPH}/users`, {
  accountEnabled: true, displayName: name, mailNickname: name, userPrincipalName: `${name}@example.com`, passwordProfile: { password: 'Secret-word-1' }, ...more,
});
const group = (displayName: string, more: object = {}): Promise<JsonAnswer> =>
  azure('POST', `${GRAPH}/groups`, { displayName, mailEnabled: false, mailNickname: 'g', securityEnabled: true, ...more });
const member = (groupId: string, id: string): Promise<JsonAnswer> =>
  azure('POST', `${GRAPH}/groups/${groupId}/members/$ref`, { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}` });

describe('users', () => {
  it('show eleven fields and the rest when selected, by id and by name; a change answers nothing', async () => {
    const created = await user('ann', { employeeType: 'x', givenName: 'Ann' });
    const { id, ...shown } = created.json as Fields;
    expect([created.status, created.headers.get('location')]).toEqual([201, `https://graph.microsoft.com/v2/${DEFAULT_TENANT}/directoryObjects/${String(id)}/Microsoft.DirectoryServices.User`]);
    expect(Object.keys(shown).sort()).toEqual(['@odata.context', 'businessPhones', 'displayName', 'givenName', 'jobTitle', 'mail', 'mobilePhone', 'officeLocation', 'preferredLanguage', 'surname', 'userPrincipalName']);
    const changed = await azure('PATCH', `${GRAPH}/users/ANN%40example.com`, { accountEnabled: false, onPremisesExtensionAttributes: { extensionAttribute1: 'mark' }, givenName: null });
    expect([changed.status, changed.json]).toEqual([204, undefined]);
    await ok(azure('PATCH', `${GRAPH}/users/${String(id)}`, { onPremisesExtensionAttributes: { extensionAttribute2: 'more' } }));
    const read = await ok(azure('GET', `${GRAPH}/users('ann@example.com')${query({ $select: 'id,accountEnabled,givenName,employeeType,onPremisesExtensionAttributes,passwordProfile' })}`));
    expect(read).toMatchObject({ id, accountEnabled: false, givenName: null, employeeType: 'x', onPremisesExtensionAttributes: { extensionAttribute1: 'mark', extensionAttribute2: 'more', extensionAttribute3: null }, passwordProfile: null });
    expect(await ok(azure('GET', `${GRAPH}/users/${String(id)}`))).toEqual({ id, ...shown, givenName: null });
    await ok(azure('PATCH', `${GRAPH}/users/${String(id)}`, { onPremisesExtensionAttributes: { extensionAttribute2: null } }));
    expect(await ok(azure('GET', `${GRAPH}/users/${String(id)}${query({ $select: 'onPremisesExtensionAttributes' })}`))).toMatchObject({ onPremisesExtensionAttributes: { extensionAttribute1: 'mark', extensionAttribute2: null } });
  });

  it.each<[object, string]>([
    [{ mailNickname: undefined }, "A value is required for property 'mailNickname' of resource 'User'."], [{ passwordProfile: undefined }, 'passwordProfile'],
    [{ passwordProfile: { password: 'simple' } }, 'password complexity'], [{ userPrincipalName: 'ann@elsewhere.com' }, 'verified domain names'], [{ userPrincipalName: 'änn@example.com' }, 'userPrincipalName'],
    [{ employeeId: 'x'.repeat(17) }, 'employeeId'], [{ onPremisesExtensionAttributes: { extensionAttribute16: 'x' } }, 'extensionAttribute16'], [{ colour: 'red' }, "'colour' does not exist"],
    [{ id: 'x' }, "Property 'id' is read-only"], [{ accountEnabled: 'yes' }, "Invalid value specified for property 'accountEnabled' of resource 'User'."], [{ mailNickname: 'a b' }, 'mailNickname'], [{ displayName: '' }, 'displayName'],
  ])('are refused with %p: %s', async (wrong, message) => {
    expect(await user('ann', wrong)).toMatchObject(refused(400, 'Request_BadRequest', message));
    expect(sandbox.snapshot().users).toEqual([]);
  });

  it('have names of their own whatever the case; the name of a deleted one is free until that is restored', async () => {
    const first = await idOf(user('ann'));
    expect(await user('bob', { userPrincipalName: 'ANN@example.com' })).toMatchObject({
      status: 400, json: { error: { code: 'Request_BadRequest', message: 'Another object with the same value for property userPrincipalName already exists.', details: [{ code: 'ObjectConflict', target: 'userPrincipalName' }] } },
    });
    expect((await azure('DELETE', `${GRAPH}/users/${first}`)).status).toBe(204);
    expect(await azure('GET', `${GRAPH}/users/${first}`)).toMatchObject(refused(404, 'Request_ResourceNotFound', `Resource '${first}' does not exist`));
    const second = await idOf(user('ann'));
    const deleted = `${GRAPH}/directory/deletedItems`;
    expect(await values(`${deleted}/microsoft.graph.user`)).toEqual([expect.objectContaining({ id: first, userPrincipalName: `${first.replaceAll('-', '')}ann@example.com` })]);
    expect(await azure('POST', `${deleted}/${first}/restore`)).toMatchObject(refused(400, 'Request_BadRequest', 'Another object'));
    await ok(azure('DELETE', `${GRAPH}/users/${second}`));
    expect(await ok(azure('POST', `${deleted}/${first}/restore`))).toMatchObject({ '@odata.type': '#microsoft.graph.user', id: first, userPrincipalName: 'ann@example.com' });
    expect((await azure('DELETE', `${deleted}/${second}`)).status).toBe(204);
    expect(await azure('POST', `${deleted}/${second}/restore`)).toMatchObject(refused(404, 'Request_ResourceNotFound'));
    await ok(azure('DELETE', `${GRAPH}/users/${first}`));
    now += 30 * DAY_MS;
    expect(await azure('GET', `${deleted}/${first}`)).toMatchObject(refused(404, 'Request_ResourceNotFound'));
  });

  it('are listed in pages that lead on, and found by filters', async () => {
    for (let index = 0; index < 7; index += 1) await ok(user(`u${index}`, { employeeType: index < 2 ? "o'clock" : 'other' }));
    const pages: number[] = [];
    for (let path: string | undefined = `${GRAPH}/users${query({ $top: '3', $select: 'id,displayName' })}`; path !== undefined;) {
      const page: Fields = await ok(azure('GET', path));
      pages.push((page['value'] as unknown[]).length);
      const next = page['@odata.nextLink'] as string | undefined;
      expect(next ?? `${sandbox.url}/v1.0/`).toMatch(new RegExp(`^${sandbox.url}/v1.0/`));
      path = next?.slice(sandbox.url.length);
    }
    expect(pages).toEqual([3, 3, 1]);
    const found = async ($filter: string): Promise<number> => (await values(`${GRAPH}/users${query({ $filter })}`)).length;
    expect(await found("employeeType eq 'O''CLOCK' and startsWith(displayName,'U')")).toBe(2);
    expect(await found("userPrincipalName in ('u1@example.com','u5@example.com') or displayName eq 'u6'")).toBe(3);
    expect(await found("accountEnabled eq true and (displayName eq 'u1' or displayName eq 'none')")).toBe(1);
    expect(await found("onPremisesExtensionAttributes/extensionAttribute1 eq 'x'")).toBe(0);
    for (const [options, code] of [[{ $top: '1000' }, 'Request_BadRequest'], [{ $filter: "colour eq 'x'" }, 'Request_BadRequest'], [{ $filter: 'displayName eq' }, 'Request_BadRequest'], [{ $select: 'colour' }, 'Request_BadRequest'],
      [{ $filter: "displayName ne 'x'" }, 'Request_UnsupportedQuery'], [{ $search: 'x' }, 'Request_UnsupportedQuery'], [{ $colour: 'x' }, 'Request_BadRequest']] as const) {
      expect(await azure('GET', `${GRAPH}/users${query(options)}`)).toMatchObject(refused(400, code));
    }
    const advanced = await ok(azure('GET', `${GRAPH}/users${query({ $filter: "displayName ne 'u1'", $count: 'true' })}`, undefined, { consistencylevel: 'eventual' }));
    expect(advanced['@odata.count']).toBe(6);
  });
});

describe('groups and members', () => {
  it('hold users, groups and service principals once, add many at once or none, and let go', async () => {
    const [ann, bob, inner] = [await idOf(user('ann')), await idOf(user('bob')), await idOf(group('inner'))];
    const outer = await idOf(group('outer', { description: 'd', 'members@odata.bind': [`https://graph.microsoft.com/v1.0/users/${ann}`] }));
    expect((await member(outer, inner)).status).toBe(204);
    expect(await member(outer, ann)).toMatchObject(refused(400, 'Request_BadRequest', "One or more added object references already exist for the following modified properties: 'members'."));
    const bind = [ann, bob].map((id) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`);
    expect(await azure('PATCH', `${GRAPH}/groups/${outer}`, { 'members@odata.bind': bind })).toMatchObject(refused(400, 'Request_BadRequest', 'already exist'));
    expect(await azure('PATCH', `${GRAPH}/groups/${outer}`, { 'members@odata.bind': Array(21).fill(bind[1]) })).toMatchObject(refused(400, 'Request_BadRequest'));
    expect(await member(outer, DEFAULT_TENANT)).toMatchObject(refused(404, 'Request_ResourceNotFound'));
    expect(await member(outer, outer)).toMatchObject(refused(400, 'Request_BadRequest'));
    expect((await values(`${GRAPH}/groups/${outer}/members`)).map((one) => one['@odata.type']).sort()).toEqual(['#microsoft.graph.group', '#microsoft.graph.user']);
    expect(await values(`${GRAPH}/groups/${outer}/members/microsoft.graph.user?$select=id`)).toEqual([{ id: ann }]);
    expect(await names(`${GRAPH}/users/${ann}/memberOf/microsoft.graph.group`)).toEqual(['outer']);
    await ok(azure('DELETE', `${GRAPH}/users/${ann}`));
    expect(await values(`${GRAPH}/groups/${outer}/members?$select=id`)).toEqual([{ '@odata.type': '#microsoft.graph.group', id: inner }]);
    await ok(azure('POST', `${GRAPH}/directory/deletedItems/${ann}/restore`));
    expect((await azure('DELETE', `${GRAPH}/groups/${outer}/members/${ann}/$ref`)).status).toBe(204);
    expect(await azure('DELETE', `${GRAPH}/groups/${outer}/members/${ann}/$ref`)).toMatchObject(refused(404, 'Request_ResourceNotFound'));
    expect(sandbox.snapshot().groups).toMatchObject([{ displayName: 'inner', members: [] }, { displayName: 'outer', members: [inner] }]);
  });

  it('need no name of their own but a unique one where they have it, by which they are made', async () => {
    await ok(group('same'));
    await ok(group('same'));
    const upsert = (description: string): Promise<JsonAnswer> => azure('PATCH', `${GRAPH}/groups(uniqueName='u-1')`, { displayName: 'U', mailEnabled: false, mailNickname: 'u', securityEnabled: true, description }, { prefer: 'create-if-missing' });
    expect([(await upsert('a')).status, (await upsert('b')).status]).toEqual([201, 204]);
    expect(await ok(azure('GET', `${GRAPH}/groups(uniqueName='u-1')?$select=uniqueName,description`))).toMatchObject({ uniqueName: 'u-1', description: 'b' });
    expect(await group('other', { uniqueName: 'U-1' })).toMatchObject(refused(400, 'Request_BadRequest', 'uniqueName'));
    expect(await group('mail', { mailEnabled: true })).toMatchObject(refused(400, 'Request_BadRequest', 'mail-enabled'));
    expect(await names(`${GRAPH}/groups?$filter=displayName eq 'SAME'`)).toEqual(['same', 'same']);
  });
});

describe('applications and service principals', () => {
  it('belong together: one principal per application, with its name, gone with it', async () => {
    const app = await ok(azure('POST', `${GRAPH}/applications`, { displayName: 'robot', tags: ['managed-by=wami'], notes: 'n' }));
    expect(app).toMatchObject({ displayName: 'robot', signInAudience: 'AzureADMyOrg', tags: ['managed-by=wami'], passwordCredentials: [], createdDateTime: expect.stringMatching(/\.\d{3}Z$/) });
    const { appId, id } = app;
    expect(await ok(azure('GET', `${GRAPH}/applications(appId='${String(appId)}')`))).toMatchObject({ id, createdDateTime: expect.stringMatching(/:\d\dZ$/) });
    const make = (): Promise<JsonAnswer> => azure('POST', `${GRAPH}/servicePrincipals`, { appId });
    const principal = await ok(make());
    expect(principal).toMatchObject({ appId, displayName: 'robot', servicePrincipalNames: [appId], servicePrincipalType: 'Application', accountEnabled: true });
    expect(await make()).toMatchObject(refused(409, 'Request_MultipleObjectsWithSameKeyValue', 'already in use'));
    expect(await azure('POST', `${GRAPH}/servicePrincipals`, { appId: DEFAULT_TENANT })).toMatchObject(refused(400, 'Request_BadRequest', 'does not reference a valid application'));
    await ok(azure('PATCH', `${GRAPH}/applications/${String(id)}`, { displayName: 'renamed', identifierUris: ['api://robot'] }));
    expect(await values(`${GRAPH}/serviceprincipals?$filter=servicePrincipalNames/any(c:c eq 'api://robot')`)).toMatchObject([{ id: principal['id'], displayName: 'renamed' }]);
    expect(await names(`${GRAPH}/applications?$filter=tags/any(t:t eq 'managed-by=wami')`)).toEqual(['renamed']);
    const outer = await idOf(group('outer'));
    expect(await member(outer, String(id))).toMatchObject(refused(400, 'Request_BadRequest', 'invalid object type'));
    await ok(member(outer, String(principal['id'])));
    await ok(azure('DELETE', `${GRAPH}/applications/${String(id)}`));
    expect(await azure('GET', `${GRAPH}/servicePrincipals/${String(principal['id'])}`)).toMatchObject(refused(404, 'Request_ResourceNotFound'));
    expect(await values(`${GRAPH}/directory/deletedItems/microsoft.graph.servicePrincipal?$filter=appId eq '${String(appId)}'`)).toHaveLength(1);
  });
});

describe('role definitions and assignments', () => {
  const SCOPE = `/subscriptions/${DEFAULT_SUBSCRIPTION}`;
  const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
  const guid = (index: number): string => `88888888-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const at = (kind: string, name = '', scope = SCOPE, options = ''): string => `${scope}/providers/Microsoft.Authorization/${kind}${name === '' ? '' : `/${name}`}?api-version=2022-04-01${options}`;
  const define = (index: number, more: object = {}): Promise<JsonAnswer> => azure('PUT', at('roleDefinitions', guid(index)), { properties: {
    roleName: `role-${index}`, description: 'd', type: 'customRole', permissions: [{ actions: ['Microsoft.Compute/*/read'] }], assignableScopes: [SCOPE], ...more,
  } });
  const assign = (index: number, principalId: string, more: object = {}, scope = SCOPE): Promise<JsonAnswer> =>
    azure('PUT', at('roleAssignments', guid(index), scope), { properties: { roleDefinitionId: `${SCOPE}/providers/Microsoft.Authorization/roleDefinitions/${READER}`, principalId, ...more } });

  it('are written with 201 each time, read as kept, and refused with what is wrong', async () => {
    const put = await define(1);
    expect([put.status, put.json]).toMatchObject([201, { name: guid(1), type: 'Microsoft.Authorization/roleDefinitions', properties: {
      type: 'CustomRole', createdBy: null, permissions: [{ actions: ['Microsoft.Compute/*/read'], notActions: [], dataActions: [], notDataActions: [] }],
    } }]);
    now += 1_000;
    expect((await define(1, { description: 'e' })).status).toBe(201);
    expect(await ok(azure('GET', at('roleDefinitions', guid(1).toUpperCase())))).toMatchObject({ properties: { description: 'e', createdBy: expect.any(String), createdOn: '2030-01-01T00:00:00.0000000Z', updatedOn: '2030-01-01T00:00:01.0000000Z' } });
    expect(await define(2, { roleName: 'ROLE-1' })).toMatchObject({ status: 409, json: { error: { code: 'RoleDefinitionWithSameNameExists', message: 'A role definition cannot be updated with a name that already exists.' } } });
    for (const [wrong, code] of [[{ roleName: '' }, 'InvalidRoleName'], [{ assignableScopes: [] }, 'InvalidAssignableScopes'], [{ permissions: [{ actions: ['read'] }] }, 'InvalidActionOrNotAction'], [{ type: 'BuiltInRole' }, 'InvalidRoleDefinitionType'],
      [{ colour: 'red' }, 'InvalidRequestContent'], [{ assignableScopes: ['/'] }, 'MissingSubscription']] as const) expect(await define(3, wrong)).toMatchObject(refused(400, code));
    expect(await define(3, { assignableScopes: [`/subscriptions/${DEFAULT_TENANT}`] })).toMatchObject(refused(404, 'SubscriptionNotFound'));
    const listed = async (filter: string): Promise<unknown[]> => (await values(at('roleDefinitions', '', SCOPE, `&$filter=${encodeURIComponent(filter)}`))).map(({ name }) => name);
    expect([await listed("roleName eq 'Role-1'"), await listed("type eq 'CustomRole'"), await listed("roleName eq 'reader'")]).toEqual([[guid(1)], [guid(1)], [READER]]);
    expect(await azure('GET', at('roleDefinitions', guid(9)))).toMatchObject(refused(404, 'RoleDefinitionDoesNotExist', `The specified role definition with ID '${guid(9)}' does not exist.`));
    expect((await azure('GET', at('roleDefinitions', guid(1)).split('?')[0] ?? ''))).toMatchObject(refused(400, 'MissingApiVersionParameter'));
    expect([(await azure('DELETE', at('roleDefinitions', guid(1)))).status, (await azure('DELETE', at('roleDefinitions', guid(1)))).status]).toEqual([200, 204]);
  });

  it('tie a principal to a role once, change description and condition alone, and keep the role from being deleted', async () => {
    const [ann, team] = [await idOf(user('ann')), await idOf(group('team'))];
    await ok(define(1));
    const role = { roleDefinitionId: `${SCOPE}/providers/Microsoft.Authorization/roleDefinitions/${guid(1)}` };
    expect(await assign(1, ann, role)).toMatchObject({ status: 201, json: { name: guid(1), id: at('roleAssignments', guid(1)).split('?')[0], properties: { ...role, principalId: ann, principalType: 'User', scope: SCOPE, createdBy: null, description: null } } });
    expect(await assign(2, ann, role)).toMatchObject({ status: 409, json: { error: { code: 'RoleAssignmentExists', message: 'The role assignment already exists.' } } });
    expect(await assign(1, team, role)).toMatchObject(refused(400, 'RoleAssignmentUpdateNotPermitted', 'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.'));
    expect((await assign(1, ann, { ...role, description: 'why', condition: 'true', conditionVersion: '2.0' })).status).toBe(201);
    expect(await ok(azure('GET', at('roleAssignments', guid(1))))).toMatchObject({ properties: { description: 'why', condition: 'true', createdBy: expect.any(String) } });
    expect(await azure('DELETE', at('roleDefinitions', guid(1)))).toMatchObject(refused(400, 'RoleDefinitionHasAssignments', 'There are existing role assignments referencing role'));
    expect(await define(1, { assignableScopes: [`${SCOPE}/resourceGroups/g`] })).toMatchObject(refused(400, 'RoleScopeBeingRemovedContainsAssignments'));
    expect(await assign(3, team, { principalType: 'User' })).toMatchObject(refused(400, 'UnmatchedPrincipalType'));
    expect(await assign(3, team, { condition: 'true' })).toMatchObject(refused(400, 'InvalidConditionVersion'));
    expect(await assign(3, team, { roleDefinitionId: `${SCOPE}/providers/Microsoft.Authorization/roleDefinitions/${guid(9)}` })).toMatchObject(refused(404, 'RoleDefinitionDoesNotExist'));
    expect(await assign(3, DEFAULT_TENANT)).toMatchObject(refused(400, 'PrincipalNotFound', `Principal ${DEFAULT_TENANT.replaceAll('-', '')} does not exist in the directory ${DEFAULT_TENANT}.`));
    expect((await azure('DELETE', at('roleAssignments', guid(1)))).status).toBe(200);
    expect(await azure('GET', at('roleAssignments', guid(1)))).toMatchObject({ status: 404, json: { error: { code: 'RoleAssignmentNotFound', message: `The role assignment '${guid(1)}' is not found.` } } });
    expect((await azure('DELETE', at('roleAssignments', guid(1)))).status).toBe(204);
  });

  it('are listed by scope and principal', async () => {
    const [ann, team] = [await idOf(user('ann')), await idOf(group('team'))];
    await ok(member(team, ann));
    await ok(assign(1, ann));
    await ok(assign(2, team, {}, `${SCOPE}/resourceGroups/web`));
    const listed = async (filter: string, scope = SCOPE): Promise<unknown[]> => (await values(at('roleAssignments', '', scope, filter === '' ? '' : `&$filter=${encodeURIComponent(filter)}`))).map(({ name }) => name);
    expect([await listed(''), await listed('atScope()'), await listed(`principalId eq '${team}'`), await listed(`assignedTo('${ann}')`)]).toEqual([[guid(1), guid(2)], [guid(1)], [guid(2)], [guid(1), guid(2)]]);
    expect(await listed('atScope()', `/${SCOPE}/resourcegroups/WEB`)).toEqual([guid(1), guid(2)]);
    expect(await azure('GET', at('roleAssignments', '', SCOPE, '&$filter=colour'))).toMatchObject(refused(400, 'BadRequestFormat'));
    expect(await ok(azure('GET', `${SCOPE}?api-version=2022-12-01`))).toMatchObject({ subscriptionId: DEFAULT_SUBSCRIPTION, tenantId: DEFAULT_TENANT });
  });

  it('find a new principal late unless its type is said', async () => {
    sandbox.faults.set({ eventualConsistencyMs: 10_000 });
    const ann = await idOf(user('ann'));
    expect(await assign(1, ann)).toMatchObject(refused(400, 'PrincipalNotFound', 'replication delay'));
    expect((await assign(1, ann, { principalType: 'User' })).status).toBe(201);
    expect(await values(at('roleAssignments'))).toEqual([]);
    now += 10_000;
    expect(await values(at('roleAssignments'))).toHaveLength(1);
  });

  it.each([
    ['throttle', refused(429, 'SubscriptionRequestsThrottled', "Please try again after '1' seconds.")], ['error', refused(503, 'ServerTimeout')],
    ['access-denied', refused(403, 'AuthorizationFailed', "does not have authorization to perform action 'Microsoft.Authorization/roleDefinitions/write' over scope")],
    ['credentials-rejected', refused(401, 'ExpiredAuthenticationToken')], ['concurrent-modification', refused(409, 'Conflict')],
  ] as const)('%s: once, and nothing happened', async (kind, answer) => {
    sandbox.faults.next({ operation: 'roleDefinitions.createOrUpdate', subject: 'role-1', kind });
    expect(await define(1)).toMatchObject(answer);
    expect(sandbox.snapshot().roleDefinitions).toEqual([]);
    await ok(define(1));
  });
});

describe('misbehaviour of Graph', () => {
  it.each([
    ['throttle', refused(429, 'TooManyRequests')], ['error', refused(503, 'ServiceUnavailable')], ['access-denied', refused(403, 'Authorization_RequestDenied', 'Insufficient privileges')],
    ['credentials-rejected', refused(401, 'InvalidAuthenticationToken')], ['concurrent-modification', refused(409, 'Directory_ConcurrencyViolation')],
  ] as const)('%s: once, and nothing happened', async (kind, answer) => {
    sandbox.faults.next({ operation: 'users.create', subject: 'ann@example.com', kind });
    await ok(user('bob'));
    const denied = await user('ann');
    expect(denied).toMatchObject(answer);
    expect(denied.headers.get('retry-after')).toBe(kind === 'throttle' ? '1' : null);
    expect(denied.json).toMatchObject({ error: { innerError: { 'request-id': denied.headers.get('request-id') } } });
    expect(sandbox.snapshot().users).toHaveLength(1);
    await ok(user('ann'));
  });

  it('an answer may be lost after the work was done; without a token nothing is', async () => {
    sandbox.faults.at(1, 'lost-answer');
    await expect(group('g')).rejects.toThrow('fetch failed');
    expect([sandbox.calls(), sandbox.writes()]).toEqual([{ 'groups.create': 1 }, 1]);
    expect(await azure('GET', `${GRAPH}/users`, undefined, { authorization: '' })).toMatchObject(refused(401, 'InvalidAuthenticationToken'));
    expect(await azure('GET', `${GRAPH}/nothing`)).toMatchObject(refused(400, 'BadRequest', 'Resource not found for the segment'));
    expect(await values(`${GRAPH}/organization`)).toMatchObject([{ id: DEFAULT_TENANT, verifiedDomains: [{ name: 'example.com', isDefault: true }, { name: 'sandbox-tenant.onmicrosoft.com', isDefault: false }] }]);
  });
});

describe('the state file', () => {
  it('brings everything back and keeps no password', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sandbox-azure-'));
    const options = { stateFile: join(directory, 'azure.jsonl'), domains: ['example.com'] };
    const first = await startSandboxAzure(options);
    azure = jsonClient(first.url);
    const [ann, team, gone] = [await idOf(user('ann')), await idOf(group('team')), await idOf(user('gone'))];
    await ok(member(team, ann));
    await ok(azure('DELETE', `${GRAPH}/users/${gone}`));
    const before = first.snapshot();
    await first.close();
    for (let times = 0; times < 2; times += 1) {
      const again = await startSandboxAzure(options);
      expect(again.snapshot()).toEqual(before);
      await again.close();
    }
    expect(before).toMatchObject({ users: [{ displayName: 'ann', deleted: false }, { deleted: true }], groups: [{ members: [ann] }] });
    expect(readFileSync(options.stateFile, 'utf8')).not.toContain('Secret-word-1');
    await expect(startSandboxAzure({ tenant: 'x' })).rejects.toThrow('GUIDs');
    rmSync(directory, { recursive: true });
  });
});

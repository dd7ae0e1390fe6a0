import { jsonClient } from '../cloud/json-client';
import type { JsonAnswer, JsonClient } from '../cloud/json-client';
import { DEFAULT_SUBSCRIPTION, DEFAULT_TENANT, startSandboxAzure } from './start-sandbox-azure';
import type { SandboxAzure } from './start-sandbox-azure';

type Fields = Readonly<Record<string, unknown>>;
const SCOPE = `/subscriptions/${DEFAULT_SUBSCRIPTION}`;
const GROUPS = '/providers/Microsoft.Management/managementGroups';
const ROOT = `${GROUPS}/${DEFAULT_TENANT}`;
const guid = (index: number): string => `88888888-0000-4000-8000-${String(index).padStart(12, '0')}`;
const ROLE = `/providers/Microsoft.Authorization/roleDefinitions/${guid(1)}`;
const refused = (status: number, code: string, message = ''): object => ({ status, json: { error: { code, message: expect.stringContaining(message) } } });

let sandbox: SandboxAzure;
let azure: JsonClient;
let own: string;
let ann: string;
beforeAll(async () => {
  sandbox = await startSandboxAzure();
  azure = jsonClient(sandbox.url);
  own = `${GROUPS}/${sandbox.managementGroup}`;
  const { json } = await azure('POST', '/v1.0/groups', { displayName: 'ann', mailEnabled: false, mailNickname: 'ann', securityEnabled: true });
  ann = String((json as Fields)['id']);
});
afterAll(() => sandbox.close());

const at = (scope: string, kind: string, filter = ''): string => `${scope}/providers/Microsoft.Authorization/${kind}?api-version=2022-04-01${filter === '' ? '' : `&$filter=${encodeURIComponent(filter)}`}`;
const define = (scope: string, index: number, assignableScopes: readonly string[]): Promise<JsonAnswer> =>
  azure('PUT', at(scope, `roleDefinitions/${guid(index)}`), { properties: { roleName: `role-${index}`, permissions: [{ actions: ['*/read'] }], assignableScopes } });
const give = (scope: string, index: number): Promise<JsonAnswer> =>
  azure('PUT', at(scope, `roleAssignments/${guid(index)}`), { properties: { roleDefinitionId: ROLE, principalId: ann, principalType: 'Group' } });
const listed = async (scope: string, kind: string, filter: string): Promise<unknown[]> => ((await azure('GET', at(scope, kind, filter))).json as { readonly value: readonly Fields[] }).value.map((one) => one['id']);

it('a role of a management group is known in every subscription of it, by an id that each says in its own way', async () => {
  expect(await define(own, 1, [own])).toMatchObject({ status: 201, json: { id: ROLE } });
  expect(await define(own, 2, [own, ROOT])).toMatchObject(refused(400, 'InvalidAssignableScopes', 'one management group'));
  expect(await azure('GET', at(`${GROUPS}/elsewhere`, 'roleDefinitions'))).toMatchObject(refused(403, 'AuthorizationFailed', 'or the scope is invalid'));
  expect(await azure('GET', `${ROLE}?api-version=2022-04-01`)).toMatchObject({ status: 200, json: { id: ROLE, name: guid(1) } });
  const custom = "type eq 'CustomRole'";
  expect([await listed(own, 'roleDefinitions', custom), await listed(SCOPE, 'roleDefinitions', custom), await listed(ROOT, 'roleDefinitions', custom)]).toEqual([[ROLE], [`${SCOPE}${ROLE}`], []]);
});

it('what is given in a management group holds below it, and is told there', async () => {
  await define(own, 1, [own]);
  for (const [index, scope] of [[1, own], [2, `${SCOPE}/resourceGroups/web`]] as const) expect((await give(scope, index)).status).toBe(201);
  expect(await give(ROOT, 3)).toMatchObject(refused(400, 'RoleDefinitionScopeMismatch'));
  const [above, below] = [`${own}/providers/Microsoft.Authorization/roleAssignments/${guid(1)}`, `${SCOPE}/resourceGroups/web/providers/Microsoft.Authorization/roleAssignments/${guid(2)}`];
  const seen = (scope: string): Promise<unknown[]> => listed(scope, 'roleAssignments', `principalId eq '${ann}'`);
  expect([await seen(own), await seen(SCOPE), await seen(`${SCOPE}/resourceGroups/web`), await seen(ROOT)]).toEqual([[above], [above, below], [above, below], []]);
  expect(await define(own, 1, [`${SCOPE}/resourceGroups/web`])).toMatchObject(refused(400, 'RoleScopeBeingRemovedContainsAssignments'));
});

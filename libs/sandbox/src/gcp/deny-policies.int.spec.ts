import { jsonClient } from '../cloud/json-client';
import type { JsonAnswer, JsonClient } from '../cloud/json-client';
import { startSandboxGcp } from './start-sandbox-gcp';
import type { SandboxGcp } from './start-sandbox-gcp';

let sandbox: SandboxGcp;
let google: JsonClient;
let at: Readonly<Record<'project' | 'folder' | 'organization', string>>;
beforeAll(async () => {
  sandbox = await startSandboxGcp();
  google = jsonClient(sandbox.url);
  const point = (kind: string, id: string): string => `/v2/policies/cloudresourcemanager.googleapis.com%252F${kind}%252F${id}/denypolicies`;
  at = { project: point('projects', sandbox.project), folder: point('folders', sandbox.folder), organization: point('organizations', sandbox.organization) };
});
afterAll(() => sandbox.close());

const EVERYBODY = 'principalSet://goog/public:all';
const RULE = { deniedPrincipals: [EVERYBODY], deniedPermissions: ['iam.googleapis.com/roles.create'] };
const rules = (changed: object = {}): object => ({ rules: [{ denyRule: { ...RULE, ...changed } }] });
const create = (parent: string, id: string, body: object = rules()): Promise<JsonAnswer> => google('POST', `${parent}?policyId=${id}`, body);
const refused = (status: number, code: string, message = ''): object => ({ status, json: { error: expect.objectContaining({ code: status, status: code, message: expect.stringContaining(message) as string }) } });
const made = async (id: string): Promise<{ readonly etag: string }> => {
  await create(at.project, id, { displayName: 'Before', annotations: { by: 'us' }, ...rules() });
  return (await google('GET', `${at.project}/${id}`)).json as { readonly etag: string };
};

it('each of the three has deny policies of its own; the project is told by its number, and lists tell no rules', async () => {
  for (const parent of Object.values(at)) expect(await create(parent, 'no-roles')).toMatchObject({ status: 200, json: { done: true, response: { kind: 'DenyPolicy', ...rules() } } });
  const name = `policies/cloudresourcemanager.googleapis.com%2Fprojects%2F${sandbox.projectNumber}/denypolicies/no-roles`;
  expect(await google('GET', `${at.project.replace(sandbox.project, sandbox.projectNumber)}/no-roles`)).toMatchObject({ status: 200, json: { name, ...rules() } });
  const { policies } = (await google('GET', at.project)).json as { readonly policies: readonly object[] };
  expect(policies).toEqual([expect.not.objectContaining({ rules: expect.anything() as unknown })]);
  expect(await google('DELETE', `${at.folder}/no-roles`)).toMatchObject({ status: 200, json: { done: true } });
  expect(sandbox.snapshot()).toMatchObject({ denyPolicies: [{ policyId: 'no-roles' }], folder: { denyPolicies: [] }, organization: { denyPolicies: [{ policyId: 'no-roles' }] } });
  expect(await google('GET', `${at.folder}/no-roles`)).toMatchObject(refused(404, 'NOT_FOUND', 'Policy "policies/cloudresourcemanager.googleapis.com%2Ffolders'));
});

it('what is encoded once is not found, and of what is another\'s nothing is told', async () => {
  expect((await google('GET', at.project.replaceAll('%252F', '%2F'))).status).toBe(404);
  expect(await google('GET', at.project.replace(sandbox.project, 'somebody-elses'))).toMatchObject(refused(403, 'PERMISSION_DENIED', 'iam.denypolicies'));
});

it('an update replaces rules and display name as long as nobody has written since, and leaves annotations as they were made', async () => {
  const before = await made('no-update');
  const after = { ...before, displayName: 'After', annotations: {}, ...rules({ deniedPermissions: ['iam.googleapis.com/*.delete'] }) };
  expect(await google('PUT', `${at.project}/no-update`, after)).toMatchObject({ status: 200, json: { response: { displayName: 'After', annotations: { by: 'us' } } } });
  expect(await google('PUT', `${at.project}/no-update`, after)).toMatchObject(refused(409, 'ABORTED'));
  expect(await google('DELETE', `${at.project}/no-update?etag=${encodeURIComponent(before.etag)}`)).toMatchObject(refused(409, 'ABORTED'));
  expect(await create(at.project, 'no-update')).toMatchObject(refused(409, 'ALREADY_EXISTS'));
});

it.each<[string, object]>([
  ['a rule without principals', rules({ deniedPrincipals: [] })], ['no rule', {}], ['a rule without permissions', rules({ deniedPermissions: [] })], ['a permission of v1', rules({ deniedPermissions: ['iam.roles.create'] })],
  ['a member of an allow policy', rules({ deniedPrincipals: ['user:ann@example.com'] })], ['everybody as an exception', rules({ exceptionPrincipals: [EVERYBODY] })],
  ['a condition without words', rules({ denialCondition: { title: 't' } })], ['a field that there is not', rules({ principals: [] })], ['a long name', { displayName: 'x'.repeat(64), ...rules() }],
])('refuses %s', async (_, body) => expect(await create(at.project, 'no-sense', body)).toMatchObject(refused(400, 'INVALID_ARGUMENT')));

it('whoever is deleted stays in the rules under a name that says who it was', async () => {
  const { email, uniqueId } = (await google('POST', `/v1/projects/${sandbox.project}/serviceAccounts`, { accountId: 'robot-1', serviceAccount: {} })).json as { readonly email: string; readonly uniqueId: string };
  const principal = `principal://iam.googleapis.com/projects/-/serviceAccounts/${email}`;
  await create(at.project, 'no-robots', rules({ deniedPrincipals: [principal] }));
  await google('DELETE', `/v1/projects/-/serviceAccounts/${email}`);
  expect((await google('GET', `${at.project}/no-robots`)).json).toMatchObject(rules({ deniedPrincipals: [`deleted:${principal}?uid=${uniqueId}`] }));
});

import { jsonClient } from '../cloud/json-client';
import type { JsonAnswer, JsonClient } from '../cloud/json-client';
import { startSandboxGcp } from './start-sandbox-gcp';
import type { SandboxGcp } from './start-sandbox-gcp';

let sandbox: SandboxGcp;
let google: JsonClient;
let parent: string;
beforeAll(async () => {
  sandbox = await startSandboxGcp();
  google = jsonClient(sandbox.url);
  parent = `organizations/${sandbox.organization}/locations/global`;
});
afterAll(() => sandbox.close());

const RULE = { resources: ['//cloudresourcemanager.googleapis.com/projects/web-shop'], effect: 'ALLOW' };
const ANN = "principal.type == 'iam.googleapis.com/WorkspaceIdentity' && principal.subject == 'ann@sandbox.example'";
const policies = (): string => `/v3/${parent}/principalAccessBoundaryPolicies`;
const bindings = (): string => `/v3/${parent}/policyBindings`;
const create = (id: string, body: object = { details: { rules: [RULE] } }): Promise<JsonAnswer> => google('POST', `${policies()}?principalAccessBoundaryPolicyId=${id}`, body);
const binding = (policy: string, more: object = {}): object => ({
  policy: `${parent}/principalAccessBoundaryPolicies/${policy}`, policyKind: 'PRINCIPAL_ACCESS_BOUNDARY', condition: { expression: ANN },
  target: { principalSet: `//iam.googleapis.com/locations/global/workspace/${sandbox.directory.customer}` }, ...more,
});
const bind = (id: string, body: object): Promise<JsonAnswer> => google('POST', `${bindings()}?policyBindingId=${id}`, body);
const refused = (status: number, code: string, message = ''): object => ({ status, json: { error: expect.objectContaining({ code: status, status: code, message: expect.stringContaining(message) as string }) } });

it('a boundary is made, read, changed by its etag and deleted, and gets the newest version where none is asked for', async () => {
  expect(await create('one')).toMatchObject({ status: 200, json: { done: true, response: { name: `${parent}/principalAccessBoundaryPolicies/one`, details: { rules: [RULE], enforcementVersion: '4' } } } });
  expect(await create('one')).toMatchObject(refused(409, 'ALREADY_EXISTS'));
  const { etag } = (await google('GET', `${policies()}/one`)).json as { readonly etag: string };
  const patch = (body: object, mask: string): Promise<JsonAnswer> => google('PATCH', `${policies()}/one?updateMask=${mask}`, body);
  expect(await patch({ displayName: 'One', annotations: { by: 'us' }, etag }, 'displayName')).toMatchObject({ status: 200, json: { response: { displayName: 'One', details: { rules: [RULE] } } } });
  expect(await patch({ displayName: 'Two', etag }, 'displayName')).toMatchObject(refused(409, 'ABORTED'));
  expect(await patch({ uid: '1' }, 'uid')).toMatchObject(refused(400, 'INVALID_ARGUMENT', 'uid'));
  expect(await google('GET', policies())).toMatchObject({ json: { principalAccessBoundaryPolicies: [{ displayName: 'One' }] } });
  expect(await google('DELETE', `${policies()}/one`)).toMatchObject({ status: 200, json: { done: true } });
  expect(await google('GET', `${policies()}/one`)).toMatchObject(refused(404, 'NOT_FOUND'));
});

it.each([
  ['a name with capitals', 'One', {}, 'policy ID'],
  ['no rules', 'two', { details: { rules: [] } }, '1 to 500 rules'],
  ['a rule that forbids', 'two', { details: { rules: [{ ...RULE, effect: 'DENY' }] } }, 'ALLOW'],
  ['a rule about nothing', 'two', { details: { rules: [{ effect: 'ALLOW' }] } }, 'Invalid resource'],
  ['something else than what Resource Manager has', 'two', { details: { rules: [{ ...RULE, resources: ['//storage.googleapis.com/b'] }] } }, 'Invalid resource'],
  ['a version that there is not', 'two', { details: { rules: [RULE], enforcementVersion: '99' } }, '99'],
  ['an unknown word', 'two', { details: { rules: [RULE], denied: true } }, 'denied'],
])('a boundary with %s is refused', async (_, id, body, says) => {
  expect(await create(id, 'details' in body ? body : undefined)).toMatchObject(refused(400, 'INVALID_ARGUMENT', says));
});

it('what binds a boundary keeps it from being deleted, and ends with it where that is forced', async () => {
  await create('three');
  expect(await bind('b-one', binding('three'))).toMatchObject({ status: 200, json: { response: { policyKind: 'PRINCIPAL_ACCESS_BOUNDARY', condition: { expression: ANN } } } });
  const { etag } = (await google('GET', `${bindings()}/b-one`)).json as { readonly etag: string };
  expect(await google('PATCH', `${bindings()}/b-one?updateMask=policy`, { policy: 'other', etag })).toMatchObject(refused(400, 'INVALID_ARGUMENT', 'policy'));
  expect(await google('DELETE', `${bindings()}/b-one?etag=stale`)).toMatchObject(refused(409, 'ABORTED'));
  expect(await google('DELETE', `${policies()}/three`)).toMatchObject(refused(400, 'FAILED_PRECONDITION'));
  expect(sandbox.snapshot()).toMatchObject({ accessBoundaries: [{ policyId: 'three' }], policyBindings: [{ bindingId: 'b-one', expression: ANN }] });
  expect(await google('DELETE', `${policies()}/three?force=true`)).toMatchObject({ status: 200 });
  expect(sandbox.snapshot()).toMatchObject({ accessBoundaries: [], policyBindings: [] });
});

it('nothing is bound to a policy or a set that is not there, under other words of a principal, or beyond what Google holds', async () => {
  await create('four');
  expect(await bind('b-two', binding('gone'))).toMatchObject(refused(404, 'NOT_FOUND'));
  expect(await bind('b-two', binding('four', { target: { principalSet: '//cloudresourcemanager.googleapis.com/projects/web-shop' } }))).toMatchObject(refused(400, 'INVALID_ARGUMENT', 'principal set'));
  expect(await bind('b-two', binding('four', { policyKind: 'ACCESS' }))).toMatchObject(refused(400, 'INVALID_ARGUMENT', 'kind'));
  for (const expression of ["resource.name == 'x'", '', "principal.type == 'iam.googleapis.com/Robot'", `principal.subject == '${'x'.repeat(240)}'`]) {
    expect(await bind('b-two', binding('four', { condition: { expression } }))).toMatchObject(refused(400, 'INVALID_ARGUMENT', 'condition'));
  }
  for (let index = 0; index < 10; index += 1) expect((await create(`many-${index}`)).status + (await bind(`m-${index}`, binding(`many-${index}`))).status).toBe(400);
  expect(await bind('b-two', binding('four'))).toMatchObject(refused(429, 'RESOURCE_EXHAUSTED', 'Maximum'));
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonClient } from '../cloud/json-client';
import type { JsonAnswer, JsonClient } from '../cloud/json-client';
import { startSandboxGcp } from './start-sandbox-gcp';
import type { SandboxGcp } from './start-sandbox-gcp';

const PROJECT = 'acme-prod';
const DAY_MS = 86_400_000;
let sandbox: SandboxGcp;
let google: JsonClient;
let now: number;
beforeEach(async () => {
  now = Date.UTC(2030, 0, 1);
  sandbox = await startSandboxGcp({ project: PROJECT, seed: 42, clock: () => now });
  google = jsonClient(sandbox.url);
});
afterEach(() => sandbox.close());

const ACCOUNTS = `/v1/projects/${PROJECT}/serviceAccounts`;
const ROLES = `/v1/projects/${PROJECT}/roles`;
const emailOf = (id: string): string => `${id}@${PROJECT}.iam.gserviceaccount.com`;
const refused = (status: number, code: string, message?: string): object =>
  ({ status, json: { error: expect.objectContaining({ code: status, status: code, ...(message === undefined ? {} : { message: expect.stringContaining(message) }) }) } });
type Fields = Readonly<Record<string, unknown>>;
async function ok(answer: Promise<JsonAnswer>): Promise<Fields> {
  const { status, json } = await answer;
  if (status !== 200) throw new Error(JSON.stringify(json));
  return json as Fields;
}
const create = (accountId: string, serviceAccount: object = {}): Promise<JsonAnswer> => google('POST', ACCOUNTS, { accountId, serviceAccount });
const createRole = (roleId: string, role: object = {}): Promise<JsonAnswer> => google('POST', ROLES, { roleId, role: { title: 'T', includedPermissions: ['iam.roles.get'], ...role } });
const getPolicy = (requestedPolicyVersion = 3): Promise<Fields> =>
  ok(google('POST', `/v3/projects/${PROJECT}:getIamPolicy`, { options: { requestedPolicyVersion } }));
const setPolicy = (policy: object): Promise<JsonAnswer> => google('POST', `/v3/projects/${PROJECT}:setIamPolicy`, { policy });

describe('service accounts', () => {
  it('are found by address, by id and behind the wildcard; a patch answers what changed and nothing else', async () => {
    const created = await ok(create('robot-1', { displayName: 'Robot', description: 'Works' }));
    expect(created).toEqual({
      name: `projects/${PROJECT}/serviceAccounts/${emailOf('robot-1')}`, projectId: PROJECT, uniqueId: expect.stringMatching(/^\d{21}$/), email: emailOf('robot-1'),
      displayName: 'Robot', etag: expect.any(String), description: 'Works', oauth2ClientId: created['uniqueId'],
    });
    const path = `${ACCOUNTS}/${emailOf('robot-1')}`;
    expect(await ok(google('GET', `${ACCOUNTS}/${String(created['uniqueId'])}`))).toEqual(created);
    expect(await ok(google('GET', `/v1/projects/-/serviceAccounts/${encodeURIComponent(emailOf('robot-1'))}?alt=json`))).toEqual(created);
    expect(await ok(google('PATCH', path, { serviceAccount: { description: 'Rests', displayName: 'Not asked' }, updateMask: 'description' }))).toEqual({ name: created['name'], description: 'Rests' });
    expect(await ok(google('PATCH', path, { serviceAccount: { etag: 'x' }, updateMask: 'display_name' }))).toEqual({ name: created['name'] });
    expect(await ok(google('POST', `${path}:disable`, {}))).toEqual({});
    const { displayName, ...rest } = created;
    expect([displayName, await ok(google('GET', path))]).toEqual(['Robot', { ...rest, description: 'Rests', disabled: true }]);
    await ok(google('POST', `${path}:enable`));
    expect(await ok(google('PUT', path, { displayName: 'Again' }))).toEqual({ ...created, displayName: 'Again', description: 'Rests' });
  });

  it('have names of one form and are one per name; what is absent is 404, behind the wildcard 403', async () => {
    await ok(create('robot-1'));
    expect(await create('robot-1')).toMatchObject(refused(409, 'ALREADY_EXISTS', `Service account robot-1 already exists within project projects/${PROJECT}.`));
    for (const id of ['short', 'Robot-1', '1robot-1', 'robot-1-', 'r'.repeat(31), undefined]) expect(await google('POST', ACCOUNTS, { accountId: id })).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    expect(await create('robot-2', { displayName: 'é'.repeat(51) })).toMatchObject(refused(400, 'INVALID_ARGUMENT', '100 bytes'));
    expect(await create('robot-2', { colour: 'red' })).toMatchObject(refused(400, 'INVALID_ARGUMENT', 'Unknown name "colour" at \'service_account\''));
    expect(await create('robot-2', { displayName: 7 })).toMatchObject(refused(400, 'INVALID_ARGUMENT', "Invalid value at 'service_account.display_name' (TYPE_STRING), 7"));
    expect(await google('PATCH', `${ACCOUNTS}/${emailOf('robot-1')}`, { serviceAccount: {}, updateMask: 'disabled' })).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    expect(await google('GET', `${ACCOUNTS}/${emailOf('robot-2')}`)).toMatchObject({
      status: 404, json: { error: { code: 404, status: 'NOT_FOUND', message: 'Unknown service account', errors: [{ domain: 'global', message: 'Unknown service account', reason: 'notFound' }] } },
    });
    expect(await google('DELETE', `${ACCOUNTS}/${emailOf('robot-2')}`)).toMatchObject(refused(404, 'NOT_FOUND'));
    expect(await google('GET', `/v1/projects/-/serviceAccounts/${emailOf('robot-2')}`)).toMatchObject(refused(403, 'PERMISSION_DENIED'));
    expect(sandbox.snapshot().serviceAccounts).toHaveLength(1);
  });

  it('are a hundred at most, listed in pages', async () => {
    expect(await ok(google('GET', ACCOUNTS))).toEqual({});
    for (let index = 0; index < 100; index += 1) await ok(create(`robot-${index + 100}`));
    expect(await create('one-more')).toMatchObject(refused(429, 'RESOURCE_EXHAUSTED', 'Maximum number'));
    const pages: number[] = [];
    for (let token: unknown = ''; token !== undefined;) {
      const page: Fields = await ok(google('GET', `${ACCOUNTS}?pageSize=40&pageToken=${String(token)}`));
      pages.push((page['accounts'] as unknown[]).length);
      token = page['nextPageToken'];
    }
    expect(pages).toEqual([40, 40, 20]);
    expect((await ok(google('GET', ACCOUNTS)))['accounts']).toHaveLength(20);
    expect(await google('GET', `${ACCOUNTS}?pageToken=x`)).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    expect(await google('GET', `${ACCOUNTS}?filter=x`)).toMatchObject(refused(400, 'INVALID_ARGUMENT', 'Cannot bind query parameter'));
  });

  it('come back for thirty days by their id, with the bindings that they had, unless another has taken the name', async () => {
    const { uniqueId } = await ok(create('robot-1'));
    const member = `serviceAccount:${emailOf('robot-1')}`;
    await ok(setPolicy({ bindings: [{ role: 'roles/viewer', members: [member] }] }));
    await ok(google('DELETE', `${ACCOUNTS}/${emailOf('robot-1')}`));
    expect(await google('GET', `${ACCOUNTS}/${String(uniqueId)}`)).toMatchObject(refused(404, 'NOT_FOUND'));
    const gone = { bindings: [{ role: 'roles/viewer', members: [`deleted:${member}?uid=${String(uniqueId)}`] }] };
    expect(await getPolicy()).toMatchObject(gone);
    expect(await setPolicy({ bindings: [{ role: 'roles/viewer', members: [member] }] })).toMatchObject(refused(400, 'INVALID_ARGUMENT', `Service account ${emailOf('robot-1')} does not exist.`));
    await ok(setPolicy({ ...gone, etag: (await getPolicy())['etag'] }));
    const undelete = (): Promise<JsonAnswer> => google('POST', `/v1/projects/-/serviceAccounts/${String(uniqueId)}:undelete`, {});
    expect(await ok(undelete())).toMatchObject({ restoredAccount: { uniqueId, email: emailOf('robot-1') } });
    expect(await getPolicy()).toMatchObject({ bindings: [{ role: 'roles/viewer', members: [member] }] });
    expect(await undelete()).toMatchObject(refused(400, 'FAILED_PRECONDITION'));
    await ok(google('DELETE', `${ACCOUNTS}/${emailOf('robot-1')}`));
    expect((await ok(create('robot-1')))['uniqueId']).not.toBe(uniqueId);
    expect(await undelete()).toMatchObject(refused(409, 'ALREADY_EXISTS'));
    await ok(google('DELETE', `${ACCOUNTS}/${emailOf('robot-1')}`));
    now += 30 * DAY_MS;
    expect(await undelete()).toMatchObject(refused(404, 'NOT_FOUND'));
  });
});

describe('custom roles', () => {
  it('are changed by mask, with an etag only in the state that it names', async () => {
    const created = await ok(createRole('Reader.v1', { description: 'Reads', stage: 'GA', includedPermissions: ['iam.roles.list', 'iam.roles.get'] }));
    expect(created).toEqual({ name: `projects/${PROJECT}/roles/Reader.v1`, title: 'T', description: 'Reads', includedPermissions: ['iam.roles.get', 'iam.roles.list'], stage: 'GA', etag: expect.any(String) });
    const path = `${ROLES}/Reader.v1`;
    expect(await ok(google('GET', path))).toEqual(created);
    const patched = await ok(google('PATCH', `${path}?updateMask=title,stage`, { title: 'U', stage: 'ALPHA', includedPermissions: [], etag: created['etag'] }));
    expect(patched).toEqual({ name: created['name'], title: 'U', description: 'Reads', includedPermissions: created['includedPermissions'], etag: expect.any(String) });
    expect(await google('PATCH', path, { title: 'V', etag: created['etag'] })).toMatchObject(refused(409, 'ABORTED'));
    expect(await ok(google('GET', ROLES))).toEqual({ roles: [{ name: created['name'], title: 'U', description: 'Reads', etag: patched['etag'] }] });
    expect(await ok(google('GET', `${ROLES}?view=FULL`))).toEqual({ roles: [patched] });
    expect(await createRole('Reader.v1')).toMatchObject(refused(409, 'ALREADY_EXISTS'));
    expect(await createRole('no')).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    expect(await createRole('named', { name: 'x' })).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    expect(await createRole('wild', { includedPermissions: ['iam.*'] })).toMatchObject(refused(400, 'INVALID_ARGUMENT', 'Permission iam.* is not valid.'));
    expect(await google('PATCH', `${path}?updateMask=name`, {})).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    expect(await google('GET', `${ROLES}/none`)).toMatchObject(refused(404, 'NOT_FOUND', `The role named projects/${PROJECT}/roles/none was not found.`));
  });

  it('are marked when deleted, come back for a week, and keep their id taken for thirty days more', async () => {
    await ok(createRole('reader'));
    const path = `${ROLES}/reader`;
    expect(await ok(google('DELETE', path))).toMatchObject({ deleted: true, title: 'T' });
    expect(await ok(google('GET', path))).toMatchObject({ deleted: true });
    expect([await ok(google('GET', ROLES)), await ok(google('GET', `${ROLES}?showDeleted=true`))]).toMatchObject([{}, { roles: [{ deleted: true }] }]);
    expect(await createRole('reader')).toMatchObject(refused(400, 'FAILED_PRECONDITION', "You can't create a role_id (reader) which has been marked for deletion."));
    expect(await google('PATCH', path, { title: 'U' })).toMatchObject(refused(400, 'FAILED_PRECONDITION'));
    expect(await google('DELETE', path)).toMatchObject(refused(400, 'FAILED_PRECONDITION'));
    expect(await setPolicy({ bindings: [{ role: `projects/${PROJECT}/roles/reader`, members: ['allUsers'] }] })).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    const restored = await ok(google('POST', `${path}:undelete`, {}));
    expect([restored, await google('POST', `${path}:undelete`, {})]).toMatchObject([{ title: 'T' }, refused(400, 'FAILED_PRECONDITION')]);
    await ok(google('DELETE', `${path}?etag=${encodeURIComponent(String(restored['etag']))}`));
    now += 7 * DAY_MS;
    expect(await google('POST', `${path}:undelete`, {})).toMatchObject(refused(400, 'FAILED_PRECONDITION'));
    now += 30 * DAY_MS - 1;
    expect(await createRole('reader')).toMatchObject(refused(400, 'FAILED_PRECONDITION'));
    now += 1;
    expect(await google('GET', path)).toMatchObject(refused(404, 'NOT_FOUND'));
    await ok(createRole('reader'));
  });
});

describe('the project and its allow policy', () => {
  it('is known by id and number and named by its number; another one is 403, without a list of errors', async () => {
    const name = `projects/${sandbox.projectNumber}`;
    expect(await ok(google('GET', `/v3/projects/${PROJECT}`))).toMatchObject({ name, projectId: PROJECT, state: 'ACTIVE' });
    expect(await ok(google('GET', `/v3/${name}?$alt=json%3Benum-encoding=int`))).toMatchObject({ name, state: 1 });
    const message = 'The caller does not have permission';
    expect((await google('GET', '/v3/projects/another')).json).toEqual({ error: { code: 403, message, status: 'PERMISSION_DENIED' } });
    expect(await google('GET', '/v1/projects/another/roles')).toMatchObject(refused(403, 'PERMISSION_DENIED', "Permission 'iam.roles.list' denied on resource"));
  });

  it('is replaced as a whole, sorted and merged; an etag of before loses', async () => {
    expect(await getPolicy()).toEqual({ version: 1, etag: 'ACAB' });
    const members = ['user:bob@example.com', 'user:ann@example.com'];
    const first = await ok(setPolicy({ version: 3, etag: 'ACAB', bindings: [
      { role: 'roles/viewer', members }, { role: 'roles/editor', members: ['group:team@example.com'] }, { role: 'roles/viewer', members: ['user:ann@example.com'] }, { role: 'roles/owner', members: [] },
    ] }));
    expect(first).toEqual({ version: 1, etag: expect.any(String), bindings: [
      { role: 'roles/editor', members: ['group:team@example.com'] }, { role: 'roles/viewer', members: [...members].sort() },
    ] });
    expect(await getPolicy()).toEqual(first);
    expect((await setPolicy({ etag: 'ACAB', bindings: [] })).json).toEqual({ error: {
      code: 409, status: 'ABORTED', message: 'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
    } });
    await ok(setPolicy({ bindings: [] }));
    expect(await getPolicy()).toEqual({ version: 1, etag: expect.not.stringContaining(String(first['etag'])) });
    const races = await Promise.all(Array.from({ length: 5 }, async () => setPolicy({ etag: (await getPolicy())['etag'], bindings: [] })));
    expect(races.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(races.every(({ status }) => status === 200 || status === 409)).toBe(true);
  });

  it('holds conditions in version 3 alone; who asks for less sees them under another role', async () => {
    const conditional = { role: 'roles/viewer', members: ['domain:example.com'], condition: { title: 'soon', expression: 'request.time < timestamp("2030-01-01T00:00:00Z")' } };
    const plain = { role: 'roles/viewer', members: ['allAuthenticatedUsers'] };
    expect(await setPolicy({ version: 1, bindings: [conditional] })).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    const set = await ok(setPolicy({ version: 3, bindings: [conditional, plain] }));
    expect(set).toMatchObject({ version: 3, bindings: [conditional, plain] });
    expect(await getPolicy(1)).toMatchObject({ version: 1, bindings: [{ role: expect.stringMatching(/^roles\/viewer_withcond_[0-9a-f]{20}$/), members: conditional.members }, plain] });
    expect(await setPolicy({ version: 1, etag: set['etag'], bindings: [plain] })).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    expect(await google('POST', `/v3/projects/${PROJECT}:getIamPolicy`, { options: { requestedPolicyVersion: 2 } })).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    for (const condition of [{ title: 't' }, { expression: 'true' }]) expect(await setPolicy({ version: 3, bindings: [{ ...plain, condition }] })).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
  });

  it.each(['ann@example.com', 'user:ann', 'robot:x@example.com', 'user:a b@example.com', 'serviceAccount:none@acme-prod.iam.gserviceaccount.com', ''])('refuses the member %j', async (member) => {
    expect(await setPolicy({ bindings: [{ role: 'roles/viewer', members: ['allUsers', member] }] })).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    expect(sandbox.snapshot().policy.bindings).toEqual([]);
  });

  it('lets survive what it does not know', async () => {
    const members = [
      'deleted:serviceAccount:x@acme-prod.iam.gserviceaccount.com?uid=123', 'principal://iam.googleapis.com/locations/global/workforcePools/p/subject/s',
      'serviceAccount:service-1@gcp-sa-x.iam.gserviceaccount.com',
    ];
    await ok(setPolicy({ bindings: [{ role: 'roles/x.y', members }] }));
    expect(await getPolicy()).toMatchObject({ bindings: [{ members }] });
  });

  it('says what the caller may do', async () => {
    const permissions = ['iam.serviceAccounts.create', 'iam.roles.list'];
    const test = (): Promise<Fields> => ok(google('POST', `/v3/projects/${PROJECT}:testIamPermissions`, { permissions }));
    expect(await test()).toEqual({ permissions });
    sandbox.faults.set({ accessDenied: ['iam.projects.roles.list'] });
    expect(await test()).toEqual({ permissions: ['iam.serviceAccounts.create'] });
    expect(await google('POST', `/v3/projects/${PROJECT}:testIamPermissions`, { permissions: ['iam.*'] })).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
  });
});

describe('misbehaviour', () => {
  it.each([
    ['throttle', refused(429, 'RESOURCE_EXHAUSTED', "Quota exceeded for quota metric 'Write requests'")], ['error', refused(503, 'UNAVAILABLE')],
    ['access-denied', refused(403, 'PERMISSION_DENIED', "Permission 'iam.serviceAccounts.create' denied")], ['credentials-rejected', refused(401, 'UNAUTHENTICATED')],
    ['concurrent-modification', refused(409, 'ABORTED')],
  ] as const)('%s: once, and nothing happened', async (kind, answer) => {
    sandbox.faults.next({ operation: 'iam.projects.serviceAccounts.create', subject: 'robot-1', kind });
    await ok(create('robot-2'));
    expect(await create('robot-1')).toMatchObject(answer);
    expect(sandbox.snapshot().serviceAccounts).toHaveLength(1);
    await ok(create('robot-1'));
  });

  it('lost-answer: the connection breaks, and it happened', async () => {
    sandbox.faults.at(1, 'lost-answer');
    await expect(create('robot-1')).rejects.toThrow('fetch failed');
    expect(await create('robot-1')).toMatchObject(refused(409, 'ALREADY_EXISTS'));
    expect([sandbox.calls(), sandbox.writes()]).toEqual([{ 'iam.projects.serviceAccounts.create': 2 }, 1]);
  });

  it('reads of a new account flap until they have caught up, while a second create is refused', async () => {
    sandbox.faults.set({ eventualConsistencyMs: 60_000, staleReads: 0.5 });
    await ok(create('robot-1'));
    const read = (): Promise<JsonAnswer> => google('GET', `${ACCOUNTS}/${emailOf('robot-1')}`);
    const reads: JsonAnswer[] = [];
    for (let times = 0; times < 20; times += 1) reads.push(await read());
    const [absent] = reads.filter(({ status }) => status === 404);
    expect(new Set(reads.map(({ status }) => status))).toEqual(new Set([200, 404]));
    expect(absent).toMatchObject(refused(404, 'NOT_FOUND', `Service account projects/${PROJECT}/serviceAccounts/${emailOf('robot-1')} does not exist.`));
    expect(await create('robot-1')).toMatchObject(refused(409, 'ALREADY_EXISTS'));
    now += 60_000;
    for (let times = 0; times < 20; times += 1) await ok(read());
  });

  it('a caller without a token, or with one that is revoked, is told so; what is unknown is not there', async () => {
    expect(await google('GET', ACCOUNTS, undefined, { authorization: '' })).toMatchObject(refused(401, 'UNAUTHENTICATED', 'missing required authentication credential'));
    sandbox.faults.set({ revokedAccessKeys: ['old'] });
    expect(await jsonClient(sandbox.url, { token: 'old' })('GET', ACCOUNTS)).toMatchObject(refused(401, 'UNAUTHENTICATED'));
    expect(await google('POST', '/v1/projects', {})).toMatchObject(refused(404, 'NOT_FOUND'));
    expect(await google('POST', `${ACCOUNTS}`, { accountId: 'x'.repeat(1024 * 1024) })).toMatchObject({ status: 413 });
  });
});

describe('the state file', () => {
  it('brings everything back, and is nobody else\'s', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sandbox-gcp-'));
    const options = { project: PROJECT, stateFile: join(directory, 'gcp.jsonl') };
    const first = await startSandboxGcp(options);
    google = jsonClient(first.url);
    await ok(create('robot-1', { displayName: 'Robot' }));
    await ok(create('robot-2'));
    await ok(google('DELETE', `${ACCOUNTS}/${emailOf('robot-2')}`));
    await ok(createRole('reader'));
    await ok(setPolicy({ bindings: [{ role: 'roles/viewer', members: ['allUsers'] }] }));
    const before = first.snapshot();
    await first.close();
    for (let times = 0; times < 2; times += 1) {
      const again = await startSandboxGcp(options);
      expect(again.snapshot()).toEqual(before);
      await again.close();
    }
    expect(before.serviceAccounts).toMatchObject([{ displayName: 'Robot', deleted: false }, { deleted: true }]);
    await expect(startSandboxGcp({ ...options, project: 'another-one' })).rejects.toThrow('keeps another account than another-one');
    await expect(startSandboxGcp({ project: 'X' })).rejects.toThrow('is not the id of a Google Cloud project');
    rmSync(directory, { recursive: true });
  });
});

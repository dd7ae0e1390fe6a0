import { jsonClient } from '../cloud/json-client';
import type { JsonAnswer, JsonClient } from '../cloud/json-client';
import { startSandboxGcp } from './start-sandbox-gcp';
import type { SandboxGcp } from './start-sandbox-gcp';

const DIRECTORY = { customer: 'C0sandbox', domain: 'acme.example' };
const PARENT = `customers/${DIRECTORY.customer}`;
const FORUM = 'cloudidentity.googleapis.com/groups.discussion_forum';
const SECURITY = 'cloudidentity.googleapis.com/groups.security';
let sandbox: SandboxGcp;
let google: JsonClient;
beforeEach(async () => {
  sandbox = await startSandboxGcp({ project: 'acme-prod', directory: DIRECTORY });
  google = jsonClient(sandbox.url);
});
afterEach(() => sandbox.close());

type Fields = Readonly<Record<string, unknown>>;
const refused = (status: number, code: string, message?: string): object =>
  ({ status, json: { error: expect.objectContaining({ code: status, status: code, ...(message === undefined ? {} : { message: expect.stringContaining(message) }) }) } });
async function ok(answer: Promise<JsonAnswer>): Promise<Fields> {
  const { status, json } = await answer;
  if (status !== 200) throw new Error(JSON.stringify(json));
  return json as Fields;
}
const emailOf = (name: string): string => `${name}@${DIRECTORY.domain}`;
const create = (id: string, more: object = {}): Promise<JsonAnswer> =>
  google('POST', '/v1/groups?initialGroupConfig=EMPTY', { parent: PARENT, groupKey: { id }, displayName: 'G', labels: { [FORUM]: '' }, ...more });
const made = async (name: string, more: object = {}): Promise<string> => String(((await ok(create(emailOf(name), more)))['response'] as Fields)['name']);
const search = (query: string, view = 'BASIC'): Promise<JsonAnswer> => google('GET', `/v1/groups:search?view=${view}&query=${encodeURIComponent(query)}`);
const join = (group: string, id: string, roles?: unknown): Promise<JsonAnswer> => google('POST', `/v1/${group}/memberships`, { preferredMemberKey: { id }, ...(roles === undefined ? {} : { roles }) });

describe('groups of the directory', () => {
  it('have one address each, in small letters, under the rules for names', async () => {
    const name = await made('Core.Team', { description: 'Works' });
    const group = await ok(google('GET', `/v1/${name}`));
    expect(group).toEqual({
      name, parent: PARENT, groupKey: { id: emailOf('core.team') }, additionalGroupKeys: [{ id: emailOf('core.team') }, { id: `${emailOf('core.team')}.test-google-a.com` }],
      displayName: 'G', description: 'Works', labels: { [FORUM]: '' }, createTime: expect.any(String), updateTime: expect.any(String),
    });
    expect(await create(emailOf('CORE.team'))).toMatchObject(refused(409, 'ALREADY_EXISTS', `Error(2018): Cannot create group '${emailOf('core.team')}' because it already exists.`));
    for (const id of ['none', 'a b@acme.example', '.a@acme.example', 'a..b@acme.example', 'abuse@acme.example', 'a@other.example', `${'a'.repeat(65)}@acme.example`]) expect(await create(id)).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    for (const more of [{ labels: {} }, { labels: { [FORUM]: '', 'wami/tenant': '' } }, { labels: { [FORUM]: 'x' } }, { displayName: 'x'.repeat(74) }, { description: 'x'.repeat(4_097) }, { colour: 'red' }])
      expect(await create(emailOf('crew'), more)).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    expect(await create(emailOf('crew'), { parent: 'customers/C0other' })).toMatchObject(refused(403, 'PERMISSION_DENIED'));
    expect(sandbox.snapshot().groups).toHaveLength(1);
  });

  it('are found by a search of clauses; one that is not there is 403', async () => {
    await made('core', { description: 'D' });
    await made('crew');
    const keys = async (query: string): Promise<unknown> => (((await ok(search(query)))['groups'] ?? []) as Fields[]).map(({ groupKey }) => (groupKey as Fields)['id']);
    expect(await keys(`parent == '${PARENT}' && group_key == 'CORE@acme.example'`)).toEqual([emailOf('core')]);
    expect(await keys(`parent == '${PARENT}' && group_key.startsWith('cr') && '${FORUM}' in labels`)).toEqual([emailOf('crew')]);
    expect([await keys(`parent == '${PARENT}' && display_name == 'H'`), await keys(`parent == '${PARENT}' && '${SECURITY}' in labels`)]).toEqual([[], []]);
    expect([(await search(`parent == '${PARENT}' && group_key == 'core@acme.example'`)).json, (await search(`parent == '${PARENT}' && group_key == 'core@acme.example'`, 'FULL')).json])
      .toEqual([{ groups: [expect.not.objectContaining({ description: 'D' })] }, { groups: [expect.objectContaining({ description: 'D' })] }]);
    expect(await search("group_key == 'core@acme.example'")).toMatchObject(refused(400, 'INVALID_ARGUMENT', 'parent'));
    expect(await search(`parent == '${PARENT}' && colour == 'red'`)).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    for (const method of ['GET', 'DELETE']) expect(await google(method, '/v1/groups/none')).toMatchObject(refused(403, 'PERMISSION_DENIED', '(or it may not exist)'));
    expect(await google('GET', `/v1/groups?parent=${PARENT}&view=FULL&pageSize=501`)).toMatchObject(refused(400, 'INVALID_ARGUMENT', '500'));
  });

  it('stay security groups once they are; a patch answers without the key and changes what it names', async () => {
    const name = await made('core');
    const patch = (mask: string, body: object): Promise<JsonAnswer> => google('PATCH', `/v1/${name}?updateMask=${mask}`, body);
    expect(await ok(patch('labels,display_name', { labels: { [FORUM]: '', [SECURITY]: '' }, displayName: 'H', description: 'Not asked' }))).toMatchObject({ done: true, response: { groupKey: {}, displayName: 'H' } });
    expect(await patch('labels', { labels: { [FORUM]: '' } })).toMatchObject(refused(400, 'INVALID_ARGUMENT', 'cannot be removed'));
    expect(await patch('groupKey', { groupKey: { id: emailOf('other') } })).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    expect(await patch('', {})).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    expect(sandbox.snapshot().groups).toMatchObject([{ email: emailOf('core'), displayName: 'H', description: '' }]);
  });

  it('take their memberships with them, and leave bindings that name somebody deleted', async () => {
    const [outer, inner] = [await made('outer'), await made('inner')];
    await ok(join(outer, emailOf('inner')));
    const set = (members: string[]): Promise<JsonAnswer> => google('POST', '/v3/projects/acme-prod:setIamPolicy', { policy: { bindings: [{ role: 'roles/viewer', members }] } });
    await ok(set([`group:${emailOf('inner')}`]));
    await ok(google('DELETE', `/v1/${inner}`));
    expect(sandbox.snapshot()).toMatchObject({ groups: [{ members: [] }], policy: { bindings: [{ members: [expect.stringMatching(/^deleted:group:inner@acme\.example\?uid=\d{21}$/)] }] } });
    expect(await set([`group:${emailOf('inner')}`])).toMatchObject(refused(400, 'INVALID_ARGUMENT', `Group ${emailOf('inner')} does not exist.`));
  });
});

describe('memberships', () => {
  it('are one for each member, with the role of a member at least, and are found from both ends', async () => {
    const [outer, other] = [await made('outer'), await made('other')];
    await made('inner');
    const { response } = await ok(join(outer, emailOf('Inner')));
    const { name } = response as { name: string };
    expect(response).toEqual({ '@type': 'type.googleapis.com/google.apps.cloudidentity.groups.v1.Membership', name: expect.stringMatching(new RegExp(`^${outer}/memberships/\\d+$`)), preferredMemberKey: { id: emailOf('inner') }, roles: [{ name: 'MEMBER' }] });
    expect(await ok(google('GET', `/v1/${name}`))).toMatchObject({ type: 'GROUP', createTime: expect.any(String) });
    expect(await join(outer, emailOf('inner'))).toMatchObject(refused(409, 'ALREADY_EXISTS'));
    expect(await join(outer, emailOf('outer'))).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    expect(await join(outer, emailOf('nobody'))).toMatchObject(refused(404, 'NOT_FOUND'));
    expect(await join(other, emailOf('inner'), [{ name: 'OWNER' }])).toMatchObject(refused(400, 'INVALID_ARGUMENT', 'MEMBER role must be specified'));
    await ok(join(other, emailOf('inner'), [{ name: 'MEMBER' }, { name: 'MANAGER' }]));
    const direct = (query: string): Promise<JsonAnswer> => google('GET', `/v1/groups/-/memberships:searchDirectGroups?query=${encodeURIComponent(query)}`);
    const { memberships = [] } = await ok(direct(`member_key_id == '${emailOf('inner')}' && '${FORUM}' in labels`));
    expect((memberships as Fields[]).map(({ groupKey, roles }) => [groupKey, roles])).toEqual(expect.arrayContaining([
      [{ id: emailOf('outer') }, [{ name: 'MEMBER' }]], [{ id: emailOf('other') }, [{ name: 'MEMBER' }, { name: 'MANAGER' }]],
    ]));
    expect(await direct(`member_key_id == '${emailOf('inner')}'`)).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
    const lookup = (): Promise<JsonAnswer> => google('GET', `/v1/${outer}/memberships:lookup?memberKey.id=${emailOf('inner')}`);
    expect(await ok(lookup())).toEqual({ name });
    expect(await ok(google('DELETE', `/v1/${name}`))).toEqual({ done: true });
    for (const answer of [await lookup(), await google('GET', `/v1/${name}`), await google('DELETE', `/v1/${name}`)]) expect(answer).toMatchObject(refused(404, 'NOT_FOUND', 'Error(4006): Membership does not exist.'));
  });

  it('are answered in pages', async () => {
    const crowd = await made('crowd');
    await Promise.all(Array.from({ length: 101 }, (_, index) => ok(join(crowd, `robot-${index}@web.iam.gserviceaccount.com`))));
    const seen = new Set<unknown>();
    const sizes: number[] = [];
    for (let token: unknown = ''; token !== undefined;) {
      const page = await ok(google('GET', `/v1/${crowd}/memberships?pageSize=40&pageToken=${String(token)}`));
      const members = page['memberships'] as Fields[];
      members.forEach(({ name }) => seen.add(name));
      sizes.push(members.length);
      token = page['nextPageToken'];
    }
    expect([sizes, seen.size]).toEqual([[40, 40, 21], 101]);
    expect(await google('GET', `/v1/${crowd}/memberships?pageSize=1001`)).toMatchObject(refused(400, 'INVALID_ARGUMENT'));
  });
});

describe('users of the directory', () => {
  const USERS = '/admin/directory/v1/users';
  const insert = (name: string, more: object = {}): Promise<JsonAnswer> =>
    google('POST', USERS, { primaryEmail: emailOf(name), name: { givenName: 'Ann', familyName: 'Person' }, password: 'Secret-word-1', ...more });
  const said = (status: number, reason: string): object => ({ status, json: { error: { code: status, message: expect.any(String), errors: [expect.objectContaining({ domain: 'global', reason })] } } });

  it('are found by id and by every address, one of each in the directory; what the rules forbid is refused', async () => {
    const user = await ok(insert('Ann', { externalIds: [{ type: 'custom', customType: 'x', value: 'y' }] }));
    expect(user).toMatchObject({ primaryEmail: emailOf('ann'), name: { fullName: 'Ann Person' }, externalIds: [{ value: 'y' }], customerId: DIRECTORY.customer });
    expect(user).not.toHaveProperty('password');
    for (const key of [String(user['id']), emailOf('ANN')]) expect(await ok(google('GET', `${USERS}/${key}`))).toEqual(user);
    await made('crew');
    for (const name of ['ann', 'crew']) expect(await insert(name)).toMatchObject(said(409, 'duplicate'));
    expect(await create(emailOf('ann'))).toMatchObject(refused(409, 'ALREADY_EXISTS'));
    for (const more of [{ password: 'short' }, { password: 'größer-als-8' }, { name: { givenName: 'x'.repeat(61), familyName: 'P' } }, { name: { givenName: '<', familyName: 'P' } }, { externalIds: [{ value: 'x'.repeat(2_048) }] }, { primaryEmail: 'bob@other.example' }, { primaryEmail: emailOf('b+b') }])
      expect(await insert('bob', more)).toMatchObject(said(400, 'invalid'));
    for (const more of [{ password: undefined }, { name: { givenName: 'Bob' } }]) expect(await insert('bob', more)).toMatchObject(said(400, 'required'));
    expect(await google('GET', `${USERS}/${emailOf('bob')}`)).toMatchObject(said(404, 'notFound'));
    expect([await google('GET', USERS), await google('GET', `${USERS}?customer=C0other`), await google('GET', `${USERS}?customer=my_customer&maxResults=501`)]).toMatchObject([said(400, 'badRequest'), said(403, 'forbidden'), said(400, 'invalid')]);
    expect(await ok(google('GET', `${USERS}?customer=my_customer`))).toMatchObject({ users: [{ id: user['id'] }] });
  });

  it('keep the address of before as an alias, and memberships and bindings under their new one', async () => {
    const group = await made('crew');
    const { id } = await ok(insert('ann'));
    await ok(join(group, emailOf('ann')));
    await ok(google('POST', '/v3/projects/acme-prod:setIamPolicy', { policy: { bindings: [{ role: 'roles/viewer', members: [`user:${emailOf('ann')}`] }] } }));
    expect(await ok(google('PUT', `${USERS}/${String(id)}`, { primaryEmail: emailOf('anna') }))).toMatchObject({ aliases: [emailOf('ann')], name: { givenName: 'Ann' } });
    expect(sandbox.snapshot()).toMatchObject({ groups: [{ members: [emailOf('anna')] }], policy: { bindings: [{ members: [`user:${emailOf('anna')}`] }] }, users: [{ aliases: [emailOf('ann')] }] });
    expect([await insert('ann'), await ok(google('GET', `${USERS}/${emailOf('ann')}`))]).toMatchObject([said(409, 'duplicate'), { primaryEmail: emailOf('anna') }]);
    expect((await google('DELETE', `${USERS}/${String(id)}/aliases/${emailOf('ann')}`)).status).toBe(204);
    await ok(insert('ann'));
    expect((await google('DELETE', `${USERS}/${emailOf('anna')}`)).status).toBe(204);
    expect(sandbox.snapshot()).toMatchObject({ groups: [{ members: [] }], policy: { bindings: [{ members: [`deleted:user:${emailOf('anna')}?uid=${String(id)}`] }] }, users: [{ email: emailOf('ann') }] });
    expect(await google('DELETE', `${USERS}/${emailOf('anna')}`)).toMatchObject(said(404, 'notFound'));
  });
});

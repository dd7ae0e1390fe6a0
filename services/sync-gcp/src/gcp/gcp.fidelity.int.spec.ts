import { join } from 'node:path';
import { startSandboxGcp } from '@wami/sandbox';
import type { ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { Discovery, type Exchange } from '../spec-support/discovery';
import { PERMISSIONS } from '../spec-support/gcp-hands';
import type { Respond } from '../spec-support/recording-server';
import { context, credentials, desired, DIRECTORY, EMPTY_POLICY, folder, handlerOf, NOTHING, pathOf, PROJECT, recordings, withAdapter } from '../spec-support/recordings';
import { AllowPolicy } from './allow-policy';
import { granting, revoking, type BindingsEdit } from './bindings';
import { GcpClient } from './gcp.client';
import { gcpSettings } from './gcp.config';

/** How many. */
async function listedBy(handler: ResourceHandler): Promise<number> {
  let found = 0;
  for await (const page of handler.list(context())) found += page.length;
  return found;
}

/** Every operation that the adapter has, through the sandbox. */
async function everything(target: ProviderTarget): Promise<void> {
  const [accounts, policies, groups, users] = ['service-account', 'policy', 'group', 'user'].map((kind) => handlerOf(target, kind)) as [ResourceHandler, ResourceHandler, ResourceHandler, ResourceHandler];
  const role = desired('policy', 'reader', { description: 'Reads', providerDocuments: { gcp: { includedPermissions: PERMISSIONS, title: 'Reader', stage: 'BETA' } } });
  await target.validateCredentials(context());
  const { observed: policy } = await policies.create(role, context());
  const { observed: account } = await accounts.create(desired('service-account', 'deployer', { displayName: 'Deployer' }, ['reader']), context());
  expect(await accounts.observe({ mark: account.mark ?? role.mark, names: ['deployer'] }, ['policies'], context())).toEqual(account);
  await accounts.update(desired('service-account', 'deployer'), account, { ...NOTHING, fields: { description: 'New' }, removeFrom: { policies: ['absent'] } }, context());
  const [keys, wanted] = [handlerOf(target, 'access-key'), { ...desired('access-key', 'aky_1', { status: 'inactive' }), owner: 'deployer' }];
  await keys.prepare?.(wanted, context());
  const { observed: key } = await keys.create(wanted, context());
  await keys.update(wanted, key, { ...NOTHING, fields: { status: 'active' } }, context());
  await keys.delete(key, context());
  await policies.update(role, policy, { ...NOTHING, fields: { title: 'Reader', includedPermissions: '[]' } }, context());
  const { observed: group } = await groups.create(desired('group', 'crew', {}, ['reader']), context());
  expect(await groups.observe({ mark: group.mark ?? role.mark, names: ['crew'] }, ['policies'], context())).toEqual(group);
  expect(await groups.observe({ mark: group.mark ?? role.mark, names: [], providerResourceId: group.providerResourceId }, ['policies'], context())).toEqual(group);
  await groups.update(desired('group', 'Crew'), group, { ...NOTHING, fields: { name: 'Crew' }, adopt: true }, context());
  const { observed: user } = await users.create({ ...desired('user', 'ann', { displayName: 'Ann Person' }), facets: { groups: ['Crew'], policies: ['reader'] } }, context());
  expect(await users.observe({ mark: user.mark ?? role.mark, names: ['ann'] }, ['groups', 'policies'], context())).toEqual(user);
  const { observed: renamed } = await users.update(desired('user', 'anna', { displayName: 'Anna' }), user, { ...NOTHING, fields: { name: 'anna', displayName: 'Anna' }, removeFrom: { groups: ['Crew'] }, adopt: true }, context());
  for (const handler of [accounts, policies, groups, users]) expect(await listedBy(handler)).toBeGreaterThan(0);
  await accounts.delete(account, context());
  await users.delete(renamed, context());
  await groups.delete(group, context());
  await policies.delete(policy, context());
  await policies.create(role, context());
}

const RULES = [{ description: 'Makes no roles', denyRule: { deniedPermissions: ['iam.googleapis.com/roles.*'], exceptionPermissions: ['iam.googleapis.com/roles.get'], exceptionPrincipals: ['principalSet://goog/group/admins@spec.example'], denialCondition: { title: 'Not in tests', expression: "!resource.matchTag('1/env', 'test')" } } }];

/** Every operation that deny policies need, through the sandbox. */
async function everythingDenied(target: ProviderTarget): Promise<void> {
  const [policies, groups] = ['policy', 'group'].map((kind) => handlerOf(target, kind)) as [ResourceHandler, ResourceHandler];
  const denial = desired('policy', 'no-roles', { providerDocuments: { gcp: { rules: RULES } } });
  const { observed: policy } = await policies.create(denial, context());
  expect(await policies.observe({ mark: denial.mark, names: ['no-roles'] }, [], context())).toEqual(policy);
  const { observed: group } = await groups.create(desired('group', 'crew-denied', {}, ['no-roles']), context());
  expect(await groups.observe({ mark: group.mark ?? denial.mark, names: ['crew-denied'] }, ['policies'], context())).toEqual(group);
  await policies.update(denial, policy, { ...NOTHING, fields: { displayName: 'No roles' } }, context());
  const listed: string[] = [];
  for await (const page of policies.list(context())) listed.push(...page.map(({ name }) => name));
  expect(listed).toContain('no-roles');
  await groups.delete(group, context());
  await policies.delete(policy, context());
}

/** Every operation that principal access boundaries need, through the sandbox. */
async function everythingBounded(target: ProviderTarget): Promise<void> {
  const [policies, users] = ['policy', 'user'].map((kind) => handlerOf(target, kind)) as [ResourceHandler, ResourceHandler];
  const details = { rules: [{ description: 'The shop', resources: ['//cloudresourcemanager.googleapis.com/projects/web-shop'], effect: 'ALLOW' }], enforcementVersion: '3' };
  const limit = desired('policy', 'pab-shop', { providerDocuments: { gcp: { displayName: 'Shop', details } } });
  const { observed: policy } = await policies.create(limit, context());
  expect(await policies.observe({ mark: limit.mark, names: ['pab-shop'] }, [], context())).toEqual(policy);
  await policies.update(limit, policy, { ...NOTHING, fields: { displayName: 'Shop' }, adopt: true }, context());
  const within = { ...desired('user', 'bounded', { displayName: 'B' }), boundary: policy.nativeArn };
  const { observed: user } = await users.create(within, context());
  expect(await users.observe({ mark: within.mark, names: ['bounded'] }, [], context())).toMatchObject({ shape: { fields: users.shape(within).fields } });
  await users.release?.(user, context());
  await users.update(within, { ...user, shape: { ...user.shape, fields: {} } }, { ...NOTHING, fields: { permissionsBoundary: policy.nativeArn }, adopt: true }, context());
  await users.delete(user, context());
  expect(await listedBy(policies)).toBeGreaterThan(0);
  await policies.delete(policy, context());
}

/** Every operation that differs at a folder or an organisation, through the sandbox. */
async function everythingAbove(target: ProviderTarget): Promise<void> {
  const [policies, groups] = ['policy', 'group'].map((kind) => handlerOf(target, kind)) as [ResourceHandler, ResourceHandler];
  const role = desired('policy', 'above', { providerDocuments: { gcp: { includedPermissions: PERMISSIONS } } });
  await target.validateCredentials(context());
  const { observed: policy } = await policies.create(role, context());
  const { observed: group } = await groups.create(desired('group', 'crew-above', {}, ['above']), context());
  expect(await groups.observe({ mark: group.mark ?? role.mark, names: ['crew-above'] }, ['policies'], context())).toEqual(group);
  expect(await policies.observe({ mark: role.mark, names: ['above'] }, [], context())).toEqual(policy);
  await policies.update(role, policy, { ...NOTHING, fields: { title: 'Reader' } }, context());
  for await (const page of policies.list(context())) expect(page.length).toBeGreaterThan(0);
  await groups.delete(group, context());
  await policies.delete(policy, context());
  await policies.delete((await policies.create(role, context())).observed, context());
}

it("every request and every answer is as Google's description of the API says", async () => {
  if (folder === undefined) return;
  const described = join(folder, 'api/google');
  const apis = ['iam.v1', 'iam.v2', 'cloudresourcemanager.v3', 'cloudidentity.v1', 'admin.directory_v1'].map((api) => `${api}.discovery.json`).concat('iam.v3.protobuf.json').map((file) => new Discovery(join(described, file)));
  const cloud = await startSandboxGcp({ directory: DIRECTORY });
  const respond: Respond = async (method, url, body, headers) => {
    const response = await fetch(cloud.url + url, { method, headers: { ...headers, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  try {
    const exchanges = await withAdapter(respond, async (target, passed) => (await everything(target), await everythingDenied(target), await everythingBounded(target), passed), cloud.project, { denyPolicies: true, accessBoundaries: `organizations:${cloud.organization}` });
    const above = [`organizations:${cloud.organization}`, `organizations:${cloud.organization}:folders:${cloud.folder}`];
    for (const account of above) await withAdapter(respond, async (target, passed) => (await everythingAbove(target), await everythingDenied(target), void (exchanges as Exchange[]).push(...passed)), account, { denyPolicies: true });
    for (const account of [PROJECT, 'organizations:1', 'organizations:1:folders:1']) await withAdapter(respond, async (target, passed) => {
      await expect(target.validateCredentials(context())).rejects.toMatchObject({ code: 'AuthExpired' });
      (exchanges as Exchange[]).push(...passed);
    }, account);
    const judged = exchanges.map((exchange) => apis.map((api) => api.judge(exchange)).find((verdict) => verdict !== undefined) ?? { operation: exchange.url, problems: ['no such operation'] });
    expect(judged.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect([...new Set(judged.map(({ operation }) => operation))].sort()).toEqual([
      ...['create', 'delete', 'get', 'list'].map((verb) => `cloudidentity.groups.${verb}`),
      ...['create', 'delete', 'lookup', 'searchDirectGroups'].map((verb) => `cloudidentity.groups.memberships.${verb}`),
      'cloudidentity.groups.patch', 'cloudidentity.groups.search',
      ...['folders', 'organizations', 'projects'].flatMap((kind) => ['get', 'getIamPolicy', 'search', 'setIamPolicy'].map((verb) => `cloudresourcemanager.${kind}.${verb}`)),
      'directory.users.aliases.delete', ...['delete', 'get', 'insert', 'list', 'update'].map((verb) => `directory.users.${verb}`),
      ...['organizations', 'projects'].flatMap((home) => ['create', 'delete', 'get', 'list', 'patch', 'undelete'].map((verb) => `iam.${home}.roles.${verb}`)),
      ...['policyBindings', 'principalAccessBoundaryPolicies'].flatMap((kind) => ['create', 'delete', 'get', 'list', 'patch'].map((verb) => `iam.organizations.locations.${kind}.${verb}`)),
      ...['createPolicy', 'delete', 'get', 'listPolicies', 'update'].map((verb) => `iam.policies.${verb}`),
      ...['create', 'delete', 'get', ...['create', 'delete', 'disable', 'enable', 'list'].map((verb) => `keys.${verb}`), 'list', 'patch'].map((verb) => `iam.projects.serviceAccounts.${verb}`),
    ].sort());
  } finally {
    await cloud.close();
  }
});

/** What the adapter does that leads to this request, and what comes of it. */
function outcome(accounts: ResourceHandler, { method, url, requestBody }: Exchange): Promise<unknown> {
  const name = pathOf(url).replace(/^.*\//, '').replace(/@.*$/, '');
  const { accountId = name, serviceAccount = {} } = (requestBody ?? {}) as { accountId?: string; serviceAccount?: { displayName?: string; description?: string } };
  const { displayName = '', description = '' } = serviceAccount;
  const wanted = desired('service-account', accountId, { displayName, description });
  const standing = { providerResourceId: '1', nativeArn: '', name, shape: { fields: { name, displayName: '', description: '' }, tags: {}, facets: {} }, facetsRead: [] };
  switch (method) {
    case 'POST': return accounts.create(wanted, context()).then(({ observed }) => observed.name);
    case 'PATCH': return accounts.update(wanted, standing, { ...NOTHING, fields: { displayName, description } }, context()).then(({ observed }) => observed.shape.fields);
    case 'DELETE': return accounts.delete(standing, context());
    default: return accounts.observe({ mark: wanted.mark, names: [name] }, [], context()).then((found) => found?.name);
  }
}

it('recorded calls about service accounts are made in the same shape, and recorded answers lead to the right end', async () => {
  const files = recordings('service-account');
  expect(files.length >= 9).toBe(folder !== undefined);
  for (const [file, exchanges] of files) {
    for (const recorded of exchanges.filter(({ url }) => /\/v1\/projects\/[^/]+\/serviceAccounts(\/[^/:]+)?\?/.test(url))) {
      const answer: Respond = async (_, url) => (url.includes('IamPolicy') ? EMPTY_POLICY : { status: recorded.status, body: recorded.responseBody });
      await withAdapter(answer, async (target, passed) => {
        const end = await outcome(handlerOf(target, 'service-account'), recorded).catch((error: { code: string }) => error.code);
        const sent = passed.at(-1);
        expect([file, sent?.method, pathOf(sent?.url ?? '')]).toEqual([file, recorded.method, pathOf(recorded.url)]);
        const { accountId, updateMask } = (recorded.requestBody ?? {}) as { accountId?: string; updateMask?: string };
        expect((sent?.requestBody as { accountId?: string } | undefined)?.accountId).toBe(accountId);
        if (updateMask !== undefined) expect((sent?.requestBody as { updateMask: string }).updateMask.split(',').sort()).toEqual(updateMask.replace('display_name', 'displayName').split(',').sort());
        expect([file, recorded.method, recorded.status, ended(end)]).toEqual([file, recorded.method, recorded.status, expectedEnd(recorded)]);
      });
    }
  }
}, 60_000);

const ended = (end: unknown): string => (end === undefined ? 'nothing' : end === 'AlreadyExists' ? 'taken' : 'it');
function expectedEnd({ method, status }: Exchange): string {
  if (status === 409) return 'taken';
  return status === 404 || method === 'DELETE' ? 'nothing' : 'it';
}

it('recorded calls about keys are made in the same shape, and recorded answers lead to the right end', async () => {
  const exchanges = recordings('service-account-key', ['unmarked']).flatMap(([, all]) => all).filter(({ method, url }) => url.includes('/keys') && (method !== 'GET' || /\/keys\?/.test(url)));
  expect(exchanges.length).toBe(folder === undefined ? 0 : 5);
  for (const recorded of exchanges) {
    await withAdapter(async () => ({ status: recorded.status, body: recorded.responseBody }), async (target, passed) => {
      const [keys, path] = [handlerOf(target, 'access-key'), pathOf(recorded.url).replace('/projects/-/', `/projects/${PROJECT}/`)];
      const wanted = { ...desired('access-key', 'aky_1'), owner: /serviceAccounts\/([^@]+)@/.exec(path)?.[1] ?? '' };
      const end = recorded.method === 'POST' ? await keys.create(wanted, context()).then(({ observed, secret }) => [observed.providerResourceId, secret?.slice(0, 27)])
        : recorded.method === 'GET' ? await keys.observe({ ...wanted, names: [], providerResourceId: '1' }, [], context()).then((found) => found?.nativeArn)
          : await keys.delete({ providerResourceId: '1', nativeArn: path.slice('/v1/'.length), name: 'aky_1', shape: { fields: {}, tags: {}, facets: {} }, facetsRead: [] }, context());
      expect(end).toEqual({ POST: ['1', 'This should really be a key'], GET: `${path.slice('/v1/'.length)}/1`, DELETE: undefined }[recorded.method]);
      expect([passed.length, passed[0]?.method, pathOf(passed[0]?.url ?? '')]).toEqual([1, recorded.method, path]);
      expect(passed[0]?.requestBody ?? {}).toMatchObject((recorded.requestBody ?? {}) as object);
    });
  }
});

/** What the adapter does about a group that leads to this request, and what comes of it. */
function groupOutcome(groups: ResourceHandler, { method, requestBody }: Exchange): Promise<unknown> {
  const { groupKey = { id: `abc123-group@${DIRECTORY.domain}` } } = (requestBody ?? {}) as { groupKey?: { id: string } };
  const name = groupKey.id.slice(0, groupKey.id.indexOf('@'));
  const wanted = desired('group', name);
  const standing = { providerResourceId: '0abcdef', nativeArn: 'groups/0abcdef', name, shape: { fields: { name }, tags: {}, facets: {} }, facetsRead: [] };
  switch (method) {
    case 'POST': return groups.create(wanted, context()).then(({ observed }) => [observed.providerResourceId, observed.name, observed.mark]);
    case 'PATCH': return groups.update(desired('group', name.toUpperCase()), standing, { ...NOTHING, fields: { name: name.toUpperCase() } }, context()).then(({ observed }) => [observed.providerResourceId, observed.name, undefined]);
    case 'DELETE': return groups.delete(standing, context());
    default: return groups.observe({ mark: wanted.mark, names: [name], providerResourceId: '0abcdef' }, [], context()).then((found) => found && [found.providerResourceId, found.name, found.mark]);
  }
}

it('recorded calls about groups are made in the same shape, and recorded answers lead to the right end', async () => {
  const NOBODY: Respond = async () => ({ status: 200, body: {} });
  const exchanges = recordings('group').flatMap(([file, all]) => all.map((recorded) => [file, recorded] as const)).filter(([, { url }]) => /\/groups(\/[^/]+)?\?/.test(url));
  expect(exchanges.length > 30).toBe(folder !== undefined);
  for (const [file, recorded] of exchanges) {
    // Recorded of the beta, whose requests about groups are those of v1.
    const isSame = (method: string, url: string): boolean => method === recorded.method && pathOf(url) === pathOf(recorded.url).replace('/v1beta1/', '/v1/');
    const answer: Respond = async (method, url, body, headers) => {
      if (isSame(method, url)) return { status: recorded.status, body: recorded.responseBody };
      return url.includes('IamPolicy') ? EMPTY_POLICY : NOBODY(method, url, body, headers);
    };
    await withAdapter(answer, async (target, passed) => {
      const end = await groupOutcome(handlerOf(target, 'group'), recorded).catch((error: { code: string }) => error.code);
      const sent = passed.find(({ method, url }) => isSame(method, url));
      expect([file, recorded.method, sent !== undefined]).toEqual([file, recorded.method, true]);
      const { displayName: _name, description: _text, ...rest } = (sent?.requestBody ?? {}) as Record<string, unknown>;
      if (recorded.method === 'POST') expect([rest, (recorded.requestBody as object)]).toEqual([expect.objectContaining({ parent: `customers/${DIRECTORY.customer}` }), expect.objectContaining(rest)]);
      const name = recorded.method === 'PATCH' ? 'ABC123-GROUP' : 'abc123-group';
      expect([file, recorded.method, recorded.status, end]).toEqual([file, recorded.method, recorded.status, recorded.status === 403 || recorded.method === 'DELETE' ? undefined
        : ['0abcdef', name, recorded.method === 'POST' ? desired('group', name).mark : undefined]]);
    });
  }
}, 60_000);

it('recorded memberships are made and ended in the same shape, and recorded answers lead to the right end', async () => {
  const exchanges = recordings('group-membership').flatMap(([, all]) => all).filter(({ url, method }) => /\/memberships(\/\d*)?(\?|$)/.test(url) && method !== 'GET');
  expect(exchanges.length >= 6).toBe(folder !== undefined);
  const standing = { providerResourceId: '1', nativeArn: 'users/1', name: 'test2', shape: { fields: {}, tags: {}, facets: {} }, facetsRead: [] };
  const wanted = { ...desired('user', 'test2'), ends: { groups: { crew: 'groups/0abcdef' } } };
  for (const recorded of exchanges) {
    const answer: Respond = async (method) => (method === 'GET' ? { status: 200, body: { name: 'groups/0abcdef/memberships/123' } } : { status: recorded.status, body: recorded.responseBody });
    await withAdapter(answer, async (target, passed) => {
      const change = recorded.method === 'POST' ? { addTo: { groups: ['crew'] } } : { removeFrom: { groups: ['crew'] } };
      expect((await handlerOf(target, 'user').update(wanted, standing, { ...NOTHING, ...change }, context())).rejected).toEqual([]);
      const sent = passed.at(-1);
      expect([sent?.method, pathOf(sent?.url ?? '')]).toEqual([recorded.method, pathOf(recorded.url).replace('/v1beta1/', '/v1/').replace(/\/$/, '')]);
      // Who is added becomes a plain member, whatever else was recorded.
      const roles = [{ name: 'MEMBER' }];
      expect(sent?.requestBody).toEqual(recorded.method === 'POST' ? { ...(recorded.requestBody as object), roles } : undefined);
    });
  }
});

type Bindings = readonly { readonly role: string; readonly members: readonly string[]; readonly condition?: unknown }[];
interface PolicyBody {
  readonly bindings?: Bindings;
  readonly etag?: string;
}
const pairs = ({ bindings = [] }: PolicyBody): Set<string> => new Set(bindings.filter(({ condition }) => !condition).flatMap(({ role, members }) => members.map((member) => `${role} ${member}`)));
const without = (from: Set<string>, these: Set<string>): string[] => [...from].filter((pair) => !these.has(pair));
const edit = (make: (role: string, member: string) => BindingsEdit) => (pair: string): BindingsEdit => make(pair.slice(0, pair.indexOf(' ')), pair.slice(pair.indexOf(' ') + 1));

it('recorded changes of an allow policy are made as they were recorded, with all that others have in it', async () => {
  const at = new Set<string>();
  for (const [file, exchanges] of [...recordings('project-policy', ['live', 'emulator']), ...recordings('secret-and-project-policy'), ...recordings('organization-policy', ['emulator'])]) {
    const policies = exchanges.filter(({ url }) => /\/(projects|organizations)\/[^/]+:(get|set)IamPolicy/.test(url));
    for (const [index, { url, requestBody, responseBody: stored }] of policies.entries()) {
      const before = policies[index - 1];
      if (!url.includes(':setIamPolicy') || !before?.url.includes(':getIamPolicy')) continue;
      const [read, written] = [before.responseBody as PolicyBody, (requestBody as { policy: PolicyBody }).policy];
      const edits = [...without(pairs(written), pairs(read)).map(edit(granting)), ...without(pairs(read), pairs(written)).map(edit(revoking))];
      if (edits.length === 0) continue;
      const [, kind = '', id = ''] = /\/(projects|organizations)\/([^/]+):/.exec(url) ?? [];
      at.add(kind);
      const answer: Respond = async (_, called) => ({ status: 200, body: called.includes(':getIamPolicy') ? read : stored });
      await withAdapter(answer, async (_, passed, endpoint) => {
        const policy = new AllowPolicy(new GcpClient(gcpSettings({ provider: 'gcp', account: kind === 'projects' ? id : `organizations:${id}`, endpoint, credentials })));
        expect((await policy.edit(edits, context())).map(({ error }) => error)).toEqual(edits.map(() => undefined));
        const sent = (passed.at(-1)?.requestBody as { policy: PolicyBody }).policy;
        expect(pathOf(passed.at(-1)?.url ?? '')).toBe(pathOf(url).replace('/v1/', '/v3/'));
        expect([file, [...pairs(sent)].sort(), sent.etag]).toEqual([file, [...pairs(written)].sort(), read.etag]);
      });
    }
  }
  expect([...at].sort()).toEqual(folder === undefined ? [] : ['organizations', 'projects']);
});

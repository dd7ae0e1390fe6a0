import { startSandboxGcp, type SandboxGcp } from '@wami/sandbox';
import type { CallContext, Changes, Desired, Observed, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { GcpHands, type DenyRule } from '../spec-support/gcp-hands';
import { startRecordingServer, type Respond } from '../spec-support/recording-server';
import { createGcpAdapter } from './gcp.adapter';

process.env['SPEC_GCP_DENY_TOKEN'] = 'spec-token';
const credentials = { type: 'bearer', token: 'env:SPEC_GCP_DENY_TOKEN' };
const context = (): CallContext => ({ signal: AbortSignal.timeout(20_000) });
const NOTHING = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };
const attaching = (...policies: string[]): Changes => ({ ...NOTHING, addTo: { policies } });
const detaching = (...policies: string[]): Changes => ({ ...NOTHING, removeFrom: { policies } });
const DENIED = ['iam.googleapis.com/roles.create'];
const OTHERS: DenyRule = { denyRule: { deniedPrincipals: ['principalSet://goog/public:all'], deniedPermissions: ['iam.googleapis.com/roles.delete'], exceptionPrincipals: ['principalSet://goog/group/admins@example.com'] } };

function desired(kind: string, name: string, policies: readonly string[] = [], rules: readonly object[] = [{ denyRule: { deniedPermissions: DENIED } }]): Desired {
  const gcp = name.includes('-') ? { rules } : { includedPermissions: ['iam.roles.get'] };
  return {
    name, mark: { instance: 'local', tenant: 'acme', id: `${kind}_${name}`, kind }, facets: policies.length === 0 ? {} : { policies }, document: kind === 'policy' ? { providerDocuments: { gcp } } : {},
  };
}

describe.each([
  ['a project', ({ project }: SandboxGcp) => ({ account: project })],
  ['a folder', ({ organization, folder }: SandboxGcp) => ({ account: `organizations:${organization}:folders:${folder}`, above: { scope: `folders/${folder}`, rolesIn: `organizations/${organization}` } })],
])('policies that deny, in %s', (_, placed) => {
  let cloud: SandboxGcp;
  let target: ProviderTarget;
  let hands: GcpHands;
  let policies: ResourceHandler;
  let groups: ResourceHandler;
  const handlerOf = (kind: string) => target.handler(kind) as ResourceHandler;
  const crew = (name: string) => `principalSet://goog/group/${name}@${cloud.directory.domain}`;
  const deniedBy = async (name: string) => (await hands.denyPolicy(name)).rules.map(({ denyRule: { deniedPrincipals, deniedPermissions, exceptionPermissions = [] } }) =>
    (deniedPermissions.every((permission) => exceptionPermissions.includes(permission)) ? [] : [...deniedPrincipals].sort()));
  const made = async (name: string, ...attached: string[]): Promise<Observed> => (await groups.create(desired('group', name, attached), context())).observed;

  beforeAll(async () => {
    cloud = await startSandboxGcp();
    const { account, above } = { above: undefined, ...placed(cloud) };
    target = createGcpAdapter().connect({ provider: 'gcp', account, endpoint: cloud.url, credentials, directory: cloud.directory, denyPolicies: true });
    hands = new GcpHands({ iam: cloud.url, resourceManager: cloud.url, project: cloud.project, token: 'theirs', denies: true, directory: { ...cloud.directory, url: cloud.url }, ...(above ? { above } : {}) });
    [policies, groups] = [handlerOf('policy'), handlerOf('group')];
    await hands.createDenyPolicy('of-others', [OTHERS]);
  });
  afterEach(() => cloud.faults.reset());
  afterAll(async () => {
    await target.close();
    await cloud.close();
  });

  it('deny nobody anything before they are attached, then those whom they are attached to, and nobody again after the last', async () => {
    const rules = [{ denyRule: { deniedPermissions: DENIED, exceptionPermissions: ['iam.googleapis.com/roles.list'] } }, { description: 'Two', denyRule: { deniedPermissions: ['iam.googleapis.com/*.delete'] } }];
    await policies.create(desired('policy', 'no-roles', [], rules), context());
    expect(await deniedBy('no-roles')).toEqual([[], []]);
    const [one, two] = [await made('one', 'no-roles'), await made('two', 'no-roles')];
    expect(await deniedBy('no-roles')).toEqual([[crew('one'), crew('two')], [crew('one'), crew('two')]]);
    await groups.update(desired('group', 'one'), one, detaching('no-roles'), context());
    expect(await deniedBy('no-roles')).toEqual([[crew('two')], [crew('two')]]);
    await groups.update(desired('group', 'two'), two, detaching('no-roles'), context());
    expect(await deniedBy('no-roles')).toEqual([[], []]);
    const { mark } = desired('policy', 'no-roles');
    expect((await policies.observe({ mark, names: ['no-roles'] }, [], context()))?.shape).toEqual(policies.shape(desired('policy', 'no-roles', [], rules)));
    expect((await hands.denyPolicy('of-others')).rules).toEqual([OTHERS]);
  });

  it('keep those whom they are about when their words change, and end with them', async () => {
    const { observed } = await policies.create(desired('policy', 'no-change'), context());
    await made('three', 'no-change');
    const other = desired('policy', 'no-change', [], [{ denyRule: { deniedPermissions: ['iam.googleapis.com/roles.*'] } }]);
    await policies.update(other, observed, { ...NOTHING, fields: { rules: policies.shape(other).fields['rules'] ?? '' } }, context());
    expect([await deniedBy('no-change'), (await hands.denyPolicy('no-change')).rules[0]?.denyRule.deniedPermissions]).toEqual([[[crew('three')]], ['iam.googleapis.com/roles.*']]);
    await policies.delete(observed, context());
    expect(await hands.names('policy')).not.toContain('no-change');
  });

  it('show as attached only what every rule says, and are put right rule by rule', async () => {
    await policies.create(desired('policy', 'no-drift', [], [{ denyRule: { deniedPermissions: DENIED } }, { denyRule: { deniedPermissions: ['iam.googleapis.com/roles.update'] } }]), context());
    const four = await made('four', 'no-drift');
    const look = async () => (await groups.observe({ mark: desired('group', 'four').mark, names: ['four'] }, ['policies'], context()))?.shape.facets;
    expect(await look()).toEqual({ policies: ['no-drift'] });
    const { rules } = await hands.denyPolicy('no-drift');
    const theirs = 'principalSet://goog/group/theirs@example.com';
    await hands.changeDenyPolicy('no-drift', rules.map(({ denyRule, ...rest }, index) => ({ ...rest, denyRule: { ...denyRule, deniedPrincipals: index === 0 ? [theirs] : denyRule.deniedPrincipals } })));
    expect(await look()).toEqual({ policies: [] });
    await groups.update(desired('group', 'four', ['no-drift']), four, attaching('no-drift'), context());
    expect([await look(), await deniedBy('no-drift')]).toEqual([{ policies: ['no-drift'] }, [[crew('four'), theirs].sort(), [crew('four')]]]);
  });

  it('deny nobody anything again where somebody made them deny everybody', async () => {
    const wanted = desired('policy', 'no-reins');
    const { observed } = await policies.create(wanted, context());
    const denyingEverybody = async (): Promise<Observed | undefined> => {
      const { rules } = await hands.denyPolicy('no-reins');
      await hands.changeDenyPolicy('no-reins', rules.map(({ denyRule: { exceptionPermissions: _excepted, ...denyRule }, ...rest }) => ({ ...rest, denyRule })));
      return policies.observe({ mark: wanted.mark, names: ['no-reins'] }, [], context());
    };
    const found = (await denyingEverybody()) ?? observed;
    expect(found.shape.fields['rules']).not.toBe(policies.shape(wanted).fields['rules']);
    await policies.update(wanted, found, { ...NOTHING, fields: { rules: policies.shape(wanted).fields['rules'] ?? '' } }, context());
    expect([await deniedBy('no-reins'), (await policies.observe({ mark: wanted.mark, names: ['no-reins'] }, [], context()))?.shape]).toEqual([[[]], policies.shape(wanted)]);
  });

  it('of others are not taken over where they deny everybody', async () => {
    const wanted = desired('policy', 'of-others');
    const found = (await policies.observe({ mark: wanted.mark, names: ['of-others'] }, [], context())) as Observed;
    await expect(policies.update(wanted, found, { ...NOTHING, adopt: true }, context())).rejects.toMatchObject({ code: 'InvalidRequest', options: { effect: 'none' } });
    expect((await hands.denyPolicy('of-others')).rules).toEqual([OTHERS]);
  });

  it('are written once for all that are attached at the same time, and read anew where somebody has changed them meanwhile', async () => {
    await policies.create(desired('policy', 'no-hurry'), context());
    const many = await Promise.all(Array.from({ length: 8 }, (_all, index) => made(`many-${index}`)));
    const updates = () => cloud.calls()['iam.policies.update'] ?? 0;
    const before = updates();
    cloud.faults.next({ kind: 'concurrent-modification', operation: 'iam.policies.update', times: 2 });
    const applied = await Promise.all(many.map((group) => groups.update(desired('group', group.name, ['no-hurry']), group, attaching('no-hurry'), context())));
    expect([applied.flatMap(({ rejected }) => rejected), await deniedBy('no-hurry')]).toEqual([[], [many.map(({ name }) => crew(name)).sort()]]);
    expect(updates() - before).toBeLessThanOrEqual(4);
  });

  it('leave nothing of somebody who was deleted', async () => {
    await policies.create(desired('policy', 'no-ghosts'), context());
    await groups.delete(await made('five', 'no-ghosts'), context());
    expect([await deniedBy('no-ghosts'), JSON.stringify(await hands.denyPolicy('no-ghosts'))]).toEqual([[[]], expect.not.stringContaining('five@')]);
  });

  it('deny before anything is given, and give back after it was taken', async () => {
    await policies.create(desired('policy', 'no-gap'), context());
    await policies.create(desired('policy', 'reader'), context());
    const six = await made('six');
    const writes: string[] = [];
    const traced: CallContext = { ...context(), request: (access, send, operation = '') => ((access === 'write' ? writes.push(operation) : 0), send()) };
    const written = async (changes: Changes) => (await groups.update(desired('group', 'six'), six, changes, traced), writes.splice(0).map((operation) => operation.split('.').at(-1)));
    expect(await written(attaching('no-gap', 'reader'))).toEqual(['update', 'setIamPolicy']);
    expect(await written(detaching('no-gap', 'reader'))).toEqual(['setIamPolicy', 'update']);
  });
});

it('a connection that does not say that it holds them calls nothing of theirs, and says why one is left out', async () => {
  const cloud = await startSandboxGcp();
  const target = createGcpAdapter().connect({ provider: 'gcp', account: cloud.project, endpoint: cloud.url, credentials });
  const [policies, accounts] = ['policy', 'service-account'].map((kind) => target.handler(kind)) as [ResourceHandler, ResourceHandler];
  try {
    expect(policies.check(desired('policy', 'no-roles'))).toMatchObject({ code: 'Unsupported', message: expect.stringContaining('`denyPolicies: true`') as string });
    await policies.create(desired('policy', 'reader'), context());
    const { observed } = await accounts.create(desired('service-account', 'robot-1', ['reader']), context());
    await accounts.observe({ mark: observed.mark ?? desired('service-account', 'robot-1').mark, names: ['robot-1'] }, ['policies'], context());
    for (const handler of [policies, accounts]) for await (const page of handler.list(context())) expect(page.length).toBe(1);
    const { rejected } = await accounts.update(desired('service-account', 'robot-1'), observed, detaching('no-roles', 'reader'), context());
    expect(rejected.map(({ name, error }) => [name, error.code])).toEqual([['no-roles', 'Unsupported']]);
    await accounts.delete(observed, context());
    const { mark } = desired('policy', 'no-roles');
    for (const reference of [{ mark, names: ['no-roles'] }, { mark, nativeArn: 'policies/p/denypolicies/no-roles', names: ['no-roles', 'roles'] }])
      await expect(policies.observe(reference, [], context())).rejects.toMatchObject({ code: 'Unsupported', options: { effect: 'none' } });
    expect(await policies.observe({ mark, nativeArn: 'projects/p/roles/gone', names: ['gone', 'no-roles'] }, [], context())).toBeUndefined();
    expect(Object.keys(cloud.calls()).filter((operation) => operation.startsWith('iam.policies.'))).toEqual([]);
  } finally {
    await target.close();
    await cloud.close();
  }
});

describe('an operation that Google has only begun', () => {
  const POLICY = { name: 'policies/cloudresourcemanager.googleapis.com%2Fprojects%2F123/denypolicies/no-roles', uid: '1', etag: 'e', displayName: 'no-roles', rules: [] };
  const OPERATION = { name: `${POLICY.name}/operations/7` };
  /** `until`: so many answers it gets before the time of the call is over. */
  const creating = async (answers: readonly object[], until = Infinity) => {
    const over = new AbortController();
    const polled: string[] = [];
    const request: CallContext['request'] = async (_access, send) => {
      const answer = await send();
      if (polled.length === until) over.abort();
      return answer;
    };
    const respond: Respond = async (method, url) => {
      if (method === 'POST') return { status: 200, body: OPERATION };
      polled.push(url);
      return { status: 200, body: answers[Math.min(polled.length, answers.length) - 1] };
    };
    const server = await startRecordingServer(respond);
    const target = createGcpAdapter().connect({ provider: 'gcp', account: 'web-shop', endpoint: server.url, credentials, denyPolicies: true });
    try {
      const end = await (target.handler('policy') as ResourceHandler).create(desired('policy', 'no-roles'), { signal: over.signal, request }).then(
        ({ observed: { providerResourceId } }) => providerResourceId, (error: { code: string; options: { effect: string } }) => [error.code, error.options.effect]);
      return { end, polled };
    } finally {
      await target.close();
      await server.close();
    }
  };

  it('is asked for until it has ended', async () => {
    const { end, polled } = await creating([OPERATION, { ...OPERATION, done: true, response: POLICY }]);
    expect([end, polled]).toEqual(['1', [1, 2].map(() => '/v2/policies/cloudresourcemanager.googleapis.com%252Fprojects%252F123/denypolicies/no-roles/operations/7')]);
  });

  it('ends in what Google says that it ended in', async () => {
    expect((await creating([{ ...OPERATION, done: true, error: { code: 6, message: 'Policy already exists.' } }])).end).toEqual(['AlreadyExists', 'none']);
    expect((await creating([{ ...OPERATION, done: true, error: { code: 8, message: 'Maximum number of deny policies reached.' } }])).end).toEqual(['LimitExceeded', 'none']);
  });

  it('is not waited for longer than the call has time, and may have come about', async () => {
    expect((await creating([OPERATION], 2)).end).toEqual(['Timeout', 'unknown']);
  });
});

it('WAMI denies nothing to the account that it signs in as', async () => {
  const cloud = await startSandboxGcp();
  const email = `robot-1@${cloud.project}.iam.gserviceaccount.com`;
  const issuer = await startRecordingServer(async () => ({ status: 200, body: { accessToken: 'spec-token', expireTime: new Date(Date.now() + 3_600_000).toISOString() } }));
  const target = createGcpAdapter().connect({
    provider: 'gcp', account: cloud.project, endpoint: cloud.url, endpoints: { iamcredentials: issuer.url }, denyPolicies: true, credentials: { type: 'impersonate', serviceAccount: email, source: credentials },
  });
  const [policies, accounts] = ['policy', 'service-account'].map((kind) => target.handler(kind)) as [ResourceHandler, ResourceHandler];
  try {
    expect(await target.validateCredentials(context())).toMatchObject({ principal: email });
    await policies.create(desired('policy', 'no-roles'), context());
    const { rejected } = await accounts.create(desired('service-account', 'robot-1', ['no-roles']), context());
    expect(rejected.map(({ name, error }) => [name, error.code, error.options.effect])).toEqual([['no-roles', 'InvalidRequest', 'none']]);
  } finally {
    await target.close();
    await Promise.all([cloud.close(), issuer.close()]);
  }
});

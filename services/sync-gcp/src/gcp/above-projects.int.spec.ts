import { startSandboxGcp, type SandboxGcp } from '@wami/sandbox';
import type { CallContext, Desired, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { GcpHands, PERMISSIONS, type Binding } from '../spec-support/gcp-hands';
import { createGcpAdapter } from './gcp.adapter';

process.env['SPEC_GCP_ABOVE_TOKEN'] = 'spec-token';
const credentials = { type: 'bearer', token: 'env:SPEC_GCP_ABOVE_TOKEN' };
const context = (): CallContext => ({ signal: AbortSignal.timeout(20_000) });
const CONDITION = { title: 'until spring', expression: 'request.time < timestamp("2099-03-01T00:00:00Z")' };
const NOTHING = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };

function desired(kind: string, name: string, policies: readonly string[] = []): Desired {
  return {
    name, mark: { instance: 'local', tenant: 'acme', id: `${kind}_${name}`, kind }, facets: policies.length === 0 ? {} : { policies },
    document: kind === 'policy' ? { providerDocuments: { gcp: { includedPermissions: PERMISSIONS } } } : {},
  };
}

describe.each([
  ['an organisation', ({ organization }: SandboxGcp) => ({ account: `organizations:${organization}`, scope: `organizations/${organization}` })],
  ['a folder', ({ organization, folder }: SandboxGcp) => ({ account: `organizations:${organization}:folders:${folder}`, scope: `folders/${folder}` })],
])('a connection for %s', (_, placed) => {
  let cloud: SandboxGcp;
  let target: ProviderTarget;
  let hands: GcpHands;
  let policies: ResourceHandler;
  let groups: ResourceHandler;
  const role = (id: string) => `organizations/${cloud.organization}/roles/${id}`;
  const member = (name: string) => `group:${name}@${cloud.directory.domain}`;
  const handlerOf = (kind: string) => target.handler(kind) as ResourceHandler;
  const handsAt = (scope?: string) => new GcpHands({
    iam: cloud.url, resourceManager: cloud.url, project: cloud.project, token: 'theirs', directory: { ...cloud.directory, url: cloud.url },
    ...(scope === undefined ? {} : { above: { scope, rolesIn: `organizations/${cloud.organization}` } }),
  });

  beforeEach(async () => {
    cloud = await startSandboxGcp();
    const { account, scope } = placed(cloud);
    target = createGcpAdapter().connect({ provider: 'gcp', account, endpoint: cloud.url, credentials, directory: cloud.directory });
    hands = handsAt(scope);
    [policies, groups] = [handlerOf('policy'), handlerOf('group')];
    await policies.create(desired('policy', 'shared'), context());
  });
  afterEach(async () => {
    await target.close();
    await cloud.close();
  });

  it('gives roles of the organisation in its own allow policy, where what others gave stays, and nowhere else', async () => {
    const theirs: Binding[] = [
      { role: role('shared'), members: ['user:ann@example.com'], condition: CONDITION },
      { role: role('shared'), members: ['user:ann@example.com'] }, { role: 'roles/viewer', members: ['domain:example.com'] },
    ];
    await hands.bind(...theirs);
    const atProject: Binding = { role: role('shared'), members: ['user:bob@example.com'] };
    await handsAt().bind(atProject);
    const asTheyStand = async () => (await hands.bindings()).map((binding) => JSON.stringify(binding)).sort();
    const before = await asTheyStand();

    const { observed } = await groups.create(desired('group', 'crew', ['shared']), context());
    expect(await groups.observe({ mark: desired('group', 'crew').mark, names: ['crew'] }, ['policies'], context())).toMatchObject({ shape: { facets: { policies: ['shared'] } } });
    expect((await hands.bindings()).find(({ role: given, condition }) => given === role('shared') && condition === undefined)?.members.slice().sort()).toEqual([member('crew'), 'user:ann@example.com'].sort());
    await groups.update(desired('group', 'crew'), observed, { ...NOTHING, removeFrom: { policies: ['shared'] } }, context());
    expect(await asTheyStand()).toEqual(before);
    expect(await handsAt().bindings()).toEqual([atProject]);
  });

  it('reads a policy anew that somebody changes at the same time, and loses nothing of theirs', async () => {
    cloud.faults.next({ kind: 'concurrent-modification', operation: `cloudresourcemanager.${placed(cloud).scope.split('/')[0]}.setIamPolicy` });
    const { rejected } = await groups.create(desired('group', 'crew', ['shared']), context());
    expect([rejected, await hands.bindings()]).toEqual([[], [{ role: role('shared'), members: [member('crew')] }]]);
  });

  it('a policy is given to nobody once it is deleted, and comes back with the new content', async () => {
    const { observed } = await policies.create(desired('policy', 'comes_back'), context());
    await groups.create(desired('group', 'crew', ['comes_back']), context());
    await policies.delete(observed, context());
    expect(await hands.bindings()).toEqual([]);
    const again = { ...desired('policy', 'comes_back'), document: { providerDocuments: { gcp: { includedPermissions: ['iam.serviceAccounts.get'] } } } };
    expect((await policies.create(again, context())).observed).toMatchObject({ nativeArn: role('comes_back'), shape: policies.shape(again) });
    expect(await hands.bindings()).toEqual([]);
  });

  it.each(['service-account', 'access-key'])('holds no %ss, and says where they are held', (held) => {
    expect([target.handler(held), target.capabilities?.find(({ kind }) => kind === held)]).toEqual([
      undefined, expect.objectContaining({ supported: false, reason: expect.stringContaining('service accounts stand in a project') as string }),
    ]);
  });

  it('which the credentials do not see is AuthExpired, and the message names what they see', async () => {
    const { account, scope } = placed(cloud);
    const other = createGcpAdapter().connect({ provider: 'gcp', account: account.replace(/\d+$/, '999'), endpoint: cloud.url, credentials });
    await expect(other.validateCredentials(context())).rejects.toMatchObject({ code: 'AuthExpired', message: expect.stringMatching(new RegExp(` ${scope.replace(/.*\//, '')}, .*999$`)) as string });
    await other.close();
    expect(await target.validateCredentials(context())).toMatchObject({ account });
  });
});

it.each([
  ['an organisation', ({ organization }: SandboxGcp) => [`organizations:${organization}`, `organizations/${organization}`]],
  ['a folder', ({ organization, folder }: SandboxGcp) => [`organizations:${organization}:folders:${folder}`, `folders/${folder}`]],
])('service accounts of a project whose connection names %s are given roles of the organisation there, and lose them before they go', async (_, scoped) => {
  const cloud = await startSandboxGcp();
  const [scope = '', above = ''] = scoped(cloud);
  const target = createGcpAdapter().connect({ provider: 'gcp', account: cloud.project, scope, endpoint: cloud.url, credentials });
  const handsAt = (node?: string) => new GcpHands({
    iam: cloud.url, resourceManager: cloud.url, project: cloud.project, token: 'theirs', ...(node === undefined ? {} : { above: { scope: node, rolesIn: `organizations/${cloud.organization}` } }),
  });
  const [accounts, policies] = ['service-account', 'policy'].map((kind) => target.handler(kind)) as [ResourceHandler, ResourceHandler];
  try {
    expect(await target.validateCredentials(context())).toMatchObject({ account: cloud.project });
    await policies.create(desired('policy', 'shared'), context());
    const { observed } = await accounts.create(desired('service-account', 'robot-1', ['shared']), context());
    expect(await handsAt(above).bindings()).toEqual([{ role: `organizations/${cloud.organization}/roles/shared`, members: [`serviceAccount:${handsAt().emailOf('robot-1')}`] }]);
    expect(await accounts.observe({ mark: desired('service-account', 'robot-1').mark, names: ['robot-1'] }, ['policies'], context())).toEqual(observed);
    expect(await handsAt().bindings()).toEqual([]);
    await accounts.delete(observed, context());
    expect(await handsAt(above).bindings()).toEqual([]);
  } finally {
    await target.close();
    await cloud.close();
  }
});

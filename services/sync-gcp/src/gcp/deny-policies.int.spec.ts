import { startSandboxGcp, type SandboxGcp } from '@wami/sandbox';
import type { CallContext, Changes, Desired, Observed, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { GcpHands, isRecord, whomItDenies, type DenyRule } from '../spec-support/gcp-hands';
import { startRecordingServer } from '../spec-support/recording-server';
import { createGcpAdapter } from './gcp.adapter';

process.env['SPEC_GCP_DENY_TOKEN'] = 'spec-token';
const credentials = { type: 'bearer', token: 'env:SPEC_GCP_DENY_TOKEN' };
const context = (): CallContext => ({ signal: AbortSignal.timeout(20_000) });
const NOTHING = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };
const attaching = (...policies: string[]): Changes => ({ ...NOTHING, addTo: { policies } });
const detaching = (...policies: string[]): Changes => ({ ...NOTHING, removeFrom: { policies } });
const DENIED = ['iam.googleapis.com/roles.create'];
const EVERYBODY = 'principalSet://goog/public:all';
const THEIRS = 'principalSet://goog/group/theirs@example.com';
const OTHERS: DenyRule = { denyRule: { deniedPrincipals: [EVERYBODY], deniedPermissions: ['iam.googleapis.com/roles.delete'], exceptionPrincipals: ['principalSet://goog/group/admins@example.com'] } };
const withoutMark = ({ description = '', ...rule }: DenyRule): DenyRule => ({ ...rule, description: description.slice(description.indexOf('] ') + 2) });

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
  /** What the policy says, behind WAMI's record, which may deny nobody anything. */
  const rulesOf = async (name: string): Promise<readonly DenyRule[]> => {
    const { rules } = await hands.denyPolicy(name);
    expect(rules.filter(isRecord).flatMap(whomItDenies)).toEqual([]);
    return rules.filter((rule) => !isRecord(rule));
  };
  const deniedBy = async (name: string) => (await rulesOf(name)).map(whomItDenies);
  /** Somebody else's hands on each rule behind the record; without a rule it goes. */
  const change = async (name: string, changed: (denyRule: DenyRule['denyRule'], index: number) => object, record: (rule: DenyRule) => readonly DenyRule[] = (rule) => [rule]) => {
    const all = (await hands.denyPolicy(name)).rules;
    await hands.changeDenyPolicy(name, [...all.filter(isRecord).flatMap(record), ...all.filter((rule) => !isRecord(rule)).map(({ denyRule, ...rest }, index) => ({ ...rest, denyRule: { ...denyRule, ...changed(denyRule, index) } }))]);
  };
  const lookAt = (wanted: Desired) => policies.observe({ mark: wanted.mark, names: [wanted.name] }, [], context()) as Promise<Observed>;
  /** As the engine does it: what differs is written, and the mark where it is gone. */
  const putRight = async (wanted: Desired) => {
    const [found, { fields }] = [await lookAt(wanted), policies.shape(wanted)];
    expect(found.shape.fields['rules']).not.toBe(fields['rules']);
    await policies.update(wanted, found, { ...NOTHING, fields: { rules: fields['rules'] ?? '' }, ...(found.mark ? {} : { adopt: true }) }, context());
    expect((await lookAt(wanted)).shape).toEqual(policies.shape(wanted));
  };
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
    expect((await lookAt(desired('policy', 'no-roles'))).shape).toEqual(policies.shape(desired('policy', 'no-roles', [], rules)));
    expect((await hands.denyPolicy('of-others')).rules).toEqual([OTHERS]);
  });

  it('keep those whom they are about when their words change, and end with them', async () => {
    const { observed } = await policies.create(desired('policy', 'no-change'), context());
    await made('three', 'no-change');
    const other = desired('policy', 'no-change', [], [{ denyRule: { deniedPermissions: ['iam.googleapis.com/roles.*'] } }]);
    await policies.update(other, observed, { ...NOTHING, fields: { rules: policies.shape(other).fields['rules'] ?? '' } }, context());
    expect([await deniedBy('no-change'), (await rulesOf('no-change'))[0]?.denyRule.deniedPermissions]).toEqual([[[crew('three')]], ['iam.googleapis.com/roles.*']]);
    await policies.delete(observed, context());
    expect(await hands.names('policy')).not.toContain('no-change');
  });

  it('show as attached only what every rule says, and are put right rule by rule', async () => {
    await policies.create(desired('policy', 'no-drift', [], [{ denyRule: { deniedPermissions: DENIED } }, { denyRule: { deniedPermissions: ['iam.googleapis.com/roles.update'] } }]), context());
    const four = await made('four', 'no-drift');
    const look = async () => (await groups.observe({ mark: desired('group', 'four').mark, names: ['four'] }, ['policies'], context()))?.shape.facets;
    expect(await look()).toEqual({ policies: ['no-drift'] });
    await change('no-drift', (_rule, index) => (index === 0 ? { deniedPrincipals: [THEIRS] } : {}));
    expect(await look()).toEqual({ policies: [] });
    await groups.update(desired('group', 'four', ['no-drift']), four, attaching('no-drift'), context());
    expect([await look(), await deniedBy('no-drift')]).toEqual([{ policies: ['no-drift'] }, [[crew('four')], [crew('four')]]]);
  });

  it('deny nobody anything again where somebody made them deny everybody', async () => {
    const wanted = desired('policy', 'no-reins');
    await policies.create(wanted, context());
    await change('no-reins', () => ({ exceptionPermissions: [] }), () => []);
    expect((await lookAt(wanted)).mark).toBeUndefined();
    await change('no-reins', ({ deniedPermissions }) => ({ exceptionPermissions: deniedPermissions }));
    await policies.update(wanted, await lookAt(wanted), { ...NOTHING, adopt: true }, context());
    await change('no-reins', () => ({ exceptionPermissions: [] }));
    await putRight(wanted);
    expect(await deniedBy('no-reins')).toEqual([[]]);
  });

  it('deny those whom they are attached to and nobody else, with their exceptions, whatever others open them to before', async () => {
    const [SHUT, OPEN] = ['iam.googleapis.com/roles.delete', 'iam.googleapis.com/roles.list'];
    const wanted = desired('policy', 'no-doors', [], [{ denyRule: { deniedPermissions: [...DENIED, SHUT], exceptionPermissions: [OPEN] } }]);
    await policies.create(wanted, context());
    // A part of it to everybody, whom it was about as one who is denied nothing.
    await change('no-doors', () => ({ exceptionPermissions: [...DENIED, OPEN] }));
    const seven = await made('seven', 'no-doors');
    const asWanted = (...who: string[]) => [{ denyRule: { deniedPrincipals: who, deniedPermissions: [...DENIED, SHUT], exceptionPermissions: [OPEN] } }];
    expect(await rulesOf('no-doors')).toMatchObject(asWanted(crew('seven')));
    await change('no-doors', () => ({ deniedPrincipals: [crew('seven'), THEIRS, EVERYBODY] }));
    await putRight(wanted);
    expect(await rulesOf('no-doors')).toMatchObject(asWanted(crew('seven')));
    // An exception less is put on nobody else: what is denied now is not what was asked for.
    await change('no-doors', () => ({ exceptionPermissions: [] }));
    const eight = await made('eight');
    const attach = async () => (await groups.update(desired('group', 'eight', ['no-doors']), eight, attaching('no-doors'), context())).rejected.map(({ name, error }) => [name, error.code, error.options.effect]);
    expect(await attach()).toEqual([['no-doors', 'DependencyNotReady', 'none']]);
    expect(await deniedBy('no-doors')).toEqual([[crew('seven')]]);
    await putRight(wanted);
    expect([await attach(), await rulesOf('no-doors')]).toMatchObject([[], asWanted(crew('eight'), crew('seven'))]);
    await groups.update(desired('group', 'seven'), seven, detaching('no-doors'), context());
    expect(await rulesOf('no-doors')).toMatchObject(asWanted(crew('eight')));
  });

  it('keep for each rule those whom it is about when their words change, whatever others added to another one', async () => {
    const two = (verb: string) => [{ denyRule: { deniedPermissions: DENIED } }, { denyRule: { deniedPermissions: [`iam.googleapis.com/roles.${verb}`] } }];
    await policies.create(desired('policy', 'no-words', [], two('delete')), context());
    await made('nine', 'no-words');
    await change('no-words', ({ deniedPrincipals }, index) => (index === 0 ? { deniedPrincipals: [...deniedPrincipals, THEIRS] } : {}));
    await putRight(desired('policy', 'no-words', [], two('update')));
    expect(await deniedBy('no-words')).toEqual([[crew('nine')], [crew('nine')]]);
  });

  it('keep every rule as it stands, those of others too, where only the display name or the mark is written', async () => {
    const wanted = desired('policy', 'no-frills');
    const named = { ...wanted, document: { providerDocuments: { gcp: { displayName: 'No frills', rules: [{ denyRule: { deniedPermissions: DENIED } }] } } } };
    await policies.create(wanted, context());
    await made('eleven', 'no-frills');
    const theirs: DenyRule = { description: 'Theirs', denyRule: { deniedPrincipals: [THEIRS], deniedPermissions: ['iam.googleapis.com/roles.list'] } };
    const rules = [...(await hands.denyPolicy('no-frills')).rules, theirs];
    await hands.changeDenyPolicy('no-frills', rules);
    await policies.update(named, await lookAt(wanted), { ...NOTHING, fields: { displayName: 'No frills' } }, context());
    expect(await hands.denyPolicy('no-frills')).toMatchObject({ displayName: 'No frills', rules });
    await hands.changeDenyPolicy('no-frills', rules.map((rule) => (isRecord(rule) ? withoutMark(rule) : rule)));
    await policies.update(named, await lookAt(wanted), { ...NOTHING, adopt: true }, context());
    expect(await hands.denyPolicy('no-frills')).toMatchObject({ displayName: 'No frills', rules });
  });

  it('are put right where they lost their mark as long as it is certain whom they are about, and else say what is to be done', async () => {
    const wanted = desired('policy', 'no-signs');
    await policies.create(wanted, context());
    await made('ten', 'no-signs');
    const opened = () => ({ deniedPrincipals: [EVERYBODY], exceptionPermissions: [] });
    await change('no-signs', opened, (rule) => [withoutMark(rule)]);
    await putRight(wanted);
    expect([await deniedBy('no-signs'), (await lookAt(wanted)).mark]).toEqual([[[crew('ten')]], wanted.mark]);
    for (const record of [() => [], ({ denyRule, ...rule }: DenyRule) => [{ ...rule, denyRule: { ...denyRule, deniedPrincipals: [...denyRule.deniedPrincipals, THEIRS] } }]]) {
      await change('no-signs', opened, record as (rule: DenyRule) => readonly DenyRule[]);
      await expect(putRight(wanted)).rejects.toMatchObject({ code: 'InvalidRequest', message: expect.stringContaining('delete the deny policy at Google: `wami sync now` makes it anew') as string, options: { effect: 'none' } });
      expect(await deniedBy('no-signs')).toEqual([[EVERYBODY]]);
      await hands.denyPolicies('DELETE', '/no-signs');
      await policies.create(wanted, context());
    }
  });

  it('of others are neither taken over where they deny somebody something, nor attached, nor detached', async () => {
    const wanted = desired('policy', 'of-others');
    await expect(policies.update(wanted, await lookAt(wanted), { ...NOTHING, adopt: true }, context())).rejects.toMatchObject({ code: 'InvalidRequest', options: { effect: 'none' } });
    const hers: DenyRule = { denyRule: { deniedPrincipals: [crew('outsiders'), THEIRS], deniedPermissions: DENIED } };
    await hands.createDenyPolicy('of-hers', [hers]);
    const { observed, rejected } = await groups.create(desired('group', 'outsiders', ['of-others']), context());
    const detached = await groups.update(desired('group', 'outsiders'), observed, detaching('of-hers'), context());
    expect([...rejected, ...detached.rejected].map(({ name, error }) => [name, error.code])).toEqual([['of-others', 'DependencyNotReady'], ['of-hers', 'DependencyNotReady']]);
    expect([await rulesOf('of-others'), await rulesOf('of-hers')]).toMatchObject([[OTHERS], [hers]]);
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

  it('leave nothing of somebody who was deleted but exceptions, and nothing of others is touched', async () => {
    await policies.create(desired('policy', 'no-ghosts'), context());
    await policies.create(desired('policy', 'no-mercy', [], [{ denyRule: { deniedPermissions: DENIED, exceptionPrincipals: [crew('five')] } }]), context());
    const five = await made('five', 'no-ghosts', 'no-mercy');
    await hands.createDenyPolicy('of-theirs', [{ denyRule: { deniedPrincipals: [crew('five')], deniedPermissions: [...DENIED, 'iam.googleapis.com/roles.list'], exceptionPermissions: DENIED, exceptionPrincipals: [crew('five')] } }]);
    await groups.delete(five, context());
    expect([await deniedBy('no-ghosts'), JSON.stringify(await hands.denyPolicy('no-ghosts')), await deniedBy('no-mercy')]).toEqual([[[]], expect.not.stringContaining('five@'), [[]]]);
    const gone = [expect.stringMatching(/^deleted:.*five@/) as string];
    expect(await rulesOf('no-mercy')).toMatchObject([{ denyRule: { exceptionPrincipals: gone } }]);
    expect(await rulesOf('of-theirs')).toMatchObject([{ denyRule: { deniedPrincipals: gone, exceptionPermissions: DENIED, exceptionPrincipals: gone } }]);
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

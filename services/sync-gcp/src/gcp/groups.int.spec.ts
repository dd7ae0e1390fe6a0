import { startSandboxGcp, type SandboxGcp } from '@wami/sandbox';
import type { CallContext, Desired, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { GcpHands } from '../spec-support/gcp-hands';
import { startRecordingServer, type Respond } from '../spec-support/recording-server';
import { createGcpAdapter } from './gcp.adapter';

process.env['SPEC_GCP_GROUPS_TOKEN'] = 'spec-token';
const credentials = { type: 'bearer', token: 'env:SPEC_GCP_GROUPS_TOKEN' };
const DIRECTORY = { customer: 'C0spec', domain: 'spec.example' };
const context = (): CallContext => ({ signal: AbortSignal.timeout(20_000) });
const NOTHING = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };
const mark = (id: string): Desired['mark'] => ({ instance: 'local', tenant: 'acme', id, kind: 'group' });
const desired = (name: string): Desired => ({ name, mark: mark(`grp_${name}`), document: {}, facets: {} });

describe('groups of a directory of many', () => {
  let cloud: SandboxGcp;
  let target: ProviderTarget;
  let hands: GcpHands;
  let groups: ResourceHandler;
  const standing = (email: string) => cloud.snapshot().groups.find((group) => group.email === `${email}@${DIRECTORY.domain}`);

  beforeAll(async () => {
    cloud = await startSandboxGcp({ directory: DIRECTORY });
    target = createGcpAdapter().connect({ provider: 'gcp', account: cloud.project, endpoint: cloud.url, credentials, directory: DIRECTORY });
    hands = new GcpHands({ iam: cloud.url, resourceManager: cloud.url, project: cloud.project, token: 'theirs', directory: { ...DIRECTORY, url: cloud.url } });
    groups = target.handler('group') as ResourceHandler;
  });
  afterEach(() => cloud.faults.reset());
  afterAll(async () => {
    await target.close();
    await cloud.close();
  });

  it('are held by a connection that names the directory, and by no other', async () => {
    const without = createGcpAdapter().connect({ provider: 'gcp', account: cloud.project, endpoint: cloud.url, credentials });
    const reasonOf = ({ capabilities = createGcpAdapter().capabilities }: ProviderTarget) => capabilities.find(({ kind }) => kind === 'group');
    expect([reasonOf(without), without.handler('group')]).toMatchObject([{ supported: false, reason: expect.stringContaining('the connection names none') }, undefined]);
    expect(reasonOf(target)).toMatchObject({ supported: true, facets: ['policies'] });
    await without.close();
  });

  it('are seen with the capitals of the name that they show, which can be changed; the address cannot', async () => {
    const { observed } = await groups.create(desired('Core.Team'), context());
    expect(standing('core.team')).toMatchObject({ displayName: 'Core.Team' });
    const { observed: after } = await groups.update(desired('core.team'), observed, { ...NOTHING, fields: { name: 'core.team' } }, context());
    expect([after.name, standing('core.team')?.displayName]).toEqual(['core.team', 'core.team']);
    await expect(groups.update(desired('crew'), after, { ...NOTHING, fields: { name: 'crew' } }, context())).rejects.toMatchObject({ code: 'Unsupported' });
    expect(await groups.observe({ mark: observed.mark ?? mark(''), names: ['CORE.team'] }, [], context())).toMatchObject({ name: 'core.team', providerResourceId: observed.providerResourceId });
  });

  it('keep what somebody wrote about them, through adoption and release', async () => {
    await hands.createGroup('theirs', 'Who reads the logs = everybody');
    const found = await groups.observe({ mark: mark('grp_theirs'), names: ['theirs'] }, [], context());
    expect(found).toMatchObject({ name: 'theirs' });
    expect(found).not.toHaveProperty('mark');
    if (found === undefined) return;
    const { observed } = await groups.update(desired('theirs'), found, { ...NOTHING, adopt: true }, context());
    expect(standing('theirs')?.description).toBe('[managed-by:wami wami-instance:local wami-tenant:acme wami-id:grp_theirs wami-kind:group] Who reads the logs = everybody');
    await groups.release?.(observed, context());
    expect(standing('theirs')).toMatchObject({ description: 'Who reads the logs = everybody', displayName: 'Of somebody' });
    await hands.createGroup('wordy', 'x'.repeat(4_096));
    const wordy = await groups.observe({ mark: mark('grp_wordy'), names: ['wordy'] }, [], context());
    if (wordy) await expect(groups.update(desired('wordy'), wordy, { ...NOTHING, adopt: true }, context())).rejects.toMatchObject({ code: 'InvalidRequest' });
    expect(standing('wordy')?.description).toBe('x'.repeat(4_096));
    if (wordy) await expect(groups.update(desired('wordy'), { ...wordy, nativeArn: 'groups/unseen' }, { ...NOTHING, adopt: true }, context())).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('that are refused are not taken for gone', async () => {
    const { observed } = await groups.create(desired('guarded'), context());
    const calls = () => Object.values(cloud.calls()).reduce((sum, count) => sum + count, 0);
    cloud.faults.set({ accessDenied: ['cloudidentity.groups.delete'] });
    await expect(groups.delete(observed, context())).rejects.toMatchObject({ code: 'AccessDenied' });
    cloud.faults.set({ accessDenied: ['cloudidentity.groups.get', 'cloudidentity.groups.search'] });
    await expect(groups.observe({ mark: mark('grp_guarded'), names: ['guarded'], providerResourceId: observed.providerResourceId }, [], context())).rejects.toMatchObject({ code: 'AccessDenied' });
    cloud.faults.reset();
    const before = calls();
    expect(await groups.observe({ mark: mark('grp_guarded'), names: ['guarded'], providerResourceId: observed.providerResourceId }, [], context())).toMatchObject({ name: 'guarded' });
    expect(calls() - before).toBe(1);
  });
});

describe('an answer of Cloud Identity', () => {
  const operation = (body: object): Respond => async () => ({ status: 200, body });
  async function created(respond: Respond): Promise<unknown> {
    const server = await startRecordingServer(respond);
    const target = createGcpAdapter().connect({ provider: 'gcp', account: 'web-shop', endpoint: server.url, credentials, directory: DIRECTORY });
    try {
      return await target.handler('group')?.create(desired('crew'), context());
    } catch (error) {
      const { code, options } = error as { code: string; options: { effect: string } };
      return [code, options.effect];
    } finally {
      await target.close();
      await server.close();
    }
  }

  it.each<[string, object, unknown]>([
    ['that ended in a duplicate is AlreadyExists', { done: true, error: { code: 6, message: 'Entity already exists.' } }, ['AlreadyExists', 'none']],
    ['that ended in a fault of its own is Unavailable', { done: true, error: { code: 13, message: 'Oops.' } }, ['Unavailable', 'unknown']],
    ['that goes on is not known to have happened', { name: 'operations/1' }, ['Unavailable', 'unknown']],
    ['that names nothing is not taken for a group', { done: true, response: {} }, ['Internal', 'unknown']],
  ])('%s', async (_, body, expected) => {
    expect(await created(operation(body))).toEqual(expected);
  });

  it('that forbids making a group that is there says so', async () => {
    const there = { groups: [{ name: 'groups/1', groupKey: { id: 'crew@spec.example' } }] };
    const answer = (list: object): Respond => async (method) => (method === 'POST' ? { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'Error(2028): Permission denied' } } } : { status: 200, body: list });
    expect([await created(answer(there)), await created(answer({}))]).toEqual([['AlreadyExists', 'none'], ['AccessDenied', 'none']]);
  });
});

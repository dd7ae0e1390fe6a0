import { startSandboxGcp, type SandboxGcp } from '@wami/sandbox';
import { startLocalResourceManager, startFaultProxy, type Emulator, type FaultProxy } from '@wami/testing';
import type { CallContext, Desired, Observed, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { GcpHands, PERMISSIONS, type Binding } from '../spec-support/gcp-hands';
import { AllowPolicy } from './allow-policy';
import { granting, rolesOf } from './bindings';
import { createGcpAdapter } from './gcp.adapter';
import { GcpClient } from './gcp.client';
import { gcpSettings } from './gcp.config';

process.env['SPEC_GCP_TOKEN'] = 'spec-token';
const credentials = { type: 'bearer', token: 'env:SPEC_GCP_TOKEN' };
const context = (timeoutMs = 20_000): CallContext => ({ signal: AbortSignal.timeout(timeoutMs) });
const CONDITION = { title: 'until spring', expression: 'request.time < timestamp("2099-03-01T00:00:00Z")' };

function desired(kind: string, name: string, policies: readonly string[] = []): Desired {
  return {
    name, mark: { instance: 'local', tenant: 'acme', id: `${kind}_${name}`, kind }, facets: policies.length === 0 ? {} : { policies },
    document: kind === 'policy' ? { providerDocuments: { gcp: { includedPermissions: PERMISSIONS } } } : {},
  };
}

describe('what is attached in a project of many', () => {
  let cloud: SandboxGcp;
  let target: ProviderTarget;
  let hands: GcpHands;
  let accounts: ResourceHandler;
  let policies: ResourceHandler;
  let foreign: readonly Binding[];
  const role = (id: string) => `projects/${cloud.project}/roles/${id}`;
  const setCalls = () => cloud.calls()['cloudresourcemanager.projects.setIamPolicy'] ?? 0;

  beforeAll(async () => {
    cloud = await startSandboxGcp();
    const endpoints = { iam: cloud.url, resourceManager: cloud.url };
    target = createGcpAdapter().connect({ provider: 'gcp', account: cloud.project, endpoint: cloud.url, credentials });
    hands = new GcpHands({ ...endpoints, project: cloud.project, token: 'theirs' });
    accounts = target.handler('service-account') as ResourceHandler;
    policies = target.handler('policy') as ResourceHandler;
    await policies.create(desired('policy', 'shared'), context());
    await hands.create('service-account', 'stranger');
    foreign = [
      { role: role('shared'), members: [`serviceAccount:${hands.emailOf('stranger')}`, 'user:ann@example.com'] },
      { role: role('shared'), members: ['user:ann@example.com'], condition: CONDITION },
      { role: 'roles/viewer', members: ['deleted:serviceAccount:gone@web.iam.gserviceaccount.com?uid=123456789012345678901', 'principal://iam.googleapis.com/locations/global/workforcePools/p/subject/s'] },
    ];
    await hands.bind(...foreign);
  });
  afterEach(() => cloud.faults.reset());
  afterAll(async () => {
    await target.close();
    await cloud.close();
  });

  const theirs = async (): Promise<readonly Binding[]> => {
    const ours = /^serviceAccount:(mine|many)/;
    return (await hands.bindings()).map((binding) => ({ ...binding, members: binding.members.filter((member) => !ours.test(member)) })).filter(({ members }) => members.length > 0);
  };
  const asText = (bindings: readonly Binding[]): string[] =>
    bindings.map(({ role: of, members, condition }) => JSON.stringify([of, [...members].sort(), Object.entries(condition ?? {}).sort()])).sort();

  it("bindings of others, with conditions, of deleted and federated members, outlive ours", async () => {
    const { observed } = await accounts.create(desired('service-account', 'mine-one', ['shared']), context());
    expect(asText(await theirs())).toEqual(asText(foreign));
    await accounts.update(desired('service-account', 'mine-one'), observed, { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: { policies: ['shared'] } }, context());
    expect(asText(await hands.bindings())).toEqual(asText(foreign));
  });

  it('what somebody gave under a condition is neither ours to show nor to take; ours stands beside it', async () => {
    const wanted = desired('service-account', 'mine-if', ['only_if']);
    const member = `serviceAccount:${hands.emailOf('mine-if')}`;
    await policies.create(desired('policy', 'only_if'), context());
    const { observed } = await accounts.create(desired('service-account', 'mine-if'), context());
    const theirBinding = { role: role('only_if'), members: [member], condition: CONDITION };
    await hands.bind(theirBinding);
    const look = () => accounts.observe({ mark: wanted.mark, names: ['mine-if'] }, ['policies'], context()).then((found) => found?.shape.facets);
    const ofRole = async () => asText((await hands.bindings()).filter(({ role: of }) => of === role('only_if')));
    expect(await look()).toEqual({ policies: [] });
    await accounts.update(wanted, observed, { fields: {}, setTags: {}, removeTags: [], addTo: { policies: ['only_if'] }, removeFrom: {} }, context());
    expect([await ofRole(), await look()]).toEqual([asText([theirBinding, { role: role('only_if'), members: [member] }]), { policies: ['only_if'] }]);
    await accounts.update(wanted, observed, { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: { policies: ['only_if'] } }, context());
    expect([await ofRole(), await look()]).toEqual([asText([theirBinding]), { policies: [] }]);
  });

  it('what is asked for at the same time is written at once', async () => {
    const made: Observed[] = [];
    for (let count = 0; count < 12; count++) made.push((await accounts.create(desired('service-account', `many-${count}`), context())).observed);
    const before = setCalls();
    const changes = { fields: {}, setTags: {}, removeTags: [], addTo: { policies: ['shared'] }, removeFrom: {} };
    const applied = await Promise.all(made.map((observed) => accounts.update(desired('service-account', observed.name, ['shared']), observed, changes, context())));
    expect(applied.flatMap(({ rejected }) => rejected)).toEqual([]);
    expect(setCalls() - before).toBeLessThanOrEqual(2);
    for (const { name } of made) expect(rolesOf(await hands.bindings(), `serviceAccount:${hands.emailOf(name)}`)).toEqual([role('shared')]);
  });

  it('of many that are written at once only those that Google refuses are rejected', async () => {
    const wanted = ['shared', ...Array.from({ length: 6 }, (_, index) => `absent_${index}`)];
    const others = await Promise.all(['two', 'three'].map((name) => policies.create(desired('policy', name), context())));
    const { observed, rejected } = await accounts.create(desired('service-account', 'mine-two', [...wanted, ...others.map(({ observed: { name } }) => name)]), context());
    expect(rejected.map(({ name, error }) => [name, error.code])).toEqual(wanted.slice(1).map((name) => [name, 'NotFound']));
    expect(observed.shape.facets).toEqual({ policies: ['shared', 'three', 'two'] });
  });

  it('a policy that somebody has changed meanwhile is read anew', async () => {
    cloud.faults.next({ kind: 'concurrent-modification', operation: 'cloudresourcemanager.projects.setIamPolicy', times: 3 });
    const { rejected } = await accounts.create(desired('service-account', 'mine-three', ['shared']), context());
    expect([rejected, cloud.faults.pending()]).toEqual([[], []]);
  });

  it('where it is changed all the time the attachment is a Conflict that is tried again later', async () => {
    cloud.faults.next({ kind: 'concurrent-modification', operation: 'cloudresourcemanager.projects.setIamPolicy', times: 100 });
    const { rejected } = await accounts.create(desired('service-account', 'mine-four', ['shared']), context());
    expect(rejected.map(({ error }) => [error.code, error.retryable, error.options.effect])).toEqual([['Conflict', true, 'none']]);
  });

  it('who runs out of time while others are served does not take them along', async () => {
    const slow = await accounts.create(desired('service-account', 'many-slow'), context());
    const patient = await accounts.create(desired('service-account', 'many-patient'), context());
    const changes = { fields: {}, setTags: {}, removeTags: [], addTo: { policies: ['shared'] }, removeFrom: {} };
    cloud.faults.next({ kind: 'timeout', operation: 'cloudresourcemanager.projects.getIamPolicy' });
    const [impatient, served] = await Promise.all([
      accounts.update(desired('service-account', 'many-slow', ['shared']), slow.observed, changes, context(300)),
      accounts.update(desired('service-account', 'many-patient', ['shared']), patient.observed, changes, context()),
    ]);
    expect(impatient.rejected.map(({ error }) => error.code)).toEqual(['Timeout']);
    expect(served.rejected).toEqual([]);
  });

  it('a deleted account leaves nothing in the policy, under a condition or without', async () => {
    const { observed } = await accounts.create(desired('service-account', 'mine-gone', ['shared']), context());
    const member = `serviceAccount:${hands.emailOf('mine-gone')}`;
    await hands.bind({ role: 'roles/viewer', members: [member], condition: CONDITION });
    await accounts.delete(observed, context());
    expect(JSON.stringify(await hands.bindings())).not.toContain('mine-gone');
  });

  it('an account whose bindings cannot be taken away is not deleted', async () => {
    const { observed } = await accounts.create(desired('service-account', 'mine-stays', ['shared']), context());
    cloud.faults.next({ kind: 'access-denied', operation: 'cloudresourcemanager.projects.setIamPolicy' });
    await expect(accounts.delete(observed, context())).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(await hands.names('service-account')).toContain('mine-stays');
  });

  it('a deleted policy is given to nobody any more, and comes back with the new content and nobody who has it', async () => {
    const { observed } = await policies.create(desired('policy', 'comes_back'), context());
    await accounts.create(desired('service-account', 'mine-five', ['comes_back']), context());
    await policies.delete(observed, context());
    expect(JSON.stringify(await hands.bindings())).not.toContain('comes_back');
    const again = { ...desired('policy', 'comes_back'), document: { description: 'New', providerDocuments: { gcp: { includedPermissions: ['iam.serviceAccounts.get'] } } } };
    again.mark = { ...again.mark, id: 'pol_new' };
    const { observed: restored } = await policies.create(again, context());
    expect([restored.shape, restored.mark]).toEqual([policies.shape(again), again.mark]);
    expect(await policies.observe({ mark: again.mark, names: ['comes_back'] }, [], context())).toEqual(restored);
    expect(JSON.stringify(await hands.bindings())).not.toContain('comes_back');
  });

  it("a deleted role of somebody else's is left alone", async () => {
    await hands.create('policy', 'theirs');
    await hands.deleteBarely('policy', 'theirs');
    await expect(policies.create(desired('policy', 'theirs'), context())).rejects.toMatchObject({ code: 'Conflict', options: { effect: 'none' } });
    expect(await hands.names('policy')).not.toContain('theirs');
  });
});

describe("Google's own emulator", () => {
  let emulator: Emulator;
  let proxy: FaultProxy;
  beforeAll(async () => {
    emulator = await startLocalResourceManager(['web-shop']);
    proxy = await startFaultProxy(emulator.endpoint);
  }, 600_000);
  afterAll(async () => {
    await proxy.close();
    await emulator.stop();
  });

  it('loses nothing of five writers at once, of which each writes much at once', async () => {
    const writers = Array.from({ length: 5 }, () => new AllowPolicy(new GcpClient(gcpSettings({ provider: 'gcp', account: 'web-shop', endpoint: emulator.endpoint, credentials }))));
    const members = Array.from({ length: 100 }, (_, index) => `user:u${index}@example.com`);
    const give = async (member: string, index: number): Promise<void> => {
      const writer = writers[index % writers.length] as AllowPolicy;
      for (;;) {
        const [edited] = await writer.edit([granting('roles/viewer', member)], context());
        if (edited?.error === undefined) return;
        expect(edited.error.code).toBe('Conflict');
      }
    };
    await Promise.all(members.map(give));
    const bindings = await (writers[0] as AllowPolicy).bindings(context());
    expect(bindings.find(({ role }) => role === 'roles/viewer')?.members?.slice().sort()).toEqual([...members].sort());
  });
});

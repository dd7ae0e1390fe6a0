import { startSandboxGcp, type SandboxGcp } from '@wami/sandbox';
import type { Applied, CallContext, Desired, Observed, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { GcpHands, whomItDenies } from '../spec-support/gcp-hands';
import { createGcpAdapter } from './gcp.adapter';

process.env['SPEC_GCP_USERS_TOKEN'] = 'spec-token';
const credentials = { type: 'bearer', token: 'env:SPEC_GCP_USERS_TOKEN' };
const DIRECTORY = { customer: 'C0spec', domain: 'spec.example' };
const context = (): CallContext => ({ signal: AbortSignal.timeout(20_000) });
const NOTHING = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };
const desired = (kind: string, name: string, groups: readonly string[] = [], facets: Desired['facets'] = groups.length === 0 ? {} : { groups }, gcp?: object): Desired =>
  ({ name, mark: { instance: 'local', tenant: 'acme', id: `${kind}_${name}`, kind }, document: gcp === undefined ? {} : { providerDocuments: { gcp } }, facets });
const MARK = { type: 'custom', customType: 'managed-by-wami', value: 'wami-instance=local wami-tenant=acme wami-id=user_theirs wami-kind=user' };

describe('users of a directory of many', () => {
  let cloud: SandboxGcp;
  let target: ProviderTarget;
  let hands: GcpHands;
  let users: ResourceHandler;
  let groups: ResourceHandler;
  const standing = (name: string) => cloud.snapshot().users.find(({ email }) => email === `${name}@${DIRECTORY.domain}`);
  const members = (name: string) => cloud.snapshot().groups.find(({ email }) => email === `${name}@${DIRECTORY.domain}`)?.members;
  const counted = async (work: () => Promise<unknown>): Promise<Record<string, number>> => {
    const before = cloud.calls();
    await work();
    return Object.fromEntries(Object.entries(cloud.calls()).map(([name, count]) => [name, count - (before[name] ?? 0)] as const).filter(([, count]) => count > 0));
  };
  const look = async (name: string): Promise<Observed> => {
    const found = await users.observe({ mark: desired('user', name).mark, names: [name] }, users.facets, context());
    if (found === undefined) throw new Error(`${name} is not there`);
    return found;
  };

  beforeAll(async () => {
    cloud = await startSandboxGcp({ directory: DIRECTORY });
    target = createGcpAdapter().connect({ provider: 'gcp', account: cloud.project, endpoint: cloud.url, credentials, directory: DIRECTORY });
    hands = new GcpHands({ iam: cloud.url, resourceManager: cloud.url, project: cloud.project, token: 'theirs', directory: { ...DIRECTORY, url: cloud.url } });
    [users, groups] = [target.handler('user') as ResourceHandler, target.handler('group') as ResourceHandler];
    for (const name of ['crew', 'guests']) await groups.create(desired('group', name), context());
  });
  afterEach(() => cloud.faults.reset());
  afterAll(async () => {
    await target.close();
    await cloud.close();
  });

  it('give up the address that they had before, so that somebody else can have it', async () => {
    const { observed } = await users.create(desired('user', 'ann', ['crew']), context());
    expect(await counted(() => users.update(desired('user', 'anna'), observed, { ...NOTHING, fields: { name: 'anna' } }, context()))).toEqual({ 'directory.users.update': 1, 'directory.users.aliases.delete': 1 });
    expect([standing('anna')?.aliases, members('crew')]).toEqual([[], ['anna@spec.example']]);
    await users.create(desired('user', 'ann'), context());
  });

  it('that still have a former address are not seen under it', async () => {
    const { observed } = await users.create(desired('user', 'bob'), context());
    cloud.faults.at(2, 'throttle');
    await expect(users.update(desired('user', 'bobby'), observed, { ...NOTHING, fields: { name: 'bobby' } }, context())).rejects.toMatchObject({ code: 'Throttled', options: { effect: 'unknown' } });
    expect(standing('bobby')?.aliases).toEqual(['bob@spec.example']);
    expect(await users.observe({ mark: desired('user', 'another').mark, names: ['bob'] }, [], context())).toBeUndefined();
    await expect(users.create(desired('user', 'bob'), context())).rejects.toMatchObject({ code: 'AlreadyExists' });
    await users.update(desired('user', 'bobby'), observed, { ...NOTHING, fields: { name: 'bobby' } }, context());
    expect(standing('bobby')?.aliases).toEqual([]);
  });

  it('keep what others call them by, through adoption and release', async () => {
    const theirs = [{ type: 'organization', value: 'E-17' }, { type: 'custom', customType: 'managed-by-wami', value: 'half a mark' }];
    await hands.createUser('theirs', { externalIds: theirs });
    const { observed } = await users.update(desired('user', 'theirs'), await look('theirs'), { ...NOTHING, adopt: true }, context());
    expect([standing('theirs')?.externalIds, (await look('theirs')).mark]).toEqual([[...theirs, MARK], desired('user', 'theirs').mark]);
    await users.release?.(observed, context());
    expect([standing('theirs')?.externalIds, standing('theirs')?.name]).toEqual([theirs, 'Some Body']);
    expect(await counted(async () => users.release?.(observed, context()))).toEqual({ 'directory.users.get': 1 });
    cloud.faults.set({ eventualConsistencyMs: 60_000 });
    await hands.createUser('late', { externalIds: theirs });
    const unseen = { ...observed, providerResourceId: 'late@spec.example', name: 'late' };
    await expect(users.update(desired('user', 'late'), unseen, { ...NOTHING, adopt: true }, context())).rejects.toMatchObject({ code: 'NotFound' });
    expect(standing('late')?.externalIds).toEqual(theirs);
  });

  it('join a group by one call each, are seen by one search, and leave by two; a membership of another role is one too', async () => {
    const { observed } = await users.create(desired('user', 'carl'), context());
    const [crew, guests] = [await hands.groupNamed('crew'), await hands.groupNamed('guests')];
    const ends = { groups: { crew: crew ?? '', guests: guests ?? '' } };
    await hands.cloudidentity('POST', `${guests}/memberships`, { preferredMemberKey: { id: 'carl@spec.example' }, roles: [{ name: 'MEMBER' }, { name: 'OWNER' }] });
    expect(await counted(() => users.update({ ...desired('user', 'carl'), ends }, observed, { ...NOTHING, addTo: { groups: ['crew', 'guests'] } }, context()))).toEqual({ 'cloudidentity.groups.memberships.create': 2 });
    expect(await counted(async () => expect((await look('carl')).shape.facets['groups']).toEqual(['crew', 'guests'])))
      .toEqual({ 'directory.users.get': 1, 'cloudidentity.groups.memberships.searchDirectGroups': 1, 'cloudresourcemanager.projects.getIamPolicy': 1 });
    expect(await counted(() => users.update({ ...desired('user', 'carl'), ends }, observed, { ...NOTHING, removeFrom: { groups: ['guests'] } }, context())))
      .toEqual({ 'cloudidentity.groups.memberships.lookup': 1, 'cloudidentity.groups.memberships.delete': 1 });
    expect([members('crew'), members('guests')]).toEqual([expect.arrayContaining(['carl@spec.example']), []]);
  });

  it('stay in a group whose capitals somebody changed', async () => {
    const { observed } = await users.create(desired('user', 'emil', ['crew']), context());
    expect((await users.update(desired('user', 'emil', ['crew']), observed, { ...NOTHING, addTo: { groups: ['crew'] }, removeFrom: { groups: ['Crew'] } }, context())).rejected).toEqual([]);
    expect(members('crew')).toContain('emil@spec.example');
  });

  it('that are not seen there yet wait, and a group that may not be changed is said to be so', async () => {
    const { observed } = await users.create(desired('user', 'dora'), context());
    await hands.deleteBarely('user', 'dora');
    const joining = () => users.update(desired('user', 'dora', ['crew']), observed, { ...NOTHING, addTo: { groups: ['crew'] } }, context());
    expect((await joining()).rejected).toMatchObject([{ facet: 'groups', name: 'crew', error: { code: 'DependencyNotReady', retryable: true } }]);
    cloud.faults.set({ accessDenied: ['cloudidentity.groups.memberships.create'] });
    expect((await joining()).rejected).toMatchObject([{ error: { code: 'AccessDenied' } }]);
  });

  describe('whom something is to be denied', () => {
    const DENIALS = [{ denyRule: { deniedPermissions: ['iam.googleapis.com/roles.create'] } }];
    const BOTH = { policies: ['no-roles', 'reader'], groups: ['crew'] };
    let denying: ProviderTarget;
    const who = () => denying.handler('user') as ResourceHandler;
    const deniedIn = async () => (await hands.denyPolicy('no-roles')).rules.flatMap(whomItDenies);
    const given = async (name: string) => [...(await hands.bindings()).flatMap((binding) => binding.members), ...(members('crew') ?? [])].filter((member) => member.endsWith(`${name}@spec.example`));
    const told = ({ rejected }: Applied) => rejected.map(({ facet, name, error }) => [facet, name, error.code, error.message.startsWith('not tried')]);
    beforeAll(async () => {
      denying = createGcpAdapter().connect({ provider: 'gcp', account: cloud.project, endpoint: cloud.url, credentials, directory: DIRECTORY, denyPolicies: true });
      const policies = denying.handler('policy') as ResourceHandler;
      await policies.create(desired('policy', 'no-roles', [], {}, { rules: DENIALS }), context());
      await policies.create(desired('policy', 'reader', [], {}, { includedPermissions: ['iam.roles.get'] }), context());
    });
    afterAll(() => denying.close());

    it('are given nothing and join nothing before it is denied, and keep what denies until all was taken', async () => {
      cloud.faults.set({ accessDenied: ['iam.policies.update'] });
      const refused = await who().create(desired('user', 'fred', [], BOTH), context());
      expect(told(refused)).toEqual([['policies', 'no-roles', 'AccessDenied', false], ['policies', 'reader', 'AccessDenied', true], ['groups', 'crew', 'AccessDenied', true]]);
      expect([await given('fred'), refused.observed.shape.facets]).toEqual([[], { groups: [], policies: [] }]);
      cloud.faults.reset();
      const fred = await who().update(desired('user', 'fred', [], BOTH), refused.observed, { ...NOTHING, addTo: BOTH }, context());
      expect([told(fred), await deniedIn(), await given('fred')]).toEqual([[], ['principal://goog/subject/fred@spec.example'], ['user:fred@spec.example', 'fred@spec.example']]);
      const leaving = () => who().update(desired('user', 'fred', [], {}), fred.observed, { ...NOTHING, removeFrom: BOTH }, context());
      for (const [facet, name, operation] of [['policies', 'reader', 'cloudresourcemanager.projects.setIamPolicy'], ['groups', 'crew', 'cloudidentity.groups.memberships.delete']] as const) {
        cloud.faults.set({ accessDenied: [operation] });
        expect(told(await leaving())).toEqual([[facet, name, 'AccessDenied', false], ['policies', 'no-roles', 'AccessDenied', true]]);
        expect(await deniedIn()).toEqual(['principal://goog/subject/fred@spec.example']);
        cloud.faults.reset();
        if (facet === 'policies') await hands.cloudidentity('POST', `${await hands.groupNamed('crew')}/memberships`, { preferredMemberKey: { id: 'fred@spec.example' }, roles: [{ name: 'MEMBER' }] });
      }
      expect([told(await leaving()), await deniedIn(), await given('fred')]).toEqual([[], [], []]);
    });

    it('keep their address for as long, since rules go by it', async () => {
      const { observed } = await who().create(desired('user', 'greta', [], { policies: ['no-roles'] }), context());
      const renamed = { ...NOTHING, fields: { name: 'grete' } };
      await expect(who().update(desired('user', 'grete'), observed, renamed, context())).rejects.toMatchObject({ code: 'InvalidRequest', message: expect.stringContaining('no-roles denies it something') as string, options: { effect: 'none' } });
      expect([standing('greta')?.aliases, standing('grete'), await deniedIn()]).toEqual([[], undefined, ['principal://goog/subject/greta@spec.example']]);
      await who().update(desired('user', 'grete'), observed, { ...renamed, removeFrom: { policies: ['no-roles'] } }, context());
      expect([standing('greta'), standing('grete')?.aliases, await deniedIn()]).toEqual([undefined, [], []]);
    });
  });

  it.each([
    ['capitals', 'Ann', {}, 'small letters'],
    ['a whole address of the connection\'s own domain', 'ann@spec.example', {}, 'leave out @spec.example'],
    ['a name longer than Google holds', 'ann', { displayName: `Ann ${'x'.repeat(61)}` }, 'Google allows 60'],
    ['angle brackets', 'ann', { displayName: 'Ann <ann>' }, 'no < and no >'],
  ])('with %s are refused before any call', (_, name, document, says) => {
    expect(users.check({ ...desired('user', name), document })).toMatchObject({ code: 'InvalidRequest', message: expect.stringContaining(says) });
  });
});

import { startSandboxGcp, type SandboxGcp } from '@wami/sandbox';
import type { Applied, CallContext, Changes, Desired, Observed, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { startRecordingServer, type Respond } from '../spec-support/recording-server';
import { createGcpAdapter } from './gcp.adapter';

process.env['SPEC_GCP_PAB_TOKEN'] = 'spec-token';
const credentials = { type: 'bearer', token: 'env:SPEC_GCP_PAB_TOKEN' };
const context = (): CallContext => ({ signal: AbortSignal.timeout(20_000) });
const NOTHING = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };
const BINDINGS = 'iam.organizations.locations.policyBindings';
const SHOP = '//cloudresourcemanager.googleapis.com/projects/web-shop';
const RULES = [{ resources: [SHOP], effect: 'ALLOW' }];
const markOf = (kind: string, name: string): Desired['mark'] => ({ instance: 'local', tenant: 'acme', id: `${kind}_${name}`, kind });

const desired = (kind: string, name: string, more: Partial<Desired> = {}): Desired => ({ name, mark: markOf(kind, name), facets: {}, document: {}, ...more });
const limit = (name: string, details: object = { rules: RULES }): Desired => desired('policy', name, { document: { providerDocuments: { gcp: { details } } } });
const within = (name: string, boundary: string | undefined, id = name): Desired => desired('user', name, { mark: markOf('user', id), ...(boundary === undefined ? {} : { boundary }) });
const conditionOn = (address: string): string => `principal.type == 'iam.googleapis.com/WorkspaceIdentity' && principal.subject == '${address}'`;
type Refusal = { readonly code: string; readonly options: { readonly effect: string } };
const refusalOf = (run: Promise<unknown>): Promise<Refusal | undefined> => run.then(() => undefined, (error: Refusal) => error);

describe('principal access boundaries', () => {
  let cloud: SandboxGcp;
  let target: ProviderTarget;
  let parent: string;
  const connect = (more: object = {}) => createGcpAdapter().connect({ provider: 'gcp', account: cloud.project, endpoint: cloud.url, credentials, directory: cloud.directory, accessBoundaries: `organizations:${cloud.organization}`, ...more });
  const policies = () => target.handler('policy') as ResourceHandler;
  const users = () => target.handler('user') as ResourceHandler;
  const arn = (name: string) => `${parent}/principalAccessBoundaryPolicies/${name}`;
  const address = (name: string) => `${name}@${cloud.directory.domain}`;
  const made = async (name: string): Promise<string> => (await policies().create(limit(name), context())).observed.nativeArn;
  /** Somebody else, who speaks IAM v3. */
  const hands = async (method: string, path: string, body?: object): Promise<{ readonly etag: string }> => {
    const response = await fetch(`${cloud.url}/v3/${parent}/${path}`, { method, headers: { authorization: 'Bearer theirs' }, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as { readonly etag: string };
  };
  /** An account that somebody else made, or gave another address. */
  const directory = async (method: string, path: string, body: object): Promise<void> => {
    const response = await fetch(`${cloud.url}/admin/directory/v1/users${path}`, { method, headers: { authorization: 'Bearer theirs' }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
  };
  const stranger = (name: string) => directory('POST', '', { primaryEmail: address(name), name: { givenName: 'Some', familyName: 'Body' }, password: 'long-enough-for-google' });
  const bindings = (id?: string) => cloud.snapshot().policyBindings.filter(({ annotations }) => id === undefined || annotations['wami-id'] === `user_${id}`).map(({ policy, expression }) => [policy.slice(policy.lastIndexOf('/') + 1), expression]);
  const boundTo = (policy: string, name: string) => [policy, conditionOn(address(name))];
  const look = (wanted: Desired): Promise<Observed | undefined> => users().observe({ mark: wanted.mark, names: [wanted.name] }, [], context());
  /** As the engine does it: what differs is written. */
  const put = async (wanted: Desired, observed: Observed, more: Partial<Changes> = {}): Promise<Applied> => {
    const [{ fields }, before] = [users().shape(wanted), observed.shape.fields];
    const freed: Record<string, string> = wanted.boundary === undefined && before['permissionsBoundary'] !== undefined ? { permissionsBoundary: '' } : {};
    return users().update(wanted, observed, { ...NOTHING, ...more, fields: { ...Object.fromEntries(Object.entries(fields).filter(([key, value]) => before[key] !== value)), ...freed } }, context());
  };

  beforeAll(async () => {
    cloud = await startSandboxGcp();
    parent = `organizations/${cloud.organization}/locations/global`;
    target = connect();
    await hands('POST', 'principalAccessBoundaryPolicies?principalAccessBoundaryPolicyId=pab-theirs', { details: { rules: RULES } });
    await hands('POST', 'policyBindings?policyBindingId=theirs', {
      policy: arn('pab-theirs'), policyKind: 'PRINCIPAL_ACCESS_BOUNDARY', target: { principalSet: `//iam.googleapis.com/locations/global/workspace/${cloud.directory.customer}` }, condition: { expression: conditionOn(address('ann')) },
    });
  });
  afterEach(() => {
    cloud.faults.reset();
    expect(cloud.snapshot()).toMatchObject({ accessBoundaries: expect.arrayContaining([expect.objectContaining({ policyId: 'pab-theirs', annotations: {} })]) as unknown, policyBindings: expect.arrayContaining([expect.objectContaining({ bindingId: 'theirs', annotations: {} })]) as unknown });
  });
  afterAll(async () => {
    await target.close();
    await cloud.close();
  });

  it('stand beside their mark with what others note there, and are written by their etag', async () => {
    const { observed } = await policies().create(limit('pab-notes'), context());
    const noting = async (): Promise<void> => {
      const { etag } = await hands('GET', 'principalAccessBoundaryPolicies/pab-notes');
      await hands('PATCH', 'principalAccessBoundaryPolicies/pab-notes?updateMask=annotations', { etag, annotations: { by: 'them', ...cloud.snapshot().accessBoundaries.find(({ policyId }) => policyId === 'pab-notes')?.annotations } });
    };
    let races = 0;
    const racing: CallContext = { ...context(), request: async (access, send) => {
      if (access === 'write' && (races += 1) === 1) await noting();
      return send();
    } };
    const other = limit('pab-notes', { rules: [{ resources: [SHOP, SHOP.replace('web-', '')], effect: 'ALLOW' }], enforcementVersion: '2' });
    const { rules = '', enforcementVersion = '' } = policies().shape(other).fields;
    await policies().update(other, observed, { ...NOTHING, fields: { rules, enforcementVersion } }, racing);
    expect(races).toBe(2);
    expect(await policies().observe({ mark: other.mark, names: ['pab-notes'] }, [], context())).toMatchObject({ mark: other.mark, shape: { fields: { rules, enforcementVersion: '2' } } });
    await policies().release?.(observed, context());
    expect(cloud.snapshot().accessBoundaries.find(({ policyId }) => policyId === 'pab-notes')?.annotations).toEqual({ by: 'them' });
  });

  it.each([
    ['no pab- in its name', limit('web-shop'), 'pab-'],
    ['a word that is not known', limit('pab-web', { rules: RULES, effect: 'ALLOW' }), 'details.effect: not known'],
    ['what gives something too', desired('policy', 'pab-web', { document: { providerDocuments: { gcp: { details: { rules: RULES }, includedPermissions: ['iam.roles.get'] } } } }), 'includedPermissions: not known'],
    ['a rule that forbids', limit('pab-web', { rules: [{ ...RULES[0], effect: 'DENY' }] }), 'rules.0.effect'],
    ['a rule about nothing', limit('pab-web', { rules: [{ effect: 'ALLOW' }] }), 'rules.0.resources: none'],
    ['a resource of a service', limit('pab-web', { rules: [{ effect: 'ALLOW', resources: ['//storage.googleapis.com/b'] }] }), 'rules.0.resources: each is'],
    ['no rules', limit('pab-web', {}), 'details.rules: 0'],
  ])('with %s are refused before any call', (_, wanted, says) => {
    expect(policies().check(wanted)).toMatchObject({ code: 'InvalidRequest', message: expect.stringContaining(says) as string });
  });

  it('limit a user from before the first moment on, and nobody where the user was not made', async () => {
    const boundary = await made('pab-first');
    cloud.faults.set({ accessDenied: ['directory.users.insert'] });
    expect(await refusalOf(users().create(within('ann', boundary), context()))).toMatchObject({ code: 'AccessDenied' });
    expect(bindings('ann')).toEqual([]);
    cloud.faults.set({ accessDenied: ['iam.organizations.locations.policyBindings.create'] });
    expect(await refusalOf(users().create(within('ann', boundary), context()))).toMatchObject({ code: 'AccessDenied' });
    expect(cloud.snapshot().users).toEqual([]);
    cloud.faults.reset();
    for (const operation of ['iam.organizations.locations.policyBindings.create', 'directory.users.insert']) {
      const name = operation.includes('users') ? 'bob' : 'ann';
      cloud.faults.next({ kind: 'lost-answer', operation });
      expect(await refusalOf(users().create(within(name, boundary), context()))).toMatchObject({ options: { effect: 'unknown' } });
      expect(bindings(name)).toEqual([boundTo('pab-first', name)]);
    }
    const { observed } = await users().create(within('ann', boundary), context());
    expect([observed.shape, bindings('ann')]).toEqual([users().shape(within('ann', boundary)), [boundTo('pab-first', 'ann')]]);
    expect((await look(within('bob', boundary)))?.shape.fields).toEqual(users().shape(within('bob', boundary)).fields);
  });

  it('limit a user who counts as possibly made where it is not known whether others limit it too', async () => {
    const boundary = await made('pab-listed');
    cloud.faults.next({ kind: 'throttle', operation: `${BINDINGS}.list` });
    expect(await refusalOf(users().create(within('iris', boundary), context()))).toMatchObject({ code: 'Throttled', options: { effect: 'unknown' } });
  });

  it('limit nobody who has the address already, or gets it in this moment', async () => {
    const boundary = await made('pab-taken');
    const bound = () => cloud.calls()[`${BINDINGS}.create`];
    await stranger('jack');
    const before = bound();
    expect(await refusalOf(users().create(within('jack', boundary), context()))).toMatchObject({ code: 'AlreadyExists', options: { effect: 'none' } });
    expect([bound(), bindings('jack')]).toEqual([before, []]);
    const { observed } = await users().create(within('liam', boundary), context());
    expect(await refusalOf(put(within('jack', boundary, 'liam'), observed))).toMatchObject({ code: 'AlreadyExists', options: { effect: 'none' } });
    expect([bound(), bindings('liam')]).toEqual([(before ?? 0) + 1, [boundTo('pab-taken', 'liam')]]);
    const outrun: CallContext = { ...context(), request: async (_access, send, method) => {
      if (method === 'directory.users.insert') await stranger('kate');
      return send();
    } };
    cloud.faults.set({ accessDenied: [`${BINDINGS}.delete`] });
    expect(await refusalOf(users().create(within('kate', boundary), outrun))).toMatchObject({ code: 'AlreadyExists', message: expect.stringMatching(/binding wami-\w+, .* could not be deleted/) as string, options: { effect: 'unknown' } });
    expect(bindings('kate')).toEqual([boundTo('pab-taken', 'kate')]);
    cloud.faults.reset();
    expect(await refusalOf(users().create(within('kate', boundary), context()))).toMatchObject({ code: 'AlreadyExists', options: { effect: 'none' } });
    expect(bindings('kate')).toEqual([]);
  });

  it('limit nobody who got the address after the user, and nobody whom the adoption was refused of', async () => {
    const boundary = await made('pab-theirs-too');
    const { observed } = await users().create(within('mia', undefined), context());
    await directory('PUT', `/${observed.providerResourceId}`, { primaryEmail: address('mya') });
    await directory('DELETE', `/${observed.providerResourceId}/aliases/${address('mia')}`, {});
    await stranger('mia');
    expect(await refusalOf(put(within('mia', boundary), observed))).toMatchObject({ code: 'Conflict', options: { effect: 'none' } });
    expect(bindings('mia')).toEqual([]);
    await stranger('nora');
    const nora = (await look(within('nora', boundary))) ?? observed;
    cloud.faults.set({ accessDenied: ['directory.users.update'] });
    expect(await refusalOf(put(within('nora', boundary), nora, { adopt: true }))).toMatchObject({ code: 'AccessDenied', options: { effect: 'none' } });
    expect(bindings('nora')).toEqual([]);
    cloud.faults.reset();
    expect((await put(within('nora', boundary), nora, { adopt: true })).observed.shape.fields).toEqual((await look(within('nora', boundary)))?.shape.fields);
    expect(bindings('nora')).toEqual([boundTo('pab-theirs-too', 'nora')]);
  });

  it('go where a list does not show them yet, where a deletion left them, and where the mark of the user was off', async () => {
    const { observed: policy } = await policies().create(limit('pab-left'), context());
    const { observed: paul } = await users().create(within('paul', policy.nativeArn), context());
    cloud.faults.set({ eventualConsistencyMs: 60_000 });
    const { observed: otto } = await users().create(within('otto', policy.nativeArn), context());
    await put(within('otto', undefined), otto);
    expect(bindings('otto')).toEqual([]);
    cloud.faults.reset();
    cloud.faults.set({ accessDenied: [`${BINDINGS}.delete`] });
    expect(await refusalOf(users().delete(paul, context()))).toMatchObject({ code: 'AccessDenied' });
    expect([await look(within('paul', undefined)), bindings('paul')]).toEqual([undefined, [boundTo('pab-left', 'paul')]]);
    cloud.faults.reset();
    await users().clear?.(paul.mark ?? markOf('user', 'nobody'), context());
    const { observed: quinn } = await users().create(within('quinn', policy.nativeArn), context());
    await directory('PUT', `/${quinn.providerResourceId}`, { externalIds: [] });
    await put(within('quinn', undefined), (await look(within('quinn', undefined))) ?? quinn, { adopt: true });
    expect(bindings('quinn')).toEqual([]);
    await policies().delete(policy, context());
  });

  it('are another at once, and go after all else was done', async () => {
    const [one, two] = [await made('pab-one'), await made('pab-two')];
    const { observed } = await users().create(within('carl', one), context());
    cloud.faults.set({ accessDenied: ['iam.organizations.locations.policyBindings.delete'] });
    expect(await refusalOf(put(within('carl', two), observed))).toMatchObject({ code: 'AccessDenied' });
    cloud.faults.reset();
    const both = await look(within('carl', two));
    expect(both?.shape.fields).not.toMatchObject(users().shape(within('carl', two)).fields);
    expect(both?.shape.fields).not.toMatchObject(users().shape(within('carl', one)).fields);
    const { observed: other } = await put(within('carl', two), both ?? observed);
    expect([other.shape.fields, bindings('carl')]).toEqual([users().shape(within('carl', two)).fields, [boundTo('pab-two', 'carl')]]);
    expect(await refusalOf(put(within('carl', undefined), other, { addTo: { groups: ['gone'] } }))).toMatchObject({ code: 'NotFound' });
    expect(bindings('carl')).toEqual([boundTo('pab-two', 'carl')]);
    expect((await put(within('carl', undefined), other)).observed.shape.fields).toEqual(users().shape(within('carl', undefined)).fields);
    expect(bindings('carl')).toEqual([]);
  });

  it('follow a user to another address, and stay where it does not get it', async () => {
    const boundary = await made('pab-moves');
    const { observed } = await users().create(within('dora', boundary), context());
    cloud.faults.set({ accessDenied: ['directory.users.update'] });
    expect(await refusalOf(put(within('dorothy', boundary, 'dora'), observed))).toMatchObject({ code: 'AccessDenied' });
    expect(bindings('dora')).toEqual([boundTo('pab-moves', 'dora')]);
    cloud.faults.reset();
    const { observed: renamed } = await put(within('dorothy', boundary, 'dora'), observed);
    expect([renamed.shape.fields, bindings('dora')]).toEqual([users().shape(within('dorothy', boundary)).fields, [boundTo('pab-moves', 'dorothy')]]);
    expect((await look(within('dorothy', boundary, 'dora')))?.shape.fields).toEqual(renamed.shape.fields);
  });

  it('are put right where others changed whom they are bound to, by the etag', async () => {
    const boundary = await made('pab-drift');
    const { observed } = await users().create(within('eve', boundary), context());
    const { bindingId = '' } = cloud.snapshot().policyBindings.find(({ annotations }) => annotations['wami-id'] === 'user_eve') ?? {};
    const { etag } = await hands('GET', `policyBindings/${bindingId}`);
    await hands('PATCH', `policyBindings/${bindingId}?updateMask=condition`, { etag, condition: { expression: conditionOn(address('nobody')) } });
    const seen = await look(within('eve', boundary));
    expect(seen?.shape.fields).not.toMatchObject(users().shape(within('eve', boundary)).fields);
    cloud.faults.next({ kind: 'concurrent-modification', operation: 'iam.organizations.locations.policyBindings.patch' });
    await put(within('eve', boundary), seen ?? observed);
    expect(bindings('eve')).toEqual([boundTo('pab-drift', 'eve')]);
  });

  it('are not deleted while they limit somebody, and their bindings end with the user and lose the mark with it', async () => {
    const { observed: policy } = await policies().create(limit('pab-last'), context());
    const [{ observed: one }, { observed: two }] = [await users().create(within('fred', policy.nativeArn), context()), await users().create(within('greta', policy.nativeArn), context())];
    expect(await refusalOf(policies().delete(policy, context()))).toMatchObject({ code: 'Conflict' });
    await users().delete(one, context());
    expect(bindings('fred')).toEqual([]);
    await users().release?.(two, context());
    expect([bindings('greta'), bindings().filter(([name]) => name === 'pab-last')]).toEqual([[], [boundTo('pab-last', 'greta')]]);
    await put(within('greta', policy.nativeArn), (await look(within('greta', policy.nativeArn))) ?? two, { adopt: true });
    expect(bindings('greta')).toEqual([boundTo('pab-last', 'greta')]);
    await users().delete(two, context());
    await policies().delete(policy, context());
  });

  it('are no permissions boundary where the policy is of another sort, and are attached to nobody', async () => {
    expect(users().check(within('hans', 'projects/web-shop/roles/reader'))).toMatchObject({ code: 'Unsupported', message: expect.stringContaining('no principal access boundary') as string });
    expect(users().check(within("o'reilly", await made('pab-attached')))).toBeUndefined();
    const { observed, rejected } = await users().create({ ...within("o'reilly", arn('pab-attached')), facets: { policies: ['pab-attached'] } }, context());
    expect(rejected.map(({ name, error }) => [name, error.code])).toEqual([['pab-attached', 'Unsupported']]);
    expect((await look(within("o'reilly", arn('pab-attached'))))?.shape.fields).toEqual(observed.shape.fields);
    const long = createGcpAdapter().connect({ provider: 'gcp', account: cloud.project, endpoint: cloud.url, credentials, directory: { customer: cloud.directory.customer, domain: `${'x'.repeat(60)}.${'y'.repeat(60)}.example` }, accessBoundaries: `organizations:${cloud.organization}` });
    expect((long.handler('user') as ResourceHandler).check(within('z'.repeat(60), arn('pab-attached')))).toMatchObject({ code: 'InvalidRequest', message: expect.stringContaining('250') as string });
    await long.close();
  });

  it('are called by nobody where the connection does not say that it holds them', async () => {
    const without = connect({ accessBoundaries: undefined });
    const before = cloud.calls();
    const [all, people] = ['policy', 'user'].map((kind) => without.handler(kind)) as [ResourceHandler, ResourceHandler];
    expect(all.check(limit('pab-web'))).toMatchObject({ code: 'Unsupported', message: expect.stringContaining('`accessBoundaries: organizations:NUMBER`') as string });
    expect(await refusalOf(all.observe({ mark: markOf('policy', 'x'), nativeArn: arn('pab-web'), names: ['pab-web'] }, [], context()))).toMatchObject({ code: 'Unsupported' });
    expect(await refusalOf(people.create(within('ida', arn('pab-web')), context()))).toMatchObject({ code: 'Unsupported' });
    for await (const page of people.list(context())) expect(page.map(({ shape }) => shape.fields['permissionsBoundary'])).toEqual(page.map(() => undefined));
    const called = Object.entries(cloud.calls()).filter(([operation, count]) => operation.includes('.locations.') && count !== before[operation]);
    expect([called, without.capabilities?.find(({ kind }) => kind === 'user')?.bounded, target.capabilities?.find(({ kind }) => kind === 'user')?.bounded]).toEqual([[], undefined, true]);
    await without.close();
  });
});

it('an operation of IAM v3 that Google has only begun is asked for until it has ended', async () => {
  const name = 'organizations/456/locations/global/principalAccessBoundaryPolicies/pab-web';
  const operation = { name: 'organizations/456/locations/global/operations/7' };
  const asked: string[] = [];
  const respond: Respond = async (method, url) => {
    if (method === 'POST') return { status: 200, body: operation };
    asked.push(url);
    return { status: 200, body: asked.length === 1 ? operation : { ...operation, done: true, response: { name, uid: '1', details: { rules: RULES } } } };
  };
  const server = await startRecordingServer(respond);
  const target = createGcpAdapter().connect({ provider: 'gcp', account: 'web-shop', endpoint: server.url, credentials, accessBoundaries: 'organizations:456' });
  try {
    const { observed } = await (target.handler('policy') as ResourceHandler).create(limit('pab-web'), context());
    expect([observed.nativeArn, asked]).toEqual([name, [1, 2].map(() => `/v3/${operation.name}`)]);
  } finally {
    await target.close();
    await server.close();
  }
});

import type { CallContext, Desired, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { startSandboxAzure, type SandboxAzure } from '@wami/sandbox';
import { exchange, FIDELITY } from '../spec-support/fidelity';
import { RecordedCloud } from '../spec-support/recorded-cloud';
import { createAzureAdapter } from './azure.adapter';

process.env['SPEC_AZURE_KEYS_TOKEN'] = 'spec-token';
const context = (): CallContext => ({ signal: AbortSignal.timeout(20_000) });
const connect = (endpoint: string): ProviderTarget =>
  createAzureAdapter().connect({ provider: 'azure', account: 'wami.onmicrosoft.com', endpoint, credentials: { type: 'bearer', token: 'env:SPEC_AZURE_KEYS_TOKEN' } });
const handlerOf = (target: ProviderTarget, kind: string): ResourceHandler => target.handler(kind) as ResourceHandler;

const ROBOT: Desired = { name: 'robot', document: {}, facets: {}, mark: { instance: 'here', tenant: 'acme', id: 'sa_1', kind: 'service-account' } };
const key = (id: string, owner = 'robot'): Desired => ({ name: id, owner, document: { ownerId: 'sa_1', ownerKind: 'service-account', status: 'active' }, facets: {}, mark: { ...ROBOT.mark, id, kind: 'access-key' } });

describe('passwords of applications', () => {
  let cloud: SandboxAzure;
  let target: ProviderTarget;
  let keys: ResourceHandler;
  const passwords = (): unknown[] => cloud.snapshot().applications.map(({ displayName, fields }) => [displayName, (fields['passwordCredentials'] as { displayName: string }[]).map((one) => one.displayName)]);
  const theyPost = async (path: string, body: object): Promise<{ readonly id: string }> =>
    (await fetch(`${cloud.url}/v1.0/applications${path}`, { method: 'POST', headers: { authorization: 'Bearer theirs', 'content-type': 'application/json' }, body: JSON.stringify(body) })).json() as Promise<{ readonly id: string }>;
  const theirs = (displayName: string): Promise<{ readonly id: string }> => theyPost('', { displayName });

  beforeEach(async () => {
    cloud = await startSandboxAzure();
    target = connect(cloud.url);
    keys = handlerOf(target, 'access-key');
    await handlerOf(target, 'service-account').create(ROBOT, context());
  });
  afterEach(async () => {
    await target.close();
    await cloud.close();
  });

  it('are made for our own application among those of the name, named after the key and without an end, and signed in with by the client id', async () => {
    await theirs('robot');
    const { observed, secret = '' } = await keys.create(key('aky_1'), context());
    const { applications, servicePrincipals } = cloud.snapshot();
    const own = applications.find(({ fields }) => String(fields['notes']).includes('wami-id=sa_1'));
    const made = own?.fields['passwordCredentials'] as Record<string, unknown>[];
    expect(made).toMatchObject([{ displayName: 'managed-by=wami wami-id=aky_1', endDateTime: '2100-12-31T00:00:00Z', secretText: null }]);
    expect(observed).toMatchObject({ providerResourceId: `${String(own?.fields['appId'])}/${String(made[0]?.['keyId'])}`, nativeArn: `/applications/${own?.id ?? ''}/passwordCredentials/${String(made[0]?.['keyId'])}` });
    expect(passwords().sort()).toEqual([['robot', ['managed-by=wami wami-id=aky_1']], ['robot', []]].sort());
    expect([secret.length >= 30, JSON.stringify([applications, servicePrincipals]).includes(secret)]).toEqual([true, false]);
  });

  it('are made for nobody else: while our application is not to be seen the key waits for it', async () => {
    await theirs('stranger');
    for (const owner of ['stranger', 'nobody']) await expect(keys.create(key('aky_1', owner), context())).rejects.toMatchObject({ code: 'DependencyNotReady', options: { effect: 'none' } });
    expect(passwords().sort()).toEqual([['robot', []], ['stranger', []]]);
  });

  it('of an attempt whose answer was lost are known by their name, whatever else is made meanwhile', async () => {
    const groundwork = (await keys.prepare?.(key('aky_1'), context())) ?? {};
    cloud.faults.at(2, 'lost-answer');
    await expect(keys.create(key('aky_1'), context())).rejects.toMatchObject({ options: { effect: 'unknown' } });
    await keys.create(key('aky_2'), context());
    const found = await keys.observe({ mark: key('aky_1').mark, names: [], owner: 'robot', groundwork }, [], context());
    if (found === undefined) throw new Error('it is not found');
    await keys.delete(found, context());
    expect(passwords()).toEqual([['robot', ['managed-by=wami wami-id=aky_2']]]);
  });

  it('of others are not taken for what such an attempt made, whatever they are called: not those of a stranger\'s application, and not of another of ours', async () => {
    const [own] = cloud.snapshot().applications;
    const twin = await theyPost('', { displayName: 'robot', notes: String(own?.fields['notes']).replace('wami-id=sa_1', 'wami-id=sa_2') });
    for (const { id } of [await theirs('robot'), twin]) await theyPost(`/${id}/addPassword`, { passwordCredential: { displayName: 'managed-by=wami wami-id=aky_1' } });
    const groundwork = await keys.prepare?.(key('aky_1'), context());
    expect(await keys.observe({ mark: key('aky_1').mark, names: [], owner: 'robot', ...(groundwork ? { groundwork } : {}) }, [], context())).toBeUndefined();
    expect(await keys.observe({ mark: key('aky_1').mark, names: [], owner: 'robot', groundwork: {} }, [], context())).toMatchObject({ nativeArn: expect.stringContaining(twin.id) as string });
  });

  it('are found and deleted after their application was given another name', async () => {
    const accounts = handlerOf(target, 'service-account');
    const { observed } = await keys.create(key('aky_1'), context());
    const robot = await accounts.observe({ mark: ROBOT.mark, names: ['robot'] }, [], context());
    if (robot === undefined) throw new Error('it is not there');
    await accounts.update({ ...ROBOT, name: 'droid' }, robot, { fields: { name: 'droid' }, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} }, context());
    expect(await keys.observe({ mark: key('aky_1').mark, names: [], owner: 'robot', providerResourceId: observed.providerResourceId }, [], context())).toEqual(observed);
    await keys.delete(observed, context());
    expect(passwords()).toEqual([['droid', []]]);
  });

  it('that Entra does not find though it shows them are not taken for deleted', async () => {
    const { observed } = await keys.create(key('aky_1'), context());
    cloud.faults.set({ eventualConsistencyMs: 60_000 });
    await keys.delete(observed, context());
    await expect(keys.delete(observed, context())).rejects.toMatchObject({ code: 'Conflict', retryable: true, message: expect.stringContaining('aky_1') });
    cloud.faults.reset();
    await keys.delete(observed, context());
  });

  it('are no part of a listing', async () => {
    await keys.create(key('aky_1'), context());
    for await (const page of keys.list(context())) expect(page).toEqual([]);
  });
});

const told = FIDELITY === undefined ? 'left out: the recordings are not beside the checkout' : undefined;
if (told !== undefined) it(told, () => undefined);
else it('are asked for as the real service was asked, and read as it answered', async () => {
  const FILE = 'microsoft-graph/application-password';
  const cloud = await RecordedCloud.start();
  const target = connect(cloud.url);
  const keys = handlerOf(target, 'access-key');
  const [made, removed] = [exchange(FILE, 'POST', 200, '/addPassword'), exchange(FILE, 'POST', 204, '/removePassword')];
  const listed = (part: string) => ({ ...exchange(FILE, 'GET', 200, "appId eq '"), responseBody: { value: [application(part)] } });
  const application = (part: string) => {
    const shown = exchange(FILE, 'GET', 200, '/applications/').responseBody as Record<string, unknown>;
    return { ...shown, notes: '[managed-by=wami wami-instance=here wami-tenant=acme wami-id=sa_1 wami-kind=service-account]', ...(part === '' ? {} : { passwordCredentials: [{ ...(made.responseBody as object), '@odata.context': undefined, secretText: null }] }) };
  };
  try {
    cloud.expect({ ...listed(''), url: 'https://graph.microsoft.com/v1.0/applications?$filter=displayName eq \'x\'' }, made, listed('made'), removed, listed(''));
    const { observed, secret } = await keys.create(key('aky_1', 'azure-cli-test000001'), context());
    const id = 'afb85a07-e312-4d49-b75b-9db4e2d683cd/73c912d2-fd2d-42a0-b3ae-2e45d006b8bc';
    expect([observed.providerResourceId, secret]).toEqual([id, 'replaced-microsoft-graph-password']);
    expect(Object.keys((cloud.seen[1]?.body as { passwordCredential: object }).passwordCredential)).toEqual(['displayName', 'endDateTime']);
    const known = { mark: key('aky_1').mark, names: [], owner: 'azure-cli-test000001', providerResourceId: id };
    expect(await keys.observe(known, [], context())).toEqual(observed);
    await keys.delete(observed, context());
    expect(cloud.seen[3]?.body).toEqual(removed.requestBody);
    expect(await keys.observe(known, [], context())).toBeUndefined();
    expect(cloud.left()).toEqual([]);
  } finally {
    await target.close();
    await cloud.close();
  }
});

import type { ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { startSandboxAzure, type SandboxAzure } from '@wami/sandbox';
import { callContext, handlerAt, keyOfRobot, keysAtSandboxForEach, ROBOT } from '@wami/testing';
import { exchange, FIDELITY } from '../spec-support/fidelity';
import { RecordedCloud } from '../spec-support/recorded-cloud';
import { createAzureAdapter } from './azure.adapter';

process.env['SPEC_AZURE_KEYS_TOKEN'] = 'spec-token';
const connect = (endpoint: string): ProviderTarget =>
  createAzureAdapter().connect({ provider: 'azure', account: 'sandbox-tenant', endpoint, credentials: { type: 'bearer', token: 'env:SPEC_AZURE_KEYS_TOKEN' } });

describe('passwords of applications', () => {
  let cloud: SandboxAzure;
  let target: ProviderTarget;
  let keys: ResourceHandler;
  const passwords = (): unknown[] => cloud.snapshot().applications.map(({ displayName, fields }) => [displayName, (fields['passwordCredentials'] as { displayName: string }[]).map((one) => one.displayName)]);
  const theyPost = async (path: string, body: object): Promise<{ readonly id: string }> =>
    (await fetch(`${cloud.url}/v1.0/applications${path}`, { method: 'POST', headers: { authorization: 'Bearer theirs', 'content-type': 'application/json' }, body: JSON.stringify(body) })).json() as Promise<{ readonly id: string }>;
  const theirs = (displayName: string): Promise<{ readonly id: string }> => theyPost('', { displayName });

  keysAtSandboxForEach(() => startSandboxAzure(), connect, (found) => ({ cloud, target, keys } = found));

  it('are made for our own application among those of the name, named after the key and without an end, and signed in with by the client id', async () => {
    await theirs(ROBOT.name);
    const { observed, secret = '' } = await keys.create(keyOfRobot('aky_1'), callContext());
    const { applications, servicePrincipals } = cloud.snapshot();
    const own = applications.find(({ fields }) => String(fields['notes']).includes('wami-id=sa_1'));
    const made = own?.fields['passwordCredentials'] as Record<string, unknown>[];
    expect(made).toMatchObject([{ displayName: 'managed-by=wami wami-id=aky_1', endDateTime: '2100-12-31T00:00:00Z', secretText: null }]);
    expect(observed).toMatchObject({ providerResourceId: `${String(own?.fields['appId'])}/${String(made[0]?.['keyId'])}`, nativeArn: `/applications/${own?.id ?? ''}/passwordCredentials/${String(made[0]?.['keyId'])}` });
    expect(passwords().sort()).toEqual([[ROBOT.name, ['managed-by=wami wami-id=aky_1']], [ROBOT.name, []]].sort());
    expect([secret.length >= 30, JSON.stringify([applications, servicePrincipals]).includes(secret)]).toEqual([true, false]);
  });

  it('are made for nobody else: while our application is not to be seen the key waits for it', async () => {
    await theirs('stranger');
    for (const owner of ['stranger', 'nobody']) await expect(keys.create(keyOfRobot('aky_1', owner), callContext())).rejects.toMatchObject({ code: 'DependencyNotReady', options: { effect: 'none' } });
    expect(passwords().sort()).toEqual([[ROBOT.name, []], ['stranger', []]]);
  });

  it('of an attempt whose answer was lost are known by their name, whatever else is made meanwhile', async () => {
    const groundwork = (await keys.prepare?.(keyOfRobot('aky_1'), callContext())) ?? {};
    cloud.faults.at(2, 'lost-answer');
    await expect(keys.create(keyOfRobot('aky_1'), callContext())).rejects.toMatchObject({ options: { effect: 'unknown' } });
    await keys.create(keyOfRobot('aky_2'), callContext());
    const found = await keys.observe({ mark: keyOfRobot('aky_1').mark, names: [], owner: ROBOT.name, groundwork }, [], callContext());
    if (found === undefined) throw new Error('it is not found');
    await keys.delete(found, callContext());
    expect(passwords()).toEqual([[ROBOT.name, ['managed-by=wami wami-id=aky_2']]]);
  });

  it('of others are not taken for what such an attempt made, whatever they are called: not those of a stranger\'s application, and not of another of ours', async () => {
    const [own] = cloud.snapshot().applications;
    const twin = await theyPost('', { displayName: ROBOT.name, notes: String(own?.fields['notes']).replace('wami-id=sa_1', 'wami-id=sa_2') });
    for (const { id } of [await theirs(ROBOT.name), twin]) await theyPost(`/${id}/addPassword`, { passwordCredential: { displayName: 'managed-by=wami wami-id=aky_1' } });
    const groundwork = await keys.prepare?.(keyOfRobot('aky_1'), callContext());
    expect(await keys.observe({ mark: keyOfRobot('aky_1').mark, names: [], owner: ROBOT.name, ...(groundwork ? { groundwork } : {}) }, [], callContext())).toBeUndefined();
    expect(await keys.observe({ mark: keyOfRobot('aky_1').mark, names: [], owner: ROBOT.name, groundwork: {} }, [], callContext())).toMatchObject({ nativeArn: expect.stringContaining(twin.id) as string });
  });

  it('are found and deleted after their application was given another name', async () => {
    const accounts = handlerAt(target, 'service-account');
    const { observed } = await keys.create(keyOfRobot('aky_1'), callContext());
    const robot = await accounts.observe({ mark: ROBOT.mark, names: [ROBOT.name] }, [], callContext());
    if (robot === undefined) throw new Error('it is not there');
    await accounts.update({ ...ROBOT, name: 'droid' }, robot, { fields: { name: 'droid' }, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} }, callContext());
    expect(await keys.observe({ mark: keyOfRobot('aky_1').mark, names: [], owner: ROBOT.name, providerResourceId: observed.providerResourceId }, [], callContext())).toEqual(observed);
    await keys.delete(observed, callContext());
    expect(passwords()).toEqual([['droid', []]]);
  });

  it('that Entra does not find though it shows them are not taken for deleted', async () => {
    const { observed } = await keys.create(keyOfRobot('aky_1'), callContext());
    cloud.faults.set({ eventualConsistencyMs: 60_000 });
    await keys.delete(observed, callContext());
    await expect(keys.delete(observed, callContext())).rejects.toMatchObject({ code: 'Conflict', retryable: true, message: expect.stringContaining('aky_1') });
    cloud.faults.reset();
    await keys.delete(observed, callContext());
  });

  it('are no part of a listing', async () => {
    await keys.create(keyOfRobot('aky_1'), callContext());
    for await (const page of keys.list(callContext())) expect(page).toEqual([]);
  });
});

const told = FIDELITY === undefined ? 'left out: the recordings are not beside the checkout' : undefined;
if (told !== undefined) it(told, () => undefined);
else it('are asked for as the real service was asked, and read as it answered', async () => {
  const FILE = 'microsoft-graph/application-password';
  const cloud = await RecordedCloud.start();
  const target = connect(cloud.url);
  const keys = handlerAt(target, 'access-key');
  const [made, removed] = [exchange(FILE, 'POST', 200, '/addPassword'), exchange(FILE, 'POST', 204, '/removePassword')];
  const listed = (part: string) => ({ ...exchange(FILE, 'GET', 200, "appId eq '"), responseBody: { value: [application(part)] } });
  const application = (part: string) => {
    const shown = exchange(FILE, 'GET', 200, '/applications/').responseBody as Record<string, unknown>;
    return { ...shown, notes: '[managed-by=wami wami-instance=here wami-tenant=acme wami-id=sa_1 wami-kind=service-account]', ...(part === '' ? {} : { passwordCredentials: [{ ...(made.responseBody as object), '@odata.context': undefined, secretText: null }] }) };
  };
  try {
    cloud.expect({ ...listed(''), url: 'https://graph.microsoft.com/v1.0/applications?$filter=displayName eq \'x\'' }, made, listed('made'), removed, listed(''));
    const { observed, secret } = await keys.create(keyOfRobot('aky_1', 'azure-cli-test000001'), callContext());
    const id = 'afb85a07-e312-4d49-b75b-9db4e2d683cd/73c912d2-fd2d-42a0-b3ae-2e45d006b8bc';
    expect([observed.providerResourceId, secret]).toEqual([id, 'replaced-microsoft-graph-password']);
    expect(Object.keys((cloud.seen[1]?.body as { passwordCredential: object }).passwordCredential)).toEqual(['displayName', 'endDateTime']);
    const known = { mark: keyOfRobot('aky_1').mark, names: [], owner: 'azure-cli-test000001', providerResourceId: id };
    expect(await keys.observe(known, [], callContext())).toEqual(observed);
    await keys.delete(observed, callContext());
    expect(cloud.seen[3]?.body).toEqual(removed.requestBody);
    expect(await keys.observe(known, [], callContext())).toBeUndefined();
    expect(cloud.left()).toEqual([]);
  } finally {
    await target.close();
    await cloud.close();
  }
});

import { FEDERATION, partField, type Applied, type CallContext, type Changes, type Desired, type Observed, type ProviderTarget, type ResourceHandler } from '@wami/provider-port';
import { startSandboxAzure, type SandboxAzure } from '@wami/sandbox';
import { exchange, FIDELITY, recording } from '../spec-support/fidelity';
import { RecordedCloud } from '../spec-support/recorded-cloud';
import { createAzureAdapter } from './azure.adapter';

process.env['SPEC_AZURE_TRUST_TOKEN'] = 'spec-token';
const NOTHING: Changes = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };
const context = (): CallContext => ({ signal: AbortSignal.timeout(20_000) });
const connect = (endpoint: string): ProviderTarget =>
  createAzureAdapter().connect({ provider: 'azure', account: 'sandbox-tenant', endpoint, credentials: { type: 'bearer', token: 'env:SPEC_AZURE_TRUST_TOKEN' } });
const accountsOf = (target: ProviderTarget): ResourceHandler => target.handler('service-account') as ResourceHandler;

const trusting = (subject: string, issuer = 'https://issuer.example'): object => ({ issuer, subject });
const robot = (federation: object): Desired => ({ name: 'robot', document: { federation }, facets: {}, mark: { instance: 'here', tenant: 'acme', id: 'sva_1', kind: 'service-account' } });
const field = (name: string): string => partField(FEDERATION, name);

describe('federated credentials of service accounts', () => {
  let cloud: SandboxAzure;
  let target: ProviderTarget;
  let accounts: ResourceHandler;
  beforeEach(async () => {
    cloud = await startSandboxAzure();
    target = connect(cloud.url);
    accounts = accountsOf(target);
  });
  afterEach(async () => {
    await target.close();
    await cloud.close();
  });

  const standing = (): unknown => {
    const [application] = cloud.snapshot().applications;
    return Object.fromEntries(((application?.fields['federatedIdentityCredentials'] ?? []) as { name: string; subject: string }[]).map(({ name, subject }) => [name, subject]));
  };
  const theirs = ({ providerResourceId }: Observed, method: string, name: string, body?: object): Promise<unknown> =>
    fetch(`${cloud.url}/v1.0/applications/${providerResourceId}/federatedIdentityCredentials${method === 'POST' ? '' : `/${name}`}`, {
      method, headers: { authorization: 'Bearer theirs', 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(method === 'POST' ? { name, audiences: ['api://AzureADTokenExchange'], ...body } : body) } : {}),
    });
  /** Just what is said is done. */
  const put = (federation: object, observed: Observed, names: readonly string[]): Promise<Applied> => {
    const desired = robot(federation);
    const wanted = accounts.shape(desired).fields;
    return accounts.update(desired, observed, { ...NOTHING, fields: Object.fromEntries(names.map((name) => [field(name), wanted[field(name)] ?? ''])) }, context());
  };

  it('are not taken from somebody who made one of the name meanwhile; that says the same it is done', async () => {
    const { observed } = await accounts.create(robot({}), context());
    await theirs(observed, 'POST', 'github', trusting('theirs'));
    const { rejected } = await put({ github: trusting('ours') }, observed, ['github']);
    expect(rejected).toMatchObject([{ facet: 'federation', name: 'github', error: { code: 'Conflict', retryable: true, options: { effect: 'none' } } }]);
    expect(standing()).toEqual({ github: 'theirs' });
    expect((await put({ github: trusting('theirs') }, observed, ['github'])).rejected).toEqual([]);
  });

  it('that cannot be seen yet and are in the way may be what an attempt of ours left', async () => {
    const { observed } = await accounts.create(robot({}), context());
    cloud.faults.set({ eventualConsistencyMs: 60_000 });
    await theirs(observed, 'POST', 'github', trusting('perhaps ours'));
    const { rejected } = await put({ github: trusting('ours') }, observed, ['github']);
    expect(rejected).toMatchObject([{ error: { code: 'Conflict', options: { effect: 'unknown' } } }]);
  });

  it('are made anew where somebody took them away, and are changed where they stand', async () => {
    const { observed } = await accounts.create(robot({ gone: trusting('a'), stays: trusting('b') }), context());
    await theirs(observed, 'DELETE', 'gone');
    const { rejected } = await put({ gone: trusting('c'), stays: trusting('d') }, observed, ['gone', 'stays']);
    expect([rejected, standing()]).toEqual([[], { gone: 'c', stays: 'd' }]);
  });

  it('take over from one another whom they trust, which no two may at a time', async () => {
    const { observed } = await accounts.create(robot({ one: trusting('a'), two: trusting('b') }), context());
    const swapped = await put({ one: trusting('b'), two: trusting('a') }, observed, ['one', 'two']);
    expect([swapped.rejected, standing()]).toEqual([[], { one: 'b', two: 'a' }]);
    const moved = await put({ one: trusting('a'), two: trusting('c') }, swapped.observed, ['one', 'two']);
    expect([moved.rejected, standing()]).toEqual([[], { one: 'a', two: 'c' }]);
    expect([(await put({ three: trusting('a') }, moved.observed, ['one', 'three'])).rejected, standing()]).toEqual([[], { three: 'a', two: 'c' }]);
  });

  it('leave to others whom theirs trust', async () => {
    const { observed } = await accounts.create(robot({ one: trusting('a') }), context());
    await theirs(observed, 'POST', 'theirs', trusting('z'));
    expect((await put({ one: trusting('z') }, observed, ['one'])).rejected).toMatchObject([{ name: 'one', error: { code: 'Conflict', options: { effect: 'none' } } }]);
    expect(standing()).toEqual({ one: 'a', theirs: 'z' });
  });

  it('that Entra does not find though it shows them are not taken for deleted', async () => {
    const { observed } = await accounts.create(robot({ github: trusting('a') }), context());
    cloud.faults.set({ eventualConsistencyMs: 60_000 });
    await theirs(observed, 'DELETE', 'github');
    expect((await put({}, observed, ['github'])).rejected).toMatchObject([{ name: 'github', error: { code: 'Conflict', retryable: true } }]);
    cloud.faults.reset();
    expect((await put({}, observed, ['github'])).rejected).toEqual([]);
  });
});

const told = FIDELITY === undefined ? 'left out: the recordings are not beside the checkout' : undefined;
if (told !== undefined) it(told, () => undefined);
else it('are asked for as the real service was asked, and read as it answered', async () => {
  const FILE = 'microsoft-graph/application-federated-credential';
  const cloud = await RecordedCloud.start();
  const target = connect(cloud.url);
  const accounts = accountsOf(target);
  const [made, changed, gone] = [exchange(FILE, 'POST', 201, '/federatedIdentityCredentials'), exchange(FILE, 'PATCH', 204, '/federatedIdentityCredentials/'), exchange(FILE, 'DELETE', 204, '/federatedIdentityCredentials/')];
  const lists = recording(FILE).filter(({ method, url }) => method === 'GET' && url.endsWith('/federatedIdentityCredentials'));
  const principals = { method: 'GET', url: "https://graph.microsoft.com/v1.0/servicePrincipals?$filter=appId eq 'x'", status: 200, responseBody: { value: [] } };
  const id = '91daeb4b-50ab-49c4-b5ed-9c41ecf7c088';
  const standing: Observed = { providerResourceId: id, nativeArn: `/applications/${id}`, name: 'robot', shape: { fields: {}, tags: {}, facets: {} }, facetsRead: [] };
  const trust = (environment: string): object => trusting(`repo:octo-org/octo-repo:environment:${environment}`, 'https://token.actions.githubusercontent.com/');
  const fields = (environment: string): Record<string, string> => ({ [field('Testing')]: accounts.shape(robot({ Testing: trust(environment) })).fields[field('Testing')] ?? '' });
  try {
    const [byId, first, last] = [recording(FILE).find(({ method, url }) => method === 'GET' && url.endsWith(id)), lists[0], lists.at(-1)];
    if (byId === undefined || first === undefined || last === undefined) throw new Error('the recording is another');
    cloud.expect(made, byId, principals, first, changed, gone, byId, principals, last);
    const { observed } = await accounts.update(robot({ Testing: trust('Production') }), standing, { ...NOTHING, fields: fields('Production') }, context());
    expect(cloud.seen[0]?.body).toMatchObject({ name: 'Testing', issuer: 'https://token.actions.githubusercontent.com/', subject: 'repo:octo-org/octo-repo:environment:Production', audiences: ['api://AzureADTokenExchange'] });
    const reference = { mark: robot({}).mark, names: ['robot'], providerResourceId: id, federation: ['Testing', 'Other'] };
    expect((await accounts.observe(reference, [], context()))?.shape.fields).toMatchObject(fields('Production'));
    const after = await accounts.update(robot({ Testing: trust('Staging') }), observed, { ...NOTHING, fields: fields('Staging') }, context());
    expect([after.observed.shape.fields, cloud.seen[4]?.body]).toEqual([fields('Staging'), { issuer: 'https://token.actions.githubusercontent.com/', subject: 'repo:octo-org/octo-repo:environment:Staging', audiences: ['api://AzureADTokenExchange'] }]);
    await accounts.update(robot({}), after.observed, { ...NOTHING, fields: { [field('Testing')]: '' } }, context());
    expect(Object.keys((await accounts.observe(reference, [], context()))?.shape.fields ?? {})).toEqual(['name', 'servicePrincipal']);
    expect(cloud.left()).toEqual([]);
  } finally {
    await target.close();
    await cloud.close();
  }
});

import { jsonClient, type JsonAnswer, type JsonClient } from '../cloud/json-client';
import { startSandboxAzure, type SandboxAzure } from './start-sandbox-azure';

type Fields = Readonly<Record<string, unknown>>;
const AUDIENCES = ['api://AzureADTokenExchange'];
const TRUST = { issuer: 'https://issuer.example', subject: 'repo:acme/shop', audiences: AUDIENCES };
const refused = (status: number, code: string, message = ''): object => ({ status, json: { error: expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as object } });

describe('federated credentials of applications', () => {
  let sandbox: SandboxAzure;
  let azure: JsonClient;
  let at: string;
  beforeEach(async () => {
    sandbox = await startSandboxAzure();
    azure = jsonClient(sandbox.url);
    at = `/v1.0/applications/${String(((await azure('POST', '/v1.0/applications', { displayName: 'robot' })).json as Fields)['id'])}/federatedIdentityCredentials`;
  });
  afterEach(() => sandbox.close());

  const made = (name: string, more: object = {}): Promise<JsonAnswer> => azure('POST', at, { name, ...TRUST, subject: `repo:acme/${name}`, ...more });
  const listed = async (path = at): Promise<readonly Fields[]> => ((await azure('GET', path)).json as { value: readonly Fields[] }).value;
  const names = async (path = at): Promise<unknown[]> => (await listed(path)).map(({ name }) => name);

  it('are made, read by id and by name, changed without an answer, listed, brought along where they are asked for, and gone with a deletion', async () => {
    const { status, json } = await made('one');
    const { id, ...one } = json as Fields;
    expect([status, one]).toEqual([201, { '@odata.context': expect.stringMatching(/federatedIdentityCredentials\/\$entity$/) as string, name: 'one', issuer: TRUST.issuer, subject: 'repo:acme/one', description: null, audiences: AUDIENCES }]);
    for (const key of [String(id), 'one']) expect((await azure('GET', `${at}/${key}`)).json).toEqual(json);
    expect(await azure('PATCH', `${at}/one`, { subject: 'repo:acme/other', description: 'd' })).toMatchObject({ status: 204, json: undefined });
    expect(await listed(`${at}?$filter=${encodeURIComponent("name eq 'one'")}&$select=subject,description`)).toEqual([{ subject: 'repo:acme/other', description: 'd' }]);
    await made('two');
    const [application] = await listed('/v1.0/applications?$select=id&$expand=federatedIdentityCredentials');
    expect(application).toMatchObject({ federatedIdentityCredentials: [{ name: 'one' }, { name: 'two' }] });
    expect(Object.keys(application ?? {})).toEqual(['id', 'federatedIdentityCredentials']);
    expect(await azure('DELETE', `${at}/one`)).toMatchObject({ status: 204 });
    expect(await azure('DELETE', `${at}/one`)).toMatchObject(refused(404, 'Request_ResourceNotFound'));
    expect(await names()).toEqual(['two']);
  });

  it('have one name each, for good, and no two trust the same issuer and subject', async () => {
    await made('one');
    await made('two');
    expect(await made('One', { subject: 'other' })).toMatchObject(refused(409, 'Request_MultipleObjectsWithSameKeyValue', 'with name One already exists'));
    expect(await made('three', { subject: 'repo:acme/one' })).toMatchObject(refused(400, 'InvalidFederatedIdentityCredentialValue', 'combination of issuer and subject must be unique'));
    expect(await azure('PATCH', `${at}/two`, { subject: 'repo:acme/one' })).toMatchObject(refused(400, 'InvalidFederatedIdentityCredentialValue', 'must be unique'));
    expect(await azure('PATCH', `${at}/two`, { name: 'other' })).toMatchObject(refused(400, 'Request_BadRequest', "'name' is read-only"));
    expect(await azure('PATCH', `${at}/two`, {})).toMatchObject(refused(400, 'Request_BadRequest', 'Empty Payload'));
    expect(await names()).toEqual(['one', 'two']);
  });

  it('are at most twenty of one application', async () => {
    for (let i = 0; i < 20; i++) expect((await made(`n${i}`)).status).toBe(201);
    expect(await made('one-more')).toMatchObject(refused(403, 'Directory_QuotaExceeded'));
  });

  it.each<[string, object, string]>([
    ['an issuer without TLS', { issuer: 'http://issuer.example' }, 'https scheme'], ['two audiences', { audiences: [...AUDIENCES, 'more'] }, 'Exactly one audience'], ['a name that no address can hold', { name: 'a/b' }, 'URL friendly'],
    ['a subject that is too long', { subject: 'x'.repeat(601) }, '1 to 600'], ['a name that is too long', { name: 'x'.repeat(121) }, '1 to 120'],
  ])('are refused with %s', async (_, more, message) => {
    expect(await made('one', more)).toMatchObject(refused(400, 'InvalidFederatedIdentityCredentialValue', message));
  });

  it('are refused without what is needed, with what there is not, and of an application that is not there', async () => {
    expect(await made('one', { issuer: undefined })).toMatchObject(refused(400, 'Request_BadRequest', "'issuer'"));
    expect(await made('one', { colour: 'red' })).toMatchObject(refused(400, 'Request_BadRequest', "'colour'"));
    expect(await azure('GET', `${at}?$top=1`)).toMatchObject(refused(400, 'Request_UnsupportedQuery'));
    expect(await azure('GET', `${at}?$select=colour`)).toMatchObject(refused(400, 'Request_BadRequest', "'colour'"));
    expect(await azure('GET', '/v1.0/users?$expand=federatedIdentityCredentials')).toMatchObject(refused(400, 'Request_UnsupportedQuery'));
    expect(await azure('GET', '/v1.0/applications/nobody/federatedIdentityCredentials')).toMatchObject(refused(404, 'Request_ResourceNotFound'));
  });

  it('are seen late where reads are late, and outlast a deletion that is taken back', async () => {
    sandbox.faults.set({ eventualConsistencyMs: 60_000 });
    await made('late');
    expect([await names(), (await made('late')).status]).toEqual([[], 409]);
    sandbox.faults.reset();
    expect(await names()).toEqual(['late']);
    const id = at.split('/')[3] ?? '';
    await azure('DELETE', `/v1.0/applications/${id}`);
    expect(await azure('GET', at)).toMatchObject({ status: 404 });
    await azure('POST', `/v1.0/directory/deletedItems/${id}/restore`, {});
    expect(await names()).toEqual(['late']);
  });
});

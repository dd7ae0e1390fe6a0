import { createPrivateKey } from 'node:crypto';
import { jsonClient } from '../cloud/json-client';
import type { JsonAnswer, JsonClient } from '../cloud/json-client';
import { startSandboxGcp } from './start-sandbox-gcp';
import type { SandboxGcp } from './start-sandbox-gcp';

type Fields = Readonly<Record<string, unknown>>;
const refused = (status: number, code: string, message: string): object => ({ status, json: { error: expect.objectContaining({ status: code, message: expect.stringContaining(message) }) } });

describe('keys of a service account', () => {
  let sandbox: SandboxGcp;
  let google: JsonClient;
  let account: string;
  beforeEach(async () => {
    sandbox = await startSandboxGcp({ project: 'acme-prod' });
    google = jsonClient(sandbox.url);
    account = `/v1/${String((await ok('POST', '/v1/projects/acme-prod/serviceAccounts', { accountId: 'robot-1' }))['name'])}`;
  });
  afterEach(() => sandbox.close());

  async function ok(method: string, path: string, body?: object): Promise<Fields> {
    const { status, json } = await google(method, path, body);
    if (status !== 200) throw new Error(JSON.stringify(json));
    return json as Fields;
  }
  const create = (body: object = { keyAlgorithm: 'KEY_ALG_RSA_1024' }): Promise<JsonAnswer> => google('POST', `${account}/keys`, body);
  const list = async (types = ''): Promise<readonly Fields[]> => ((await ok('GET', `${account}/keys${types}`))['keys'] ?? []) as readonly Fields[];
  const idsAt = (cloud: SandboxGcp): unknown[] => cloud.snapshot().serviceAccounts.flatMap(({ keys }) => keys.map(({ id }) => id));

  it('are told with their private half once, as a file that programs sign in with', async () => {
    const { privateKeyData, privateKeyType, ...key } = await ok('POST', `${account}/keys`, { privateKeyType: 'TYPE_GOOGLE_CREDENTIALS_FILE' });
    const file = JSON.parse(Buffer.from(String(privateKeyData), 'base64').toString()) as Record<string, string>;
    const id = String(key['name']).split('/').at(-1);
    expect([privateKeyType, id, file]).toEqual(['TYPE_GOOGLE_CREDENTIALS_FILE', expect.stringMatching(/^[0-9a-f]{40}$/), expect.objectContaining({ type: 'service_account', private_key_id: id, client_email: 'robot-1@acme-prod.iam.gserviceaccount.com' })]);
    expect(createPrivateKey(file['private_key'] ?? '').asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
    expect(await list('?keyTypes=USER_MANAGED')).toEqual([key]);
    expect(key).toMatchObject({ keyAlgorithm: 'KEY_ALG_RSA_2048', keyOrigin: 'GOOGLE_PROVIDED', keyType: 'USER_MANAGED', validBeforeTime: '9999-12-31T23:59:59Z' });
    expect(JSON.stringify(sandbox.snapshot())).not.toContain('PRIVATE');
  });

  it('are ten at most, beside the one that Google keeps for itself', async () => {
    for (let made = 0; made < 10; made++) expect(await create()).toMatchObject({ status: 200 });
    expect(await create()).toMatchObject(refused(400, 'FAILED_PRECONDITION', 'Precondition check failed.'));
    const [own] = await list('?keyTypes=SYSTEM_MANAGED');
    expect([(await list()).length, (await list('?keyTypes=USER_MANAGED&keyTypes=SYSTEM_MANAGED')).length, own]).toEqual([11, 11, expect.objectContaining({ keyType: 'SYSTEM_MANAGED' })]);
    expect(await google('DELETE', `/v1/${String(own?.['name'])}`)).toMatchObject(refused(400, 'FAILED_PRECONDITION', 'cannot be changed'));
    expect(idsAt(sandbox)).toHaveLength(10);
  });

  it('are disabled, enabled and deleted by their ids, and go with their account', async () => {
    const [one, other] = [((await create()).json as Fields)['name'], ((await create()).json as Fields)['name']].map(String);
    for (let times = 0; times < 2; times++) expect(await ok('POST', `/v1/${one}:disable`, {})).toEqual({});
    expect(await list('?keyTypes=USER_MANAGED')).toMatchObject([{ name: one, disabled: true, disableReason: 'SERVICE_ACCOUNT_KEY_DISABLE_REASON_USER_INITIATED' }, { name: other }]);
    await ok('POST', `/v1/${one}:enable`, {});
    expect(await list('?keyTypes=USER_MANAGED')).toEqual([expect.not.objectContaining({ disabled: true }), expect.objectContaining({ name: other })]);
    await ok('DELETE', `/v1/${one}`);
    expect(await google('DELETE', `/v1/${one}`)).toMatchObject(refused(404, 'NOT_FOUND', 'does not exist'));
    expect(idsAt(sandbox)).toEqual([other?.split('/').at(-1)]);
    await ok('DELETE', account);
    expect(await google('GET', `${account}/keys`)).toMatchObject(refused(404, 'NOT_FOUND', 'Unknown service account'));
    await ok('POST', '/v1/projects/acme-prod/serviceAccounts', { accountId: 'robot-1' });
    expect(await list('?keyTypes=USER_MANAGED')).toEqual([]);
  });

  it.each([
    [{ colour: 'red' }, 'Unknown name "colour"'], [{ keyAlgorithm: 'KEY_ALG_RSA_4096' }, 'key_algorithm'], [{ privateKeyType: 'TYPE_PKCS12_FILE' }, 'private_key_type'],
  ])('are not made of %j', async (body, message) => {
    expect(await create(body)).toMatchObject(refused(400, 'INVALID_ARGUMENT', message));
    expect(await google('GET', `${account}/keys?keyTypes=KEY_TYPE_UNSPECIFIED`)).toMatchObject(refused(400, 'INVALID_ARGUMENT', 'key_types'));
  });
});

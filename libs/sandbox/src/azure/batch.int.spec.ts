import { jsonClient, type JsonAnswer } from '../cloud/json-client';
import { DEFAULT_TENANT, startSandboxAzure, type SandboxAzure } from './start-sandbox-azure';

const GRAPH = '/v1.0';
const refused = (status: number, code: string): object => ({ status, json: { error: expect.objectContaining({ code }) as object } });

interface Answered { readonly responses: readonly { readonly id: string; readonly status: number; readonly headers: object; readonly body: object }[] }

describe('a batch of reads at Graph', () => {
  let sandbox: SandboxAzure;
  let azure: ReturnType<typeof jsonClient>;
  beforeAll(async () => {
    sandbox = await startSandboxAzure();
    azure = jsonClient(sandbox.url);
  });
  afterAll(() => sandbox.close());

  const made = async (path: string, body: object): Promise<string> => ((await azure('POST', `${GRAPH}/${path}`, body)).json as { id: string }).id;
  const user = (name: string): Promise<string> => made('users', {
    accountEnabled: true, displayName: name, mailNickname: name, userPrincipalName: `${name}@sandbox-tenant.onmicrosoft.com`, passwordProfile: { password: 'Secret-word-1' },
  });
  const batch = (requests: readonly unknown[]): Promise<JsonAnswer> => azure('POST', `${GRAPH}/$batch`, { requests });
  const ask = (id: string, key: string): object => ({ id, method: 'GET', url: `/users/${key}/memberOf?$select=displayName` });

  it('is answered one by one, each under its id and with a status of its own; throttling is told of each', async () => {
    const [one, other] = [await user('one'), await user('other')];
    const crew = await made('groups', { displayName: 'crew', mailEnabled: false, mailNickname: 'g', securityEnabled: true });
    await azure('POST', `${GRAPH}/groups/${crew}/members/$ref`, { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${one}` });
    const { responses } = (await batch([ask('a', one), ask('b', other), ask('c', DEFAULT_TENANT)])).json as Answered;
    expect(Object.fromEntries(responses.map(({ id, ...answer }) => [id, answer]))).toMatchObject({
      a: { status: 200, body: { value: [{ displayName: 'crew' }] } }, b: { status: 200, body: { value: [] } }, c: { status: 404, body: { error: { code: 'Request_ResourceNotFound' } } },
    });
    sandbox.faults.next({ kind: 'throttle', operation: 'batch' });
    expect((await batch([ask('a', one)])).json).toMatchObject({ responses: [{ id: 'a', status: 429, headers: { 'Retry-After': '1' }, body: { error: { code: 'TooManyRequests' } } }] });
    sandbox.faults.next({ kind: 'credentials-rejected', operation: 'batch' });
    expect(await batch([ask('a', one)])).toMatchObject(refused(401, 'InvalidAuthenticationToken'));
  });

  it.each<[string, readonly object[]]>([
    ['empty', []], ['of more than twenty', Array.from({ length: 21 }, (_, index) => ask(String(index), DEFAULT_TENANT))], ['with an id twice', [ask('a', 'x'), ask('a', 'y')]],
    ['without an id', [{ method: 'GET', url: '/users' }]], ['that leads elsewhere', [{ id: 'a', method: 'GET', url: 'https://graph.microsoft.com/v1.0/users' }]], ['that writes', [{ id: 'a', method: 'DELETE', url: '/users/x' }]],
  ])('is refused %s', async (_, requests) => {
    expect(await batch(requests)).toMatchObject(refused(400, 'Request_BadRequest'));
  });
});

import { join } from 'node:path';
import { removeDirectory, runSchemathesis, startWamiProcess, temporaryDirectory, type SchemathesisVerdict, type WamiProcess } from '@wami/testing';
import { gapsIn, type Document } from './complete';
import { startLiar } from './liar';

const SEED = Number(process.env['WAMI_TEST_SEED'] ?? 4);
const TOKEN = 'the-administrator-of-this-test';
const TRUST = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
const GRANT = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };

jest.setTimeout(400_000);

describe('judged from outside by its OpenAPI document alone', () => {
  const dataDir = temporaryDirectory('outside');
  let wami: WamiProcess;
  let known: NodeJS.ProcessEnv;

  beforeAll(async () => {
    wami = await startWamiProcess({ dataDir, env: { WAMI_ADMIN_TOKEN: TOKEN } });
    known = await oneOfEach();
  });
  afterAll(async () => {
    await wami?.stop();
    removeDirectory(dataDir);
  });

  const make = async (collection: string, body: object): Promise<string> => (await wami.call<{ id: string }>('POST', `/v1/${collection}`, { tenant: 'default', ...body })).body.id;
  /** One of each kind, so that more than refusals is judged. */
  const oneOfEach = async (): Promise<NodeJS.ProcessEnv> => ({
    WAMI_USER: await make('users', { userName: 'outside-ann' }), WAMI_GROUP: await make('groups', { groupName: 'outside' }),
    WAMI_ROLE: await make('roles', { roleName: 'outside', trustPolicy: TRUST }), WAMI_POLICY: await make('policies', { policyName: 'outside', document: GRANT }),
    WAMI_IDENTITY_PROVIDER: await make('identity-providers', { providerName: 'outside', oidc: { url: 'https://outside.example', clientIds: ['outside'] } }),
    WAMI_SERVICE_ACCOUNT: await make('service-accounts', { accountName: 'outside' }),
  });
  const judge = (origin: string, paths?: string): Promise<SchemathesisVerdict> => runSchemathesis({
    origin, seed: SEED, examples: 5, config: join(__dirname, 'schemathesis.toml'), hooks: join(__dirname, 'schemathesis_hooks.py'),
    env: { WAMI_TOKEN: TOKEN, ...known }, ...(paths === undefined ? {} : { paths }),
  });
  const documented = async (): Promise<Document> => await (await fetch(`${wami.url}/openapi.json`)).json() as Document;

  it('the document says everything of every operation: summary, tags, security, refusals, headers, examples', async () => {
    const document = await documented();
    expect(gapsIn(document)).toEqual([]);
    expect(gapsIn({ ...document, security: [] })).not.toEqual([]);
  });

  it('a service that lies about itself is found out', async () => {
    const liar = await startLiar(await (await fetch(`${wami.url}/openapi.json`)).text());
    try {
      const { failures } = await judge(liar.origin, '^/v1/(whoami|sync-summary|tenants|sync)$');
      const titles = failures.map(({ title }) => title);
      expect(titles).toEqual(expect.arrayContaining([
        'Server error', 'Response violates schema', 'Undocumented status code', 'Missing required response headers', 'Schema-violating request accepted',
        'Well-formed request refused',
      ]));
    } finally {
      await liar.close();
    }
  });

  it('breaks nowhere, refuses what the document forbids, takes what it allows, and answers nothing that it does not describe', async () => {
    const { operations, cases, failures, errors, text } = await judge(wami.url);
    console.log(`schemathesis: ${operations} operations, ${cases} cases, ${failures.length} kinds of failure, ${errors.length} errors, seed ${SEED} (WAMI_TEST_SEED); control: caught`);
    if (failures.length > 0 || errors.length > 0) throw new Error(text.slice(0, 20_000));
    expect(operations).toBe(Object.values((await documented()).paths).flatMap((path) => Object.keys(path)).length);
    expect(cases).toBeGreaterThan(500);
  });
});

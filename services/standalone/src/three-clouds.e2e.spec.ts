import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SyncMap } from '@wami/contracts';
import { readConfig, silentLogger } from '@wami/platform';
import { startSandboxAws, startSandboxAzure, startSandboxGcp, type SandboxAws, type SandboxAzure, type SandboxGcp } from '@wami/sandbox';
import { newDataDirectory, patiently as eventually, removeDirectory, temporaryDirectory } from '@wami/testing';
import { standaloneConfigSchema } from './config';
import { startStandalone, type Standalone } from './start-standalone';
import { apiCalls } from './testing/api-calls';

jest.setTimeout(120_000);

const TOKEN = 'the-administrator-of-this-test';
const AWS = { provider: 'aws', account: '123456789012' };
const GCP = { provider: 'gcp', account: 'acme-platform' };
const ORGANIZATION = { provider: 'gcp', account: 'organizations:100000000001' };
const NOWHERE = { provider: 'gcp', account: 'nobodys-project' };
const AZURE = { provider: 'azure', account: '00000000-0000-4000-8000-000000000001:00000000-0000-4000-8000-000000000002' };
const DENY = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'iam:CreateAccessKey', Resource: '*' }] };
const READ = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };

const connection = ({ provider, account }: typeof AWS, endpoint: string, credentials: object): object =>
  ({ provider, account, endpoint, credentials, ...(provider === 'azure' ? { endpoints: { graph: endpoint, arm: endpoint } } : {}) });

/** Each thing as text, but for what can still be brought back. */
const living = (snapshot: object): string[] =>
  Object.values(snapshot).flatMap((things: unknown) => (Array.isArray(things) ? things as { readonly deleted?: boolean }[] : [])).filter(({ deleted }) => deleted !== true).map((thing) => JSON.stringify(thing));

describe('one organisation at three clouds', () => {
  const dataDir = temporaryDirectory('three-clouds');
  const file = join(dataDir, 'connections.json');
  let wami: Standalone;
  let aws: SandboxAws;
  let gcp: SandboxGcp;
  let azure: SandboxAzure;
  let directory = false;
  const connect = (...targets: (typeof AWS)[]): void => {
    const bearer = { type: 'bearer', token: `file:${join(dataDir, 'token')}` };
    const all = [
      connection(AWS, aws.url, { type: 'static', accessKeyId: `file:${join(dataDir, 'token')}`, secretAccessKey: `file:${join(dataDir, 'token')}` }),
      { ...connection(GCP, gcp.url, bearer), ...(directory ? { directory: gcp.directory, denyPolicies: true } : {}) }, connection(ORGANIZATION, gcp.url, bearer), connection(AZURE, azure.url, bearer),
    ];
    writeFileSync(file, JSON.stringify({ connections: all.filter((one) => targets.some(({ provider }) => provider === (one as typeof AWS).provider)) }));
  };

  beforeAll(async () => {
    const [tenant = '', subscription = ''] = AZURE.account.split(':');
    [aws, gcp, azure] = await Promise.all([startSandboxAws({ account: AWS.account }), startSandboxGcp({ project: GCP.account }), startSandboxAzure({ tenant, subscription })]);
    writeFileSync(join(dataDir, 'token'), 'AKIASANDBOX000000000');
    connect(AWS, GCP);
    await newDataDirectory(join(dataDir, 'postgres'));
    wami = await startStandalone(readConfig(standaloneConfigSchema, { WAMI_DATA_DIR: dataDir, WAMI_HTTP_PORT: '0', WAMI_ADMIN_TOKEN: TOKEN, WAMI_CONNECTIONS: file }), silentLogger);
  });
  afterAll(async () => {
    await wami?.close();
    await Promise.all([aws?.close(), gcp?.close(), azure?.close()]);
    removeDirectory(dataDir);
  });

  const { call, make } = apiCalls(() => wami.url, TOKEN);
  const states = async (id: string): Promise<Record<string, string>> => {
    const map = await call<SyncMap>('GET', `/v1/resources/${id}/sync`);
    return Object.fromEntries(Object.entries(map).flatMap(([provider, accounts]) => Object.entries(accounts).map(([account, { state }]) => [`${provider}/${account}`, state])));
  };
  const at = (...found: [typeof AWS, string][]): Record<string, string> => Object.fromEntries(found.map(([{ provider, account }, state]) => [`${provider}/${account}`, state]));
  const stay = (id: string, ...found: [typeof AWS, string][]) => eventually(async () => expect(await states(id)).toEqual(at(...found)));

  it('holds at each what that can hold, says why not of the rest, and takes it away again', async () => {
    await call('POST', '/v1/tenants', { id: 'acme', name: 'Acme' });
    await call('PUT', '/v1/tenants/acme/sync-config', { providers: [AWS, GCP, ORGANIZATION, NOWHERE, AZURE] });
    const robot = await make('service-accounts', { accountName: 'build-robot' });
    await stay(robot, [AWS, 'Synced'], [GCP, 'Synced'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'NotConfigured']);

    // A connection that comes later, of a provider that had none, needs no restart.
    connect(AWS, GCP, AZURE);
    await stay(robot, [AWS, 'Synced'], [GCP, 'Synced'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Synced']);

    await call('PATCH', `/v1/service-accounts/${robot}`, { inlinePolicies: { read: READ } });
    await stay(robot, [AWS, 'Synced'], [GCP, 'Skipped'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Skipped']);
    await call('PATCH', `/v1/service-accounts/${robot}`, { inlinePolicies: null });
    await stay(robot, [AWS, 'Synced'], [GCP, 'Synced'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Synced']);

    // Who may sign in without a secret is said at one of them alone, by its name; what others have beside it stays theirs.
    const trust = { issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:acme/shop:ref:refs/heads/main' };
    const trusted = (): unknown[] => azure.snapshot().applications.filter(({ deleted }) => !deleted).flatMap(({ fields }) => ((fields['federatedIdentityCredentials'] ?? []) as { name: string; subject: string }[]).map(({ name, subject }) => `${name} ${subject}`));
    await call('PATCH', `/v1/service-accounts/${robot}`, { federation: { github: trust } });
    await stay(robot, [AWS, 'Skipped'], [GCP, 'Skipped'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Synced']);
    expect(trusted()).toEqual([`github ${trust.subject}`]);
    expect(await call<SyncMap>('GET', `/v1/resources/${robot}/sync`)).toMatchObject({ aws: { [AWS.account]: { reason: 'its federated credentials are not there, for the adapter cannot hold them; all else is' } } });
    await call('PATCH', `/v1/service-accounts/${robot}`, { federation: { github: { ...trust, subject: 'repo:acme/shop:environment:live' } } });
    await eventually(() => expect(trusted()).toEqual(['github repo:acme/shop:environment:live']));
    await call('PATCH', `/v1/service-accounts/${robot}`, { federation: null });
    await stay(robot, [AWS, 'Synced'], [GCP, 'Synced'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Synced']);
    expect(trusted()).toEqual([]);

    const ann = await make('users', { userName: 'ann' });
    await stay(ann, [AWS, 'Synced'], [GCP, 'Skipped'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Synced']);
    const crew = await make('groups', { groupName: 'crew' });
    await call('PUT', `/v1/groups/${crew}/members/${ann}`);
    await stay(crew, [AWS, 'Synced'], [GCP, 'Skipped'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Synced']);

    const denial = await make('policies', {
      policyName: 'no-keys', document: DENY,
      providerDocuments: { gcp: { rules: [{ denyRule: { deniedPermissions: ['iam.googleapis.com/serviceAccountKeys.create'] } }] }, azure: { notActions: ['Microsoft.Authorization/*'], actions: ['*/read'] } },
    });
    await stay(denial, [AWS, 'Synced'], [GCP, 'Skipped'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Synced']);

    // So does what a connection says more than before.
    directory = true;
    connect(AWS, GCP, AZURE);
    for (const id of [ann, crew]) await stay(id, [AWS, 'Synced'], [GCP, 'Synced'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Synced']);
    await eventually(async () => expect(gcp.snapshot().groups).toMatchObject([{ email: 'crew@sandbox.example', members: ['ann@sandbox.example'] }]));
    await call('POST', '/v1/sync', { resources: [denial] });
    await stay(denial, [AWS, 'Synced'], [GCP, 'Synced'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Synced']);
    await call('PUT', `/v1/groups/${crew}/policies/${denial}`);
    const isDenied = () => eventually(async () => expect(gcp.snapshot().denyPolicies).toMatchObject([{ policyId: 'no-keys', rules: [{}, { denyRule: { deniedPrincipals: ['principalSet://goog/group/crew@sandbox.example'], exceptionPermissions: [] } }] }]));
    await isDenied();
    await fetch(`${gcp.url}/v2/policies/cloudresourcemanager.googleapis.com%252Fprojects%252F${GCP.account}/denypolicies/no-keys`, { method: 'DELETE', headers: { authorization: 'Bearer theirs' } });
    expect(gcp.snapshot().denyPolicies).toEqual([]);
    await call('POST', '/v1/sync', { resources: [denial, crew] });
    await isDenied();
    for (const id of [denial, crew]) await stay(id, [AWS, 'Synced'], [GCP, 'Synced'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Synced']);
    const policy = await make('policies', {
      policyName: 'read_reports', document: READ,
      providerDocuments: { gcp: { includedPermissions: ['storage.objects.get'] }, azure: { actions: ['Microsoft.Storage/storageAccounts/read'] } },
    });
    await call('PUT', `/v1/service-accounts/${robot}/policies/${policy}`);
    await stay(policy, [AWS, 'Synced'], [GCP, 'Synced'], [ORGANIZATION, 'Synced'], [NOWHERE, 'NotConfigured'], [AZURE, 'Synced']);
    await stay(robot, [AWS, 'Synced'], [GCP, 'Synced'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Synced']);
    expect(JSON.stringify(gcp.snapshot())).toContain('projects/acme-platform/roles/read_reports');
    expect(gcp.snapshot().organization.roles).toMatchObject([{ roleId: 'read_reports', deleted: false }]);
    expect(JSON.stringify(azure.snapshot())).toContain('Microsoft.Storage/storageAccounts/read');

    const sealTo = generateKeyPairSync('x25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
    const { id: key } = await call<{ id: string }>('POST', `/v1/service-accounts/${robot}/access-keys`, { sealTo });
    await stay(key, [AWS, 'Synced'], [GCP, 'Synced'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Synced']);
    const { id: anns } = await call<{ id: string }>('POST', `/v1/users/${ann}/access-keys`, { sealTo });
    await stay(anns, [AWS, 'Synced'], [GCP, 'Skipped'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Skipped']);
    const atGoogle = () => gcp.snapshot().serviceAccounts.flatMap(({ deleted, keys }) => (deleted ? [] : keys));
    const issued = async (): Promise<unknown> => (await call<{ items: { issued: object[] }[] }>('GET', `/v1/service-accounts/${robot}/access-keys`)).items[0]?.issued;
    await eventually(async () => expect(await issued()).toEqual(expect.arrayContaining(atGoogle().map((made) => expect.objectContaining({ ...GCP, accessKeyId: made.id })))));
    expect(atGoogle()).toMatchObject([{ disabled: false }]);
    expect(JSON.stringify(await call('GET', '/v1/events?limit=1000'))).not.toContain('PRIVATE KEY');
    const passwords = (): unknown[] => azure.snapshot().applications.filter(({ deleted }) => !deleted).flatMap(({ fields }) => (fields['passwordCredentials'] as { displayName: string }[]).map(({ displayName }) => displayName));
    expect(passwords()).toEqual([`managed-by=wami wami-id=${key}`]);
    await call('PATCH', `/v1/service-accounts/${robot}/access-keys/${key}`, { status: 'inactive' });
    await stay(key, [AWS, 'Synced'], [GCP, 'Synced'], [ORGANIZATION, 'Skipped'], [NOWHERE, 'NotConfigured'], [AZURE, 'Skipped']);
    await eventually(async () => expect(atGoogle()).toMatchObject([{ disabled: true }]));
    await call('DELETE', `/v1/service-accounts/${robot}/access-keys/${key}`);
    await stay(key);
    expect([passwords(), atGoogle()]).toEqual([[], []]);

    for (const path of [`users/${ann}`, `groups/${crew}`, `service-accounts/${robot}`, `policies/${policy}`, `policies/${denial}`]) await call('DELETE', `/v1/${path}`);
    for (const id of [anns, ann, crew, robot, policy, denial]) await stay(id);
    expect(gcp.snapshot().organization.roles).toMatchObject([{ roleId: 'read_reports', deleted: true }]);
    expect([aws, gcp, azure].flatMap((cloud) => living(cloud.snapshot())).filter((thing) => /"(ann|ann@sandbox.example|crew|crew@sandbox.example|build-robot|read_reports|no-keys)"/.test(thing))).toEqual([]);
  });
});

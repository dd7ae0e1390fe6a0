import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandboxAzure, startSandboxGcp, type SandboxAzure, type SandboxGcp } from '@wami/sandbox';
import { Closing } from '@wami/service-runtime';
import { callCount, callsSince, describeCalls, removeDirectory, startWamiProcess, temporaryDirectory, withWami, type BenchFigure, type WamiProcess } from '@wami/testing';

const TENANT = 'default';
/** Its one target is a project of Google whose connection holds boundaries. */
const LIMITED = 'limited';
const LIMITED_PROJECT = 'limited-project';
const PREFER = { prefer: 'wait=20' };
const MANY = 60;
const DOCUMENT = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } };
const HELD = { azure: { actions: ['Microsoft.Storage/storageAccounts/read'] }, gcp: { includedPermissions: ['storage.objects.get'] } };
const REACH = { gcp: { details: { rules: [{ resources: ['//cloudresourcemanager.googleapis.com/projects/web-shop'], effect: 'ALLOW' }] } } };

interface Made {
  readonly id?: string;
  readonly sync?: Readonly<Record<string, Readonly<Record<string, { readonly state: string }>>>>;
}
type Counted = readonly (readonly [name: string, cloud: Pick<SandboxGcp, 'calls'>])[];
/** Makes a change, has it settle, and notes the calls that it cost at each cloud; answers with the id of what was made. */
type Change = (name: string, method: string, path: string, body?: unknown) => Promise<string>;
type Call = WamiProcess['call'];

interface Clouds {
  readonly azure: SandboxAzure;
  readonly google: SandboxGcp;
  readonly limiting: SandboxGcp;
}

/** How many calls of Microsoft and of Google each kind of change costs. */
export async function benchCallsAtOthers(): Promise<readonly BenchFigure[]> {
  const folder = temporaryDirectory('bench-calls-at-others');
  const closing = new Closing();
  closing.before(() => removeDirectory(folder));
  try {
    const clouds = await openClouds(closing);
    return await withWami(startWamiProcess({ dataDir: join(folder, 'data'), env: { WAMI_CONNECTIONS: connectionsIn(folder, clouds), BENCH_TOKEN: 'bench' } }), (wami) => everyCase(wami, clouds));
  } finally {
    await closing.run();
  }
}

async function openClouds(closing: Closing): Promise<Clouds> {
  const [azure, google, limiting] = [await startSandboxAzure(), await startSandboxGcp(), await startSandboxGcp({ project: LIMITED_PROJECT, directory: { customer: 'C0limited', domain: 'limited.example' } })];
  for (const { close } of [azure, google, limiting]) closing.before(close);
  return { azure, google, limiting };
}

function connectionsIn(folder: string, { azure, google, limiting }: Clouds): string {
  const file = join(folder, 'connections.json');
  const credentials = { type: 'bearer', token: 'env:BENCH_TOKEN' };
  const connections = [
    { provider: 'azure', account: `${azure.tenant}:${azure.subscription}`, endpoint: azure.url, credentials, tenants: [TENANT] },
    { provider: 'gcp', account: google.project, endpoint: google.url, credentials, directory: google.directory, tenants: [TENANT] },
    { provider: 'gcp', account: limiting.project, endpoint: limiting.url, credentials, directory: limiting.directory, accessBoundaries: `organizations:${limiting.organization}`, tenants: [LIMITED] },
  ];
  writeFileSync(file, JSON.stringify({ connections }));
  return file;
}

async function everyCase({ call }: WamiProcess, { azure, google, limiting }: Clouds): Promise<BenchFigure[]> {
  const figures: BenchFigure[] = [];
  await changes(counting(figures, call, [['Azure', azure], ['Google', google]]), call);
  await changesOfLimited(counting(figures, call, [['Google, with boundaries', limiting]]), call);
  return figures;
}

const counting = (figures: BenchFigure[], call: Call, clouds: Counted): Change => async (name, method, path, body) => {
  const before = clouds.map(([, cloud]) => cloud.calls());
  const answer = await call<Made | null>(method, path, body, PREFER);
  checkSettled(name, answer.body);
  for (const [index, [where, cloud]] of clouds.entries()) {
    const made = callsSince(before[index] ?? {}, cloud.calls());
    figures.push({ name: `${where}: ${name}`, value: callCount(made), unit: 'calls', detail: describeCalls(made) });
  }
  return answer.body?.id ?? '';
};

async function changes(change: Change, call: Call): Promise<void> {
  // Before its first call a target is asked who we are, which is no part of a change.
  await call('POST', '/v1/users', { tenant: TENANT, userName: 'first' }, PREFER);
  const group = await change('create a group', 'POST', '/v1/groups', { tenant: TENANT, groupName: 'engineers' });
  const user = await change('create a user', 'POST', '/v1/users', { tenant: TENANT, userName: 'ann' });
  await change('add a member', 'PUT', `/v1/groups/${group}/members/${user}`);
  await change('rename a user', 'PATCH', `/v1/users/${user}`, { userName: 'anna' });
  await change('sync one user, nothing differs', 'POST', '/v1/sync', { resources: [user] });
  const policy = await change('create a policy', 'POST', '/v1/policies', { tenant: TENANT, policyName: 'read_reports', document: DOCUMENT, providerDocuments: HELD });
  const account = await change('create a service account', 'POST', '/v1/service-accounts', { tenant: TENANT, accountName: 'build-robot' });
  await change('attach a policy to a service account', 'PUT', `/v1/service-accounts/${account}/policies/${policy}`);
  await change('sync one service account, nothing differs', 'POST', '/v1/sync', { resources: [account] });
  await change('detach it', 'DELETE', `/v1/service-accounts/${account}/policies/${policy}`);
  await change('delete a service account', 'DELETE', `/v1/service-accounts/${account}`);
  await change('delete a policy', 'DELETE', `/v1/policies/${policy}`);
  await change('remove a member', 'DELETE', `/v1/groups/${group}/members/${user}`);
  await change('delete a user', 'DELETE', `/v1/users/${user}`);
  await change('delete a group', 'DELETE', `/v1/groups/${group}`);
  const many = (kind: string, length: number, bodyOf: (index: number) => object) => ({ operations: Array.from({ length }, (_, index) => ({ method: 'POST', path: `/v1/${kind}`, body: { tenant: TENANT, ...bodyOf(index) } })) });
  // The first one is there.
  await call('POST', '/v1/batch', many('users', MANY - 1, (index) => ({ userName: `user-${index}` })), PREFER);
  await call('POST', '/v1/batch', many('service-accounts', MANY, (index) => ({ accountName: `robot-${index}` })), PREFER);
  for (const kind of ['user', 'service-account']) await call('POST', '/v1/sync', { filter: { kind, tenant: TENANT } }, PREFER);
  await change(`resync of ${MANY} unchanged users`, 'POST', '/v1/sync', { filter: { kind: 'user', tenant: TENANT } });
  await change(`resync of ${MANY} unchanged service accounts`, 'POST', '/v1/sync', { filter: { kind: 'service-account', tenant: TENANT } });
}

/** What a boundary costs of users. */
async function changesOfLimited(change: Change, call: Call): Promise<void> {
  await call('POST', '/v1/tenants', { id: LIMITED, name: 'Limited' });
  await call('PUT', `/v1/tenants/${LIMITED}/sync-config`, { providers: [{ provider: 'gcp', account: LIMITED_PROJECT }] });
  await call('POST', '/v1/users', { tenant: LIMITED, userName: 'first' }, PREFER);
  const boundary = (policyName: string) => ({ tenant: LIMITED, policyName, document: DOCUMENT, providerDocuments: REACH });
  const shop = await change('create a boundary', 'POST', '/v1/policies', boundary('pab-shop'));
  const { body: other } = await call<Made>('POST', '/v1/policies', boundary('pab-other'), PREFER);
  const user = await change('create a user within a boundary', 'POST', '/v1/users', { tenant: LIMITED, userName: 'ann', permissionsBoundary: shop });
  await change('rename a limited user', 'PATCH', `/v1/users/${user}`, { userName: 'anna' });
  await change('sync one limited user, nothing differs', 'POST', '/v1/sync', { resources: [user] });
  await change('give a user another boundary', 'PATCH', `/v1/users/${user}`, { permissionsBoundary: other?.id });
  await change('take the boundary away', 'PATCH', `/v1/users/${user}`, { permissionsBoundary: null });
  await change('set a boundary', 'PATCH', `/v1/users/${user}`, { permissionsBoundary: shop });
  await change('delete a limited user', 'DELETE', `/v1/users/${user}`);
  await change('delete a boundary', 'DELETE', `/v1/policies/${shop}`);
}

/** What did not settle, or failed, has no figure. */
function checkSettled(name: string, body: Made | null): void {
  const states = Object.values(body?.sync ?? {}).flatMap((accounts) => Object.values(accounts)).map(({ state }) => state);
  if (states.some((state) => state !== 'Synced' && state !== 'Skipped')) throw new Error(`"${name}" led to ${states.join(', ')}`);
}

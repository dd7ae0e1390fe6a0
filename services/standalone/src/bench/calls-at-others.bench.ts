import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callCount, callsSince, describeCalls, removeDirectory, startWamiProcess, temporaryDirectory, withWami, type BenchFigure, type Calls, type WamiProcess } from '@wami/testing';

const TENANT = 'default';
const PREFER = { prefer: 'wait=20' };
const CLOUDS = { azure: 'Azure', gcp: 'Google' } as const;
type Cloud = keyof typeof CLOUDS;
const MANY = 60;
const DOCUMENT = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } };
const HELD = { azure: { actions: ['Microsoft.Storage/storageAccounts/read'] }, gcp: { includedPermissions: ['storage.objects.get'] } };

interface Made {
  readonly id?: string;
  readonly sync?: Readonly<Record<string, Readonly<Record<string, { readonly state: string }>>>>;
}

/** How many calls of Microsoft and of Google each kind of change costs. */
export async function benchCallsAtOthers(): Promise<readonly BenchFigure[]> {
  const folder = temporaryDirectory('bench-calls-at-others');
  const dataDir = join(folder, 'data');
  try {
    return await withWami(startWamiProcess({ dataDir, env: { WAMI_SANDBOXES: Object.keys(CLOUDS).join(',') } }), (wami) => everyCase(wami, () => calls(dataDir)));
  } finally {
    removeDirectory(folder);
  }
}

async function calls(dataDir: string): Promise<ReadonlyMap<Cloud, Calls>> {
  const { sandboxes } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { sandboxes: Readonly<Record<string, string>> };
  return new Map(await Promise.all(Object.entries(sandboxes).map(async ([target, address]): Promise<[Cloud, Calls]> => {
    const { calls: counted } = await (await fetch(`${address}/_sandbox/calls`)).json() as { calls: Calls };
    return [target.split('/')[0] as Cloud, counted];
  })));
}

async function everyCase(wami: WamiProcess, count: () => Promise<ReadonlyMap<Cloud, Calls>>): Promise<BenchFigure[]> {
  const figures: BenchFigure[] = [];
  const change = async (name: string, method: string, path: string, body?: unknown): Promise<string> => {
    const before = await count();
    const answer = await wami.call<Made | null>(method, path, body, PREFER);
    checkSettled(name, answer.body);
    const now = await count();
    for (const cloud of Object.keys(CLOUDS) as Cloud[]) {
      const made = callsSince(before.get(cloud) ?? {}, now.get(cloud) ?? {});
      figures.push({ name: `${CLOUDS[cloud]}: ${name}`, value: callCount(made), unit: 'calls', detail: describeCalls(made) });
    }
    return answer.body?.id ?? '';
  };
  // Before its first call a target is asked who we are, which is no part of a change.
  await wami.call('POST', '/v1/users', { tenant: TENANT, userName: 'first' }, PREFER);
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
  const many = (kind: string, bodyOf: (index: number) => object) => ({ operations: Array.from({ length: MANY }, (_, index) => ({ method: 'POST', path: `/v1/${kind}`, body: { tenant: TENANT, ...bodyOf(index) } })) });
  await wami.call('POST', '/v1/batch', many('users', (index) => ({ userName: `user-${index}` })), PREFER);
  await wami.call('POST', '/v1/batch', many('service-accounts', (index) => ({ accountName: `robot-${index}` })), PREFER);
  for (const kind of ['user', 'service-account']) await wami.call('POST', '/v1/sync', { filter: { kind, tenant: TENANT } }, PREFER);
  await change(`resync of ${MANY} unchanged users`, 'POST', '/v1/sync', { filter: { kind: 'user', tenant: TENANT } });
  await change(`resync of ${MANY} unchanged service accounts`, 'POST', '/v1/sync', { filter: { kind: 'service-account', tenant: TENANT } });
  return figures;
}

/** What did not settle, or failed, has no figure. */
function checkSettled(name: string, body: Made | null): void {
  const states = Object.values(body?.sync ?? {}).flatMap((accounts) => Object.values(accounts)).map(({ state }) => state);
  if (states.some((state) => state !== 'Synced' && state !== 'Skipped')) throw new Error(`"${name}" led to ${states.join(', ')}`);
}

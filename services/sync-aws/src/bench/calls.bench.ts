import { startSandboxAws, type SandboxAws } from '@wami/sandbox';
import { callCount, callsSince, describeCalls, removeDirectory, temporaryDirectory, withWami, type BenchFigure, type WamiProcess } from '@wami/testing';
import { startWamiAt } from './wami-at';

const TENANT = 'default';
const PREFER = { prefer: 'wait=20' };
const ACCOUNT = '000000000001';

interface Made {
  readonly id: string;
  readonly sync?: Readonly<Record<string, Readonly<Record<string, { readonly state: string }>>>>;
}

/** How many calls of the cloud each kind of change costs. */
export async function benchCalls(): Promise<readonly BenchFigure[]> {
  const folder = temporaryDirectory('bench-calls');
  const sandbox = await startSandboxAws({ account: ACCOUNT });
  try {
    return await withWami(startWamiAt(sandbox.url, ACCOUNT, folder, 'calls'), (wami) => everyCase(wami, sandbox));
  } finally {
    await sandbox.close();
    removeDirectory(folder);
  }
}

async function everyCase(wami: WamiProcess, sandbox: SandboxAws): Promise<BenchFigure[]> {
  const figures: BenchFigure[] = [];
  const change = async (name: string, method: string, path: string, body?: unknown): Promise<string> => {
    const before = sandbox.calls();
    const answer = await wami.call<Made | null>(method, path, body, PREFER);
    checkSettled(name, answer.body);
    const calls = callsSince(before, sandbox.calls());
    figures.push({ name, value: callCount(calls), unit: 'calls', detail: describeCalls(calls) });
    return answer.body?.id ?? '';
  };
  const group = await change('create a group', 'POST', '/v1/groups', { tenant: TENANT, groupName: 'engineers' });
  const user = await change('create a user with two tags', 'POST', '/v1/users', { tenant: TENANT, userName: 'ann', tags: { team: 'core', cost: '4711' } });
  const membership = `/v1/groups/${group}/members/${user}`;
  await change('add a member', 'PUT', membership);
  await change('change one tag', 'PATCH', `/v1/users/${user}`, { tags: { team: 'edge' } });
  await change('change what the cloud does not hold (display name)', 'PATCH', `/v1/users/${user}`, { displayName: 'Ann' });
  await change('move to another path', 'PATCH', `/v1/users/${user}`, { path: '/staff/' });
  await change('rename a user', 'PATCH', `/v1/users/${user}`, { userName: 'anna' });
  await change('rename a group', 'PATCH', `/v1/groups/${group}`, { groupName: 'makers' });
  await change('sync one user, nothing differs', 'POST', '/v1/sync', { resources: [user] });
  await change('remove a member', 'DELETE', membership);
  const read = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } };
  const policy = await change('create a policy', 'POST', '/v1/policies', { tenant: TENANT, policyName: 'read', document: read });
  await change('change a document', 'PATCH', `/v1/policies/${policy}`, { document: { ...read, Statement: { ...read.Statement, Action: '*' } } });
  await change('sync one policy, nothing differs', 'POST', '/v1/sync', { resources: [policy] });
  const trust = { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' } };
  const role = await change('create a role', 'POST', '/v1/roles', { tenant: TENANT, roleName: 'writer', trustPolicy: trust });
  await change('change who may assume a role', 'PATCH', `/v1/roles/${role}`, { trustPolicy: { ...trust, Statement: { ...trust.Statement, Effect: 'Deny' } } });
  await change('sync one role, nothing differs', 'POST', '/v1/sync', { resources: [role] });
  await change('delete a role', 'DELETE', `/v1/roles/${role}`);
  await change('delete a policy of two versions', 'DELETE', `/v1/policies/${policy}`);
  await change('delete a user', 'DELETE', `/v1/users/${user}`);
  await change('delete a group', 'DELETE', `/v1/groups/${group}`);
  return figures;
}

/** What did not settle, or settled otherwise, has no figure. */
function checkSettled(name: string, body: Made | null): void {
  const states = Object.values(body?.sync ?? {}).flatMap((accounts) => Object.values(accounts)).map(({ state }) => state);
  if (states.some((state) => state !== 'Synced')) throw new Error(`"${name}" led to ${states.join(', ')}`);
}

import { IAMClient, paginateGetAccountAuthorizationDetails } from '@aws-sdk/client-iam';
import { bareCalls, groupName, userPath, type Population } from './population';

export const IN_FLIGHT = 32;
const KEYS = { accessKeyId: 'AKIABENCH00000000000', secretAccessKey: 'bench' };

export function bareClient(endpoint: string): IAMClient {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return new IAMClient({
    endpoint, region: 'us-east-1', credentials: KEYS, maxAttempts: 1, requestHandler: { httpAgent: { keepAlive: true, maxSockets: IN_FLIGHT } },
  });
}

/** Makes the population with 32 calls in flight. */
export async function makeBare(iam: IAMClient, population: Population): Promise<void> {
  const calls = bareCalls(iam, population).values();
  await Promise.all(Array.from({ length: IN_FLIGHT }, async () => {
    for (const call of calls) await call();
  }));
}

/** Whether the cloud holds exactly the population, everybody in one group. */
export async function isComplete(iam: IAMClient, population: Population): Promise<boolean> {
  const names = new Set(Array.from({ length: population.groups }, (_, index) => groupName(population, index)));
  const found = { users: 0, grouped: 0, groups: 0 };
  for await (const { UserDetailList: users = [], GroupDetailList: groups = [] } of paginateGetAccountAuthorizationDetails({ client: iam, pageSize: 1000 }, { Filter: ['User', 'Group'] })) {
    const ours = users.filter(({ Path }) => Path === userPath(population));
    found.users += ours.length;
    found.grouped += ours.filter(({ GroupList }) => GroupList?.length === 1).length;
    found.groups += groups.filter(({ GroupName }) => names.has(GroupName ?? '')).length;
  }
  if (found.users > population.users || found.groups > population.groups) throw new Error(`the cloud holds ${found.users} users and ${found.groups} groups`);
  return found.grouped === population.users && found.groups === population.groups;
}

import { GetAccountAuthorizationDetailsCommand, IAMClient } from '@aws-sdk/client-iam';
import { bareCalls, GROUPS, USERS } from './population';

export const IN_FLIGHT = 32;
const KEYS = { accessKeyId: 'AKIABENCH00000000000', secretAccessKey: 'bench' };

export function bareClient(endpoint: string): IAMClient {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return new IAMClient({
    endpoint, region: 'us-east-1', credentials: KEYS, maxAttempts: 1, requestHandler: { httpAgent: { keepAlive: true, maxSockets: IN_FLIGHT } },
  });
}

/** Seconds that the bare SDK takes for the whole population, with 32 calls in flight. */
export async function timeBareSdk(endpoint: string): Promise<number> {
  const iam = bareClient(endpoint);
  try {
    const calls = bareCalls(iam).values();
    const start = performance.now();
    await Promise.all(Array.from({ length: IN_FLIGHT }, async () => {
      for (const call of calls) await call();
    }));
    return (performance.now() - start) / 1000;
  } finally {
    iam.destroy();
  }
}

/** Whether the cloud holds exactly the population, everybody in one group. */
export async function isComplete(iam: IAMClient): Promise<boolean> {
  const { UserDetailList: users = [], GroupDetailList: groups = [] } = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User', 'Group'], MaxItems: 1000 }));
  if (users.length > USERS || groups.length > GROUPS) throw new Error(`the cloud holds ${users.length} users and ${groups.length} groups`);
  return users.length === USERS && groups.length === GROUPS && users.every(({ GroupList }) => GroupList?.length === 1);
}

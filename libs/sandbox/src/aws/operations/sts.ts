import { invalidClientTokenId } from '../errors';
import { callerOf, userArn } from '../identities';
import type { Call, Operations } from './operation';

export const stsOperations: Operations = {
  GetCallerIdentity: {
    service: 'sts',
    writes: false,
    run: (call) => {
      useAccessKey(call);
      const caller = callerOf(call.store.truth, call.account, call.accessKeyId);
      return { Arn: userArn(call.account, caller), UserId: caller.id, Account: call.account };
    },
  },
};

/** Of a user's own key: it says from now on that it was used, unless it is not to be used. */
function useAccessKey({ store, accessKeyId, now }: Call): void {
  const user = store.truth.ownerOfAccessKey(accessKeyId);
  const key = user?.accessKeys.find(({ id }) => id === accessKeyId);
  if (key?.inactive) throw invalidClientTokenId();
  if (user && key && key.usedAt === undefined)
    store.commit({ type: 'user-put', user: { ...user, accessKeys: user.accessKeys.map((one) => (one === key ? { ...key, usedAt: now() } : one)) } });
}

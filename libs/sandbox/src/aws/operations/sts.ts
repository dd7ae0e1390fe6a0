import { callerOf, userArn } from '../identities';
import type { Operations } from './operation';

export const stsOperations: Operations = {
  GetCallerIdentity: {
    service: 'sts',
    writes: false,
    run: (call) => {
      const caller = callerOf(call.store.truth, call.account, call.accessKeyId);
      return { Arn: userArn(call.account, caller), UserId: caller.id, Account: call.account };
    },
  },
};

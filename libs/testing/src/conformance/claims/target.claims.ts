import assert from 'node:assert/strict';
import type { Claim } from '../claim';

/** Claims about the target as a whole; tried with the first kind. */
export const targetClaims: readonly Claim[] = [
  {
    id: 'identity',
    title: 'the credentials are said to belong to the account of the connection',
    async judge(stage) {
      const { account, principal } = await stage.target.validateCredentials(stage.context());
      assert.equal(account, stage.witness.connection.account);
      assert.notEqual(principal, '');
    },
  },
  {
    id: 'other-account',
    title: 'credentials of another account are AuthExpired, and the message names both',
    async judge(stage) {
      const { adapter, connection, callerName = connection.account, otherAccount } = stage.witness;
      const target = adapter.connect(otherAccount);
      try {
        const error = await stage.refusal(target.validateCredentials(stage.context()));
        assert.equal(error.code, 'AuthExpired');
        assert.ok(error.message.includes(callerName) && error.message.includes(otherAccount.account), error.message);
      } finally {
        await target.close();
      }
    },
  },
  {
    id: 'no-time',
    title: 'a call for which no time is left is Timeout, and nothing has happened',
    async judge(stage) {
      const context = { signal: AbortSignal.abort() };
      const desired = stage.desired();
      const error = await stage.refusal(stage.handler.create(desired, context));
      assert.deepEqual([error.code, error.options.effect, (await stage.names()).includes(desired.name)], ['Timeout', 'none', false]);
    },
  },
];

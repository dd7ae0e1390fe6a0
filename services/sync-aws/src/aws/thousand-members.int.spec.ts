import { AddUserToGroupCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { startSandboxAws } from '@wami/sandbox';
import { callContext, callsSince, describeThousandMembers, handlerAt } from '@wami/testing';
import { createAwsAdapter } from './aws.adapter';

process.env['SPEC_AWS_THOUSAND_ID'] = 'AKIASPEC000000000001';
process.env['SPEC_AWS_THOUSAND_SECRET'] = 'spec-secret';
const ACCOUNT = '123456789012';

describeThousandMembers(
  async () => {
    const cloud = await startSandboxAws({ account: ACCOUNT });
    const target = createAwsAdapter().connect({ provider: 'aws', account: ACCOUNT, endpoint: cloud.url, credentials: { type: 'static', accessKeyId: 'env:SPEC_AWS_THOUSAND_ID', secretAccessKey: 'env:SPEC_AWS_THOUSAND_SECRET' } });
    const theirs = new IAMClient({ endpoint: cloud.url, region: 'us-east-1', credentials: { accessKeyId: 'AKIATHEIRS0000000001', secretAccessKey: 'theirs' } });
    let joined = 0;
    return {
      target, calls: () => cloud.calls(),
      size: () => cloud.snapshot().groups[0]?.members.length ?? 0,
      async join() {
        const UserName = `somebody-${(joined += 1)}`;
        await theirs.send(new CreateUserCommand({ UserName }));
        await theirs.send(new AddUserToGroupCommand({ UserName, GroupName: 'crew' }));
      },
      async close() {
        theirs.destroy();
        await target.close();
        await cloud.close();
      },
    };
  },
  { fill: { CreateUser: 1_000, AddUserToGroup: 1_000 }, look: { GetAccountAuthorizationDetails: 2 }, leave: { RemoveUserFromGroup: 1 } },
  (crowd, group) => {
    it('goes once its members were taken out of it, page by page: AWS deletes none that has some', async () => {
      await crowd().join(group());
      const before = crowd().calls();
      await handlerAt(crowd().target, 'group').delete(group(), callContext());
      expect(callsSince(before, crowd().calls())).toEqual({ DeleteGroup: 2, GetGroup: 2, RemoveUserFromGroup: 1_001, ListAttachedGroupPolicies: 1, ListGroupPolicies: 1 });
    }, 60_000);
  },
);

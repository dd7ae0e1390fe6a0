import {
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DetachGroupPolicyCommand,
  GetGroupCommand,
  ListAttachedGroupPoliciesCommand,
  ListGroupPoliciesCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import type { CallContext } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { clearEach, deleteCleared } from './clear';

/** What IAM wants gone before a group can go: members, attached and inline policies (DeleteGroup, API reference). */
export function deleteGroup(client: AwsClient, GroupName: string, context: CallContext): Promise<void> {
  const group = { GroupName };
  return deleteCleared(
    () => client.send(new DeleteGroupCommand(group), context),
    async () => {
      await clearEach(
        (Marker) => client.send(new GetGroupCommand({ ...group, Marker, MaxItems: 1000 }), context),
        (page) => page.Users,
        ({ UserName }) => client.send(new RemoveUserFromGroupCommand({ ...group, UserName }), context),
      );
      await clearEach(
        (Marker) => client.send(new ListAttachedGroupPoliciesCommand({ ...group, Marker }), context),
        (page) => page.AttachedPolicies,
        ({ PolicyArn }) => client.send(new DetachGroupPolicyCommand({ ...group, PolicyArn }), context),
      );
      await clearEach(
        (Marker) => client.send(new ListGroupPoliciesCommand({ ...group, Marker }), context),
        (page) => page.PolicyNames,
        (PolicyName) => client.send(new DeleteGroupPolicyCommand({ ...group, PolicyName }), context),
      );
    },
  );
}

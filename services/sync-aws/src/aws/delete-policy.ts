import {
  DeletePolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  ListEntitiesForPolicyCommand,
} from '@aws-sdk/client-iam';
import { orAbsent, type CallContext } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { deleteCleared } from './clear';
import { pagesOf } from './pages';
import { PolicyVersions } from './policy-versions';

/**
 * What IAM wants gone before a policy can go (DeletePolicy, API reference) is looked for only where it says so. What it bounds keeps it:
 * without a permissions boundary that could do more than before, so such a policy stays, with IAM's words.
 */
export function deletePolicy(client: AwsClient, PolicyArn: string, context: CallContext): Promise<void> {
  return deleteCleared(
    () => client.send(new DeletePolicyCommand({ PolicyArn }), context),
    async () => {
      await detachAll(client, PolicyArn, context);
      await new PolicyVersions(client, PolicyArn, context).clear();
    },
  );
}

async function detachAll(client: AwsClient, PolicyArn: string, context: CallContext): Promise<void> {
  const read = (Marker: string | undefined) =>
    client.send(new ListEntitiesForPolicyCommand({ PolicyArn, PolicyUsageFilter: 'PermissionsPolicy', Marker, MaxItems: 1000 }), context);
  for await (const { PolicyUsers = [], PolicyGroups = [], PolicyRoles = [] } of pagesOf(read)) {
    for (const { UserName } of PolicyUsers) await orAbsent(client.send(new DetachUserPolicyCommand({ PolicyArn, UserName }), context));
    for (const { GroupName } of PolicyGroups) await orAbsent(client.send(new DetachGroupPolicyCommand({ PolicyArn, GroupName }), context));
    for (const { RoleName } of PolicyRoles) await orAbsent(client.send(new DetachRolePolicyCommand({ PolicyArn, RoleName }), context));
  }
}

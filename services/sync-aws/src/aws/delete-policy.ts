import {
  DeletePolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  ListEntitiesForPolicyCommand,
} from '@aws-sdk/client-iam';
import type { CallContext } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { isDeleteConflict } from './aws.errors';
import { orAbsent } from './find-own';
import { pagesOf } from './pages';
import { PolicyVersions } from './policy-versions';

/**
 * What IAM wants gone before a policy can go (DeletePolicy, API reference) is looked for only where it says so. What it bounds keeps it:
 * without a permissions boundary that could do more than before, so such a policy stays, with IAM's words.
 */
export async function deletePolicy(client: AwsClient, PolicyArn: string, context: CallContext): Promise<void> {
  const remove = () => orAbsent(client.send(new DeletePolicyCommand({ PolicyArn }), context));
  try {
    await remove();
  } catch (error) {
    if (!isDeleteConflict(error)) throw error;
    await orAbsent(detachAll(client, PolicyArn, context));
    await orAbsent(new PolicyVersions(client, PolicyArn, context).clear());
    await remove();
  }
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

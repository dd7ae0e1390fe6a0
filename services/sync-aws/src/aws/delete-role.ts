import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListRolePoliciesCommand,
  RemoveRoleFromInstanceProfileCommand,
} from '@aws-sdk/client-iam';
import type { CallContext } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { clearEach, deleteCleared } from './clear';

/** What IAM wants gone before a role can go: attached and inline policies, and instance profiles that it is in (DeleteRole, API reference). */
export function deleteRole(client: AwsClient, RoleName: string, context: CallContext): Promise<void> {
  const role = { RoleName };
  return deleteCleared(
    () => client.send(new DeleteRoleCommand(role), context),
    async () => {
      await clearEach(
        (Marker) => client.send(new ListAttachedRolePoliciesCommand({ ...role, Marker }), context),
        (page) => page.AttachedPolicies,
        ({ PolicyArn }) => client.send(new DetachRolePolicyCommand({ ...role, PolicyArn }), context),
      );
      await clearEach(
        (Marker) => client.send(new ListRolePoliciesCommand({ ...role, Marker }), context),
        (page) => page.PolicyNames,
        (PolicyName) => client.send(new DeleteRolePolicyCommand({ ...role, PolicyName }), context),
      );
      await clearEach(
        (Marker) => client.send(new ListInstanceProfilesForRoleCommand({ ...role, Marker }), context),
        (page) => page.InstanceProfiles,
        ({ InstanceProfileName }) => client.send(new RemoveRoleFromInstanceProfileCommand({ ...role, InstanceProfileName }), context),
      );
    },
  );
}

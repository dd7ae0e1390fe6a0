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
import { isDeleteConflict } from './aws.errors';
import { orAbsent } from './find-own';
import { collect } from './pages';

/** What IAM wants gone before a role can go (DeleteRole, API reference) is looked for only where it says so. */
export async function deleteRole(client: AwsClient, RoleName: string, context: CallContext): Promise<void> {
  const remove = () => orAbsent(client.send(new DeleteRoleCommand({ RoleName }), context));
  try {
    await remove();
  } catch (error) {
    if (!isDeleteConflict(error)) throw error;
    await orAbsent(clear(client, { RoleName }, context));
    await remove();
  }
}

async function clear(client: AwsClient, role: { readonly RoleName: string }, context: CallContext): Promise<void> {
  const attached = await collect(
    (Marker) => client.send(new ListAttachedRolePoliciesCommand({ ...role, Marker }), context),
    (page) => page.AttachedPolicies,
  );
  for (const { PolicyArn } of attached) await orAbsent(client.send(new DetachRolePolicyCommand({ ...role, PolicyArn }), context));
  const inline = await collect(
    (Marker) => client.send(new ListRolePoliciesCommand({ ...role, Marker }), context),
    (page) => page.PolicyNames,
  );
  for (const PolicyName of inline) await orAbsent(client.send(new DeleteRolePolicyCommand({ ...role, PolicyName }), context));
  const profiles = await collect(
    (Marker) => client.send(new ListInstanceProfilesForRoleCommand({ ...role, Marker }), context),
    (page) => page.InstanceProfiles,
  );
  for (const { InstanceProfileName } of profiles)
    await orAbsent(client.send(new RemoveRoleFromInstanceProfileCommand({ ...role, InstanceProfileName }), context));
}

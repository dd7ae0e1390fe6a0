import {
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteServiceSpecificCredentialCommand,
  DeleteSigningCertificateCommand,
  DeleteSSHPublicKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DeleteVirtualMFADeviceCommand,
  DetachUserPolicyCommand,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  ListUserPoliciesCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { isProviderError, orAbsent, type CallContext, type Observed } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { isDeleteConflict } from './aws.errors';
import { GROUPS } from './memberships';
import { collect } from './pages';

/**
 * Memberships first, then the user. The rest of what IAM wants gone before (DeleteUser, API reference) is looked for only while IAM says
 * DeleteConflict, what is common before what is rare: eight more lists for each user would be paid for by those who have nothing of it.
 */
export async function deleteUser(client: AwsClient, observed: Observed, context: CallContext): Promise<void> {
  const user = new UserParts(client, observed.name, context);
  await user.leaveGroups(observed.facetsRead.includes(GROUPS) ? observed.shape.facets[GROUPS] : undefined);
  if (await user.isDeleted()) return;
  await user.clearCommon();
  if (await user.isDeleted()) return;
  await user.clearRare();
  await user.delete();
}

class UserParts {
  private readonly user: { readonly UserName: string };

  constructor(
    private readonly client: AwsClient,
    name: string,
    private readonly context: CallContext,
  ) {
    this.user = { UserName: name };
  }

  async delete(): Promise<void> {
    await orAbsent(this.client.send(new DeleteUserCommand(this.user), this.context));
  }

  /** False where something still stands in the way. */
  async isDeleted(): Promise<boolean> {
    try {
      await this.delete();
      return true;
    } catch (error) {
      if (isDeleteConflict(error)) return false;
      throw error;
    }
  }

  async leaveGroups(known?: readonly string[]): Promise<void> {
    const groups =
      known
      ?? (await this.all(
        (Marker) => this.client.send(new ListGroupsForUserCommand({ ...this.user, Marker }), this.context),
        ({ Groups }) => Groups?.map(({ GroupName = '' }) => GroupName),
      ));
    for (const GroupName of groups)
      await orAbsent(this.client.send(new RemoveUserFromGroupCommand({ ...this.user, GroupName }), this.context));
  }

  async clearCommon(): Promise<void> {
    const { client, user, context } = this;
    await this.leaveGroups();
    await orAbsent(client.send(new DeleteLoginProfileCommand(user), context));
    const keys = await this.all(
      (Marker) => client.send(new ListAccessKeysCommand({ ...user, Marker }), context),
      (page) => page.AccessKeyMetadata,
    );
    for (const { AccessKeyId } of keys) await orAbsent(client.send(new DeleteAccessKeyCommand({ ...user, AccessKeyId }), context));
    await this.clearMfaDevices();
    await this.clearPolicies();
  }

  async clearRare(): Promise<void> {
    const { client, user, context } = this;
    const certificates = await this.all(
      (Marker) => client.send(new ListSigningCertificatesCommand({ ...user, Marker }), context),
      (page) => page.Certificates,
    );
    for (const { CertificateId } of certificates)
      await orAbsent(client.send(new DeleteSigningCertificateCommand({ ...user, CertificateId }), context));
    const sshKeys = await this.all(
      (Marker) => client.send(new ListSSHPublicKeysCommand({ ...user, Marker }), context),
      (page) => page.SSHPublicKeys,
    );
    for (const { SSHPublicKeyId } of sshKeys)
      await orAbsent(client.send(new DeleteSSHPublicKeyCommand({ ...user, SSHPublicKeyId }), context));
    const specific = await this.all(
      (Marker) => client.send(new ListServiceSpecificCredentialsCommand({ ...user, Marker }), context),
      (page) => page.ServiceSpecificCredentials,
    );
    for (const { ServiceSpecificCredentialId } of specific) {
      await orAbsent(client.send(new DeleteServiceSpecificCredentialCommand({ ...user, ServiceSpecificCredentialId }), context));
    }
  }

  /** A virtual device is deleted with the user (its serial number is its ARN), a real one only taken off. */
  private async clearMfaDevices(): Promise<void> {
    const { client, user, context } = this;
    const devices = await this.all(
      (Marker) => client.send(new ListMFADevicesCommand({ ...user, Marker }), context),
      (page) => page.MFADevices,
    );
    for (const { SerialNumber } of devices) {
      await orAbsent(client.send(new DeactivateMFADeviceCommand({ ...user, SerialNumber }), context));
      if (SerialNumber?.includes(':mfa/')) await orAbsent(client.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }), context));
    }
  }

  private async clearPolicies(): Promise<void> {
    const { client, user, context } = this;
    const inline = await this.all(
      (Marker) => client.send(new ListUserPoliciesCommand({ ...user, Marker }), context),
      (page) => page.PolicyNames,
    );
    for (const PolicyName of inline) await orAbsent(client.send(new DeleteUserPolicyCommand({ ...user, PolicyName }), context));
    const attached = await this.all(
      (Marker) => client.send(new ListAttachedUserPoliciesCommand({ ...user, Marker }), context),
      (page) => page.AttachedPolicies,
    );
    for (const { PolicyArn } of attached) await orAbsent(client.send(new DetachUserPolicyCommand({ ...user, PolicyArn }), context));
  }

  /** Nothing where the user is gone, and where this partition does not know the operation: then there can be none of it. */
  private async all<P extends { IsTruncated?: boolean; Marker?: string }, T>(
    read: (marker: string | undefined) => Promise<P>,
    itemsOf: (page: P) => readonly T[] | undefined,
  ): Promise<T[]> {
    try {
      return await collect(read, itemsOf);
    } catch (error) {
      if (isProviderError(error) && (error.code === 'Unsupported' || error.code === 'NotFound')) return [];
      throw error;
    }
  }
}

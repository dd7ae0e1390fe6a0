import type {
  AccessKeyEvent, ApiKeyEvent, AttachmentEvent, GroupEvent, IdentityProviderEvent, LoginProfileEvent, MembershipEvent, MfaDeviceEvent, PauseEvent, PlanEvent, PolicyEvent, RoleEvent, ServiceAccountEvent, SyncJobEvent, Target, TenantEvent,
} from '@wami/contracts';
import {
  accessKeyDecider, apiKeyDecider, attachmentDecider, groupDecider, identityProviderDecider, loginProfileDecider, membershipDecider, mfaDeviceDecider, pauseDecider, policyDecider, roleDecider, serviceAccountDecider, tenantDecider, userDecider, type AccessKey, type ApiKey, type Attachment, type Group,
  type IdentityProvider, type LoginProfile, type Membership, type MfaDevice, type Pause, type PolicyState, type Role, type ServiceAccount, type Tenant, type User, type UserStreamEvent,
} from '@wami/domain';
import { opaqueId, type Aggregate } from '../commands/aggregate';

const isActive = ({ status }: { readonly status: string }): boolean => status === 'active';

export const tenantAggregate: Aggregate<Tenant, TenantEvent> = {
  kind: 'tenant', idPattern: opaqueId('ten'), initialState: tenantDecider.initialState, evolve: tenantDecider.evolve, exists: (tenant) => 'document' in tenant,
};

export const userAggregate: Aggregate<User, UserStreamEvent> = {
  kind: 'user', idPattern: opaqueId('usr'), initialState: userDecider.initialState, evolve: userDecider.evolve, exists: isActive,
};

export const groupAggregate: Aggregate<Group, GroupEvent> = {
  kind: 'group', idPattern: opaqueId('grp'), initialState: groupDecider.initialState, evolve: groupDecider.evolve, exists: isActive,
};

export const roleAggregate: Aggregate<Role, RoleEvent> = {
  kind: 'role', idPattern: opaqueId('rol'), initialState: roleDecider.initialState, evolve: roleDecider.evolve, exists: isActive,
};

export const policyAggregate: Aggregate<PolicyState, PolicyEvent> = {
  kind: 'policy', idPattern: opaqueId('pol'), initialState: policyDecider.initialState, evolve: policyDecider.evolve, exists: isActive,
};

export const serviceAccountAggregate: Aggregate<ServiceAccount, ServiceAccountEvent> = {
  kind: 'service-account', idPattern: opaqueId('sva'), initialState: serviceAccountDecider.initialState, evolve: serviceAccountDecider.evolve, exists: isActive,
};

export const identityProviderAggregate: Aggregate<IdentityProvider, IdentityProviderEvent> = {
  kind: 'identity-provider', idPattern: opaqueId('idp'), initialState: identityProviderDecider.initialState, evolve: identityProviderDecider.evolve, exists: isActive,
};

export const accessKeyAggregate: Aggregate<AccessKey, AccessKeyEvent> = {
  kind: 'access-key', idPattern: opaqueId('aky'), initialState: accessKeyDecider.initialState, evolve: accessKeyDecider.evolve, exists: isActive,
};

export const loginProfileAggregate: Aggregate<LoginProfile, LoginProfileEvent> = {
  kind: 'login-profile', idPattern: opaqueId('lgp'), initialState: loginProfileDecider.initialState, evolve: loginProfileDecider.evolve, exists: isActive,
};

export const mfaDeviceAggregate: Aggregate<MfaDevice, MfaDeviceEvent> = {
  kind: 'mfa-device', idPattern: opaqueId('mfa'), initialState: mfaDeviceDecider.initialState, evolve: mfaDeviceDecider.evolve, exists: isActive,
};

export const membershipAggregate: Aggregate<Membership, MembershipEvent> = {
  kind: 'membership', idPattern: /^mem_/, initialState: membershipDecider.initialState, evolve: membershipDecider.evolve, exists: ({ present }) => present,
};

export const attachmentAggregate: Aggregate<Attachment, AttachmentEvent> = {
  kind: 'attachment', idPattern: /^att_/, initialState: attachmentDecider.initialState, evolve: attachmentDecider.evolve, exists: ({ present }) => present,
};

export const apiKeyAggregate: Aggregate<ApiKey, ApiKeyEvent> = {
  kind: 'api-key', idPattern: opaqueId('key'), initialState: apiKeyDecider.initialState, evolve: apiKeyDecider.evolve, exists: isActive,
};

export const pauseAggregate: Aggregate<Pause, PauseEvent> = {
  kind: 'pause', idPattern: opaqueId('pau'), initialState: pauseDecider.initialState, evolve: pauseDecider.evolve, exists: isActive,
};

/** A request for work is one event; what came of it is told by the engines. */
export interface SyncJob { readonly requested: boolean }
export const syncJobAggregate: Aggregate<SyncJob, SyncJobEvent> = {
  kind: 'sync-job', idPattern: opaqueId('job'), initialState: { requested: false }, evolve: () => ({ requested: true }), exists: ({ requested }) => requested,
};

/** What somebody asked the engines to plan, and who has to answer. */
export interface AskedPlan {
  readonly targets: readonly Target[];
  /** RFC 3339; '' before it was asked for. */
  readonly expiresAt: string;
}
export const planAggregate: Aggregate<AskedPlan, PlanEvent> = {
  kind: 'plan', idPattern: opaqueId('pln'), initialState: { targets: [], expiresAt: '' },
  evolve: (_, { data: { targets, expiresAt } }) => ({ targets, expiresAt }), exists: ({ expiresAt }) => expiresAt !== '',
};

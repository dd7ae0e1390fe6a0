export { unreachable, type Decider } from './decider';
export { DomainError, type DomainErrorCode } from './domain-error';
export { mergeMap, sameJson, sameMap } from './merge-patch';
export { eventAbout, type ResourceRef } from './resource-ref';
export { userDecider, type User, type UserCommand, type UserDocument } from './user/user.decider';
export { groupDecider, type Group, type GroupCommand, type GroupDocument } from './group/group.decider';
export { membershipDecider, type Membership, type MembershipCommand, type MembershipEnds } from './membership/membership.decider';
export { tenantDecider, type Tenant, type TenantCommand, type TenantDocument } from './tenant/tenant.decider';
export { resolveSyncConfig, wantedTargets } from './sync-config/resolve-sync-config';
export {
  evolveBinding, visibleSyncState, type BindingIdentity, type BindingIntent, type BindingOutcome,
} from './binding/binding.fold';

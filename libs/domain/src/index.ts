export { unreachable, type Decider } from './decider';
export { DomainError, type DomainErrorCode } from './domain-error';
export { mergeMap, sameJson, sameMap } from './merge-patch';
export { eventAbout, type ResourceRef } from './resource-ref';
export { userDecider, type User, type UserCommand, type UserDocument, type UserStreamEvent } from './user/user.decider';
export { groupDecider, type Group, type GroupCommand, type GroupDocument } from './group/group.decider';
export { roleDecider, type Role, type RoleCommand, type RoleDocument } from './role/role.decider';
export { policyDecider, type PolicyCommand, type PolicyDocumentState, type PolicyState } from './policy/policy.decider';
export type { InlinePolicies } from './policy/inline-policies';
export { documentErrors, DOCUMENT_SIZES, refuseFaulty } from './policy/policy-content';
export {
  serviceAccountDecider, type ServiceAccount, type ServiceAccountCommand, type ServiceAccountDocument,
} from './service-account/service-account.decider';
export {
  identityProviderDecider, type IdentityProvider, type IdentityProviderCommand, type IdentityProviderDocument,
} from './identity-provider/identity-provider.decider';
export { sameFederated, type Federation } from './service-account/federation';
export { mfaDeviceDecider, type MfaDevice, type MfaDeviceCommand, type MfaDeviceDocument, type NewMfaDevice } from './mfa-device/mfa-device.decider';
export { loginProfileDecider, type LoginProfile, type LoginProfileCommand, type LoginProfileDocument, type NewLoginProfile } from './login-profile/login-profile.decider';
export { accessKeyDecider, type AccessKey, type AccessKeyCommand, type AccessKeyDocument, type NewAccessKey } from './access-key/access-key.decider';
export { attachmentDecider, type Attachment, type AttachmentCommand, type AttachmentEnds } from './attachment/attachment.decider';
export { membershipDecider, type Membership, type MembershipCommand, type MembershipEnds } from './membership/membership.decider';
export { apiKeyDecider, type ApiKey, type ApiKeyCommand, type ApiKeyDocument } from './api-key/api-key.decider';
export { pauseDecider, type Pause, type PauseCommand, type PauseDocument } from './pause/pause.decider';
export { isSelectedBy, isStanding, pausedReason, pauseHolding, selectionsMeet, type PauseSelection, type StandingPause } from './pause/pause-selection';
export { tenantDecider, type Tenant, type TenantCommand, type TenantDocument } from './tenant/tenant.decider';
export { heldBy, turnedOff } from './sync-config/held-by';
export { configForKind, resolveSyncConfig, wantedTargets } from './sync-config/resolve-sync-config';
export {
  blankOutcome, evolveBinding, NOT_ASKED_FOR, NOT_TOLD, visibleSyncState, type BindingIdentity, type BindingIntent, type BindingOutcome,
} from './binding/binding.fold';
export { parsePolicy, type ParsedPolicy } from './policy-language/parse/parse-policy';
export type { PolicyError, PolicyErrorCode } from './policy-language/parse/problems';
export { AWS_POLICY_SIZES, checkPolicySize, policySize } from './policy-language/limits';
export type {
  Condition, Effect, Listed, Policy, PolicyKind, PolicyVersion, Principal, PrincipalType, Statement,
} from './policy-language/model';
export { normalisePolicy } from './policy-language/compare/normalise';
export { policyDocument, type PolicyDocument } from './policy-language/compare/render';
export { samePolicy, samePolicyDocument } from './policy-language/compare/same-policy';
export { simulate } from './policy-language/evaluate/simulate';
export { principalFromArn } from './policy-language/evaluate/principal-arn';
export type {
  Because, ContextValue, NamedPolicy, PolicyLayer, RequestPrincipal, RequestResource, Simulation, SimulationRequest, StatementRef,
} from './policy-language/evaluate/request';
export { statedDocument, differingFields } from './repair/stated-document';

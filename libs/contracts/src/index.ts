export { RESOURCE_KINDS, formatArn, parseArn, type ResourceKind, type NamedKind, type ArnType, type Arn } from './arn';
export {
  KEY_OWNER_KINDS, keyStatusSchema, createAccessKeySchema, patchAccessKeySchema, accessKeyViewSchema, issuedKeySchema, accessKeyItemSchema,
  type KeyOwnerKind, type KeyStatus, type CreateAccessKey, type PatchAccessKey, type AccessKeyView, type AccessKeyItem,
} from './commands/access-keys';
export {
  createLoginProfileSchema, loginProfileViewSchema, issuedPasswordSchema, loginProfileItemSchema, type CreateLoginProfile, type LoginProfileView, type LoginProfileItem,
} from './commands/login-profiles';
export {
  createMfaDeviceSchema, mfaDeviceViewSchema, issuedMfaDeviceSchema, mfaDeviceItemSchema, type CreateMfaDevice, type MfaDeviceView, type MfaDeviceItem,
} from './commands/mfa-devices';
export type { BackupResult, CheckResult, RestoreResult, InPlaceResult, Checkpoint, LogVerdict, VerifyResult } from './commands/admin';
export { toCloudEvent, type WamiCloudEvent } from './cloud-event';
export {
  ROLES, roleSchema, createApiKeySchema, DEFAULT_OVERLAP_SECONDS, rotateApiKeySchema, apiKeyViewSchema, issuedApiKeySchema,
  type Role, type CreateApiKey, type RotateApiKey, type ApiKeyView, type IssuedApiKey,
} from './commands/api-keys';
export { batchSchema, batchResultSchema, type Batch, type BatchResult } from './commands/batch';
export {
  explainedSettingSchema, explainedPauseSchema, explainedTargetSchema, explanationSchema, EXPLAINED_NEXT,
  type ExplainedSetting, type ExplainedPause, type ExplainedTarget, type Explanation,
} from './commands/explain';
export { replayEventsSchema, replayEndSchema, eventReplaySchema, type ReplayEvents, type EventReplay } from './commands/event-replays';
export {
  createIdentityProviderSchema, patchIdentityProviderSchema, identityProviderViewSchema, oidcProviderSchema, samlProviderSchema,
  type CreateIdentityProvider, type PatchIdentityProvider, type IdentityProviderView, type OidcProvider, type SamlProvider,
} from './commands/identity-providers';
export { createGroupSchema, patchGroupSchema, groupViewSchema, type CreateGroup, type PatchGroup, type GroupView } from './commands/groups';
export { approveSchema, APPROVAL_STATES, approvalStateSchema, approvalViewSchema, approvalItemSchema, approvalDecisionSchema, type Approve, type ApprovalState, type ApprovalView, type ApprovalItem, type ApprovalDecision } from './commands/approvals';
export { pauseSyncSchema, resumeSyncSchema, pauseRefSchema, pauseViewSchema, resumedSchema, type PauseSync, type ResumeSync, type PauseRef, type PauseView, type Resumed } from './commands/pauses';
export {
  DEFAULT_PLAN_SECONDS, planSyncSchema, applyPlanSchema, startedPlanSchema, planOperationSchema, planGuardedSchema, type PlanGuarded, planTargetSchema, planStateSchema, planViewSchema, planSummarySchema,
  type PlanSync, type ApplyPlan, type StartedPlan, type PlanOperation, type PlanView, type PlanSummary,
} from './commands/plans';
export { importResourcesSchema, importProgressSchema, importItemSchema, IMPORT_OUTCOMES, type ImportResources, type ImportProgress, type ImportItem } from './commands/imports';
export { policyDocumentSchema, inlinePoliciesSchema } from './commands/policy-document';
export { DEFAULT_AUDIENCE, federatedCredentialSchema, MAX_FEDERATED, type FederatedCredential } from './commands/federation';
export { providerDocumentsSchema, createPolicySchema, patchPolicySchema, policyViewSchema, policyVersionSchema, type CreatePolicy, type PatchPolicy, type PolicyView, type PolicyVersionView } from './commands/policies';
export {
  projectionJobSchema, projectionStatusSchema, projectionVerdictSchema,
  type ProjectionJob, type ProjectionModelView, type ProjectionStatus, type ProjectionVerdict, type TableVerdict,
} from './commands/projection';
export { relationViewSchema, relationListSchema, type RelationView, type RelationList } from './commands/relations';
export {
  repairSyncSchema, startedRepairSchema, REPAIR_PLACES, repairPlaceSchema, repairViewSchema, repairItemSchema,
  type RepairSync, type StartedRepair, type RepairPlace, type RepairView, type RepairItem,
} from './commands/repairs';
export { conflictItemSchema, conflictPartSchema, CONFLICTS_LEFT, type ConflictItem } from './commands/conflicts';
export {
  deadLetterSchema, deadLetterEventSchema, skipDeadLetterSchema, deadLettersTriedSchema, askRetrySchema, askSkipSchema, askedOfParkedSchema,
  type DeadLetter, type DeadLetterEvent, type SkipDeadLetter, type DeadLettersTried, type AskRetry, type AskSkip, type AskedOfParked,
} from './commands/dead-letters';
export {
  accessRowSchema, credentialRowSchema, driftRowSchema, REPORTS, SLA_DAYS, SLA_SECONDS, slaRowSchema, syncHealthRowSchema,
  type AccessRow, type CredentialRow, type DriftReportRow, type ReportName, type SlaRow, type SyncHealthRow,
} from './commands/reports';
export { EXPIRY_WARNING_DAYS, SUCCESS_OBJECTIVE, expiresSoon, providerTargetSchema, type ProviderTargetView } from './commands/providers';
export { driftStateSchema, driftItemSchema, sweepViewSchema, type DriftState, type DriftItem, type SweepView } from './commands/drift';
export { createRoleSchema, patchRoleSchema, roleViewSchema, type CreateRole, type PatchRole, type RoleView } from './commands/roles';
export { createServiceAccountSchema, patchServiceAccountSchema, serviceAccountViewSchema, type CreateServiceAccount, type PatchServiceAccount, type ServiceAccountView } from './commands/service-accounts';
export { simulateSchema, simulationSchema, type Simulate, type SimulationView } from './commands/simulate';
export { syncNowSchema, retrySyncSchema, resolveConflictSchema, checkTargetsSchema, jobCountsSchema, jobViewSchema, type CheckTargets, type SyncNow, type RetrySync, type ResolveConflict, type JobCounts, type JobView } from './commands/sync-verbs';
export { createTenantSchema, patchTenantSchema, QUOTA_KINDS, tenantViewSchema, type CreateTenant, type PatchTenant, type QuotaKind, type TenantView } from './commands/tenants';
export { resourceNameSchema, iamPathSchema, policyReferenceSchema, createUserSchema, patchUserSchema, userViewSchema, type CreateUser, type PatchUser, type UserView } from './commands/users';
export { DECLARED_BY, declarationNameSchema, declarationSchema, type DeclarationFile } from './declaration';
export { UNREADABLE, type NewEvent, type EventMeta, type RecordedEvent } from './event-envelope';
export { attachmentAdded, attachmentRemoved, ATTACHMENT_EVENTS, ATTACHMENT_OWNER_KINDS, type AttachmentEvent, type AttachmentOwnerKind, type RecordedAttachmentEvent } from './events/attachment.events';
export { adoptionSchema, type Adoption } from './events/adoption';
export { defineEvent, type EventDefinition, type NewEventOf, type RecordedEventOf } from './events/define-event';
export {
  accessKeyCreated, accessKeyDeactivated, accessKeyActivated, accessKeyDeleted, syncKeyIssued, ACCESS_KEY_EVENTS, SYNC_KEY_EVENTS,
  type AccessKeyEvent, type RecordedAccessKeyEvent, type RecordedSyncKeyEvent,
} from './events/access-key.events';
export {
  loginProfileCreated, loginProfileDeleted, syncPasswordIssued, LOGIN_PROFILE_EVENTS, SYNC_PASSWORD_EVENTS,
  type LoginProfileEvent, type RecordedLoginProfileEvent, type RecordedSyncPasswordEvent,
} from './events/login-profile.events';
export {
  mfaDeviceCreated, mfaDeviceDeleted, syncSeedIssued, MFA_DEVICE_EVENTS, SYNC_SEED_EVENTS,
  type MfaDeviceEvent, type RecordedMfaDeviceEvent, type RecordedSyncSeedEvent,
} from './events/mfa-device.events';
export { apiKeyCreated, apiKeyRotated, apiKeyRevoked, API_KEY_EVENTS, type ApiKeyEvent, type RecordedApiKeyEvent } from './events/api-key.events';
export { groupCreated, groupUpdated, groupRenamed, groupInlinePoliciesChanged, groupDeleted, GROUP_EVENTS, type GroupEvent, type RecordedGroupEvent } from './events/group.events';
export {
  identityProviderCreated, identityProviderUpdated, identityProviderRenamed, identityProviderDeleted, IDENTITY_PROVIDER_EVENTS, type IdentityProviderEvent, type RecordedIdentityProviderEvent,
} from './events/identity-provider.events';
export {
  IMPORTABLE_KINDS, importableKindSchema, importRequested, importDecided, importObstacleSchema, foundThingSchema, importFound, importListed, IMPORT_EVENTS, SYNC_IMPORT_EVENTS,
  type ImportableKind, type ImportObstacle, type FoundThing, type ImportEvent, type RecordedImportEvent, type RecordedSyncImportEvent,
} from './events/import.events';
export { membershipAdded, membershipRemoved, MEMBERSHIP_EVENTS, type MembershipEvent, type RecordedMembershipEvent } from './events/membership.events';
export { withBlanks, withoutPersonal } from './events/blank-personal';
export { parseWamiEvent, parseWithoutPersonal, type ImpersonalEvent } from './events/parse-wami-event';
export { guardTripped, guardReleased, approvalAsked, approvalApproved, approvalRejected, approvalClosed, guardBudgetSchema, guardReleaseSchema, APPROVAL_EVENTS, SYNC_APPROVAL_EVENTS, type GuardBudget, type GuardRelease, type HeldRemoval, type ApprovalEvent, type SyncApprovalEvent, type RecordedApprovalEvent, type RecordedSyncApprovalEvent } from './events/approval.events';
export { pauseStarted, pauseEnded, PAUSE_EVENTS, type PauseEvent, type RecordedPauseEvent } from './events/pause.events';
export { planRequested, PLAN_EVENTS, type PlanEvent, type RecordedPlanEvent } from './events/plan.events';
export { policyCreated, policyUpdated, policyRenamed, policyDeleted, POLICY_EVENTS, type PolicyEvent, type RecordedPolicyEvent } from './events/policy.events';
export { IDENTITY_EVENTS, ALL_EVENTS, EventSchemaError, parseEvent, type IdentityEvent, type WamiEvent, type EventType } from './events/registry';
export {
  repairRequested, repairStated, repairTold, repairCompared, repairAnswered, REPAIR_EVENTS, SYNC_REPAIR_EVENTS,
  type RepairEvent, type SyncRepairEvent, type RecordedRepairEvent, type RecordedSyncRepairEvent,
} from './events/repair.events';
export { roleCreated, roleUpdated, roleRenamed, roleInlinePoliciesChanged, roleDeleted, ROLE_EVENTS, type RoleEvent, type RecordedRoleEvent } from './events/role.events';
export { serviceAccountCreated, serviceAccountUpdated, serviceAccountRenamed, serviceAccountInlinePoliciesChanged, serviceAccountFederationChanged, serviceAccountDeleted, SERVICE_ACCOUNT_EVENTS, type ServiceAccountEvent, type RecordedServiceAccountEvent } from './events/service-account.events';
export { subjectErased, SUBJECT_EVENTS, isErasure, type SubjectEvent, type RecordedSubjectEvent } from './events/subject.events';
export { syncFilterSchema, syncJobRequested, SYNC_JOB_EVENTS, type SyncFilter, type SyncJobEvent, type RecordedSyncJobEvent } from './events/sync-job.events';
export {
  PLAN_ACTIONS, planActionSchema, planCountsSchema, planChangeSchema, planGuardSchema, planRefusalSchema, syncPlanned, syncPlanAnswered, syncPlanRefused, SYNC_PLAN_EVENTS,
  type PlanAction, type PlanCounts, type PlanChange, type PlanGuard, type PlanRefusal, type SyncPlanEvent, type RecordedSyncPlanEvent,
} from './events/sync-plan.events';
export { syncRequested, syncWaiting, syncStarted, syncSucceeded, syncFailed, syncSkipped, syncUnconfigured, syncJobAccepted, BINDING_EVENTS, SYNC_EVENTS, type BindingEvent, type RecordedBindingEvent, type RecordedSyncEvent } from './events/sync.events';
export {
  differenceSchema, driftKindSchema, syncDrifted, syncTakenOver, syncPulled, syncSwept, SYNC_DRIFT_EVENTS, type Difference, type DriftKind, type SyncDriftEvent, type RecordedSyncDriftEvent,
} from './events/drift.events';
export {
  checkRequested, targetChecked, CHECK_EVENTS, SYNC_CHECK_EVENTS, type CheckOutcome, type CheckEvent, type RecordedCheckEvent, type RecordedSyncCheckEvent,
} from './events/check.events';
export {
  targetCapabilitySchema, targetHealthSchema, targetReported, SYNC_TARGET_EVENTS, type TargetCapability, type TargetHealth, type SyncTargetEvent, type RecordedSyncTargetEvent,
} from './events/target.events';
export {
  deadLettersRequested, deadLetterReported, DEAD_LETTER_EVENTS, SYNC_DEAD_LETTER_EVENTS,
  type DeadLetterRequestEvent, type SyncDeadLetterEvent, type RecordedDeadLetterEvent, type RecordedSyncDeadLetterEvent,
} from './events/dead-letter.events';
export { noPersonal, tenantCreated, tenantUpdated, tenantSyncConfigured, tenantSyncConfiguredV1, tenantDeletionRequested, tenantDeleted, TENANT_EVENTS, TENANT_EVENTS_BEFORE, type TenantEvent, type RecordedTenantEvent } from './events/tenant.events';
export { UPCASTERS, upcastEvent, versionsBeside, withEarlierVersions, type Upcaster } from './events/upcasters';
export { userCreated, userUpdated, userRenamed, userInlinePoliciesChanged, userDeleted, USER_EVENTS, type UserEvent, type RecordedUserEvent } from './events/user.events';
export { ID_PREFIXES, idFrom, membershipId, attachmentId, policyIdIn, type IdKind } from './ids';
export { LOG_START, comparePositions, laterPosition, encodePosition, decodePosition, type LogPosition, type PositionVector } from './position';
export { PROBLEMS, fieldErrorSchema, problemSchema, type ProblemCode, type FieldError, type Problem } from './problem';
export { PROBLEM_HELP, type ProblemHelp } from './problem-help';
export { nextTime, scheduleSchema } from './schedule';
export { sealedPersonalSchema, isSealed, type SealedPersonal } from './sealed-personal';
export { providerNameSchema, accountSchema, targetSchema, conflictStrategySchema, directionSchema, deletionPolicySchema, MAX_TAGS, tagsSchema, tagsPatchSchema, saidSyncConfigSchema, syncConfigPatchSchema, syncConfigSchema, DEFAULT_SYNC_CONFIG, syncToProvidersSchema, type Target, type ConflictStrategy, type Direction, type SyncConfigPatch, type SyncConfig } from './sync-config';
export { SYNC_ERROR_HELP, hintOf, shownSyncState, IN_LINE, type SyncErrorHelp } from './sync-help';
export { REASON_HELP, adapterWords, agreesOtherwise, knownReason, reasonOfMany, type AdapterWords, type KnownReason, type SyncReason } from './sync-reasons';
export { SYNC_ERROR_CODES, syncErrorCodeSchema, SYNC_STATES, syncStateNameSchema, WORST_FIRST, SETTLED_STATES, syncOperationSchema, syncErrorSchema, syncStateSchema, syncMapSchema, type SyncErrorCode, type SyncStateName, type SyncOperation, type SyncError, type SyncState, type SyncMap } from './sync-state';
export { tenantPathSchema, parentTenant, tenantLineage, isWithinTenant, isAllowedTenant, isAllowedWithin } from './tenant-path';
export { TOPICS, isReservedTopic, topicOfSource, type Topic, type Source } from './topics';

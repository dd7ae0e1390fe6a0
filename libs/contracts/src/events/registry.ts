import type { NewEvent, RecordedEvent } from '../event-envelope';
import { isSealed } from '../sealed-personal';
import { ACCESS_KEY_EVENTS, SYNC_KEY_EVENTS, type RecordedAccessKeyEvent, type RecordedSyncKeyEvent } from './access-key.events';
import { API_KEY_EVENTS, type RecordedApiKeyEvent } from './api-key.events';
import { APPROVAL_EVENTS, SYNC_APPROVAL_EVENTS, type RecordedApprovalEvent, type RecordedSyncApprovalEvent } from './approval.events';
import { ATTACHMENT_EVENTS, type RecordedAttachmentEvent } from './attachment.events';
import { CHECK_EVENTS, SYNC_CHECK_EVENTS, type RecordedCheckEvent, type RecordedSyncCheckEvent } from './check.events';
import { DEAD_LETTER_EVENTS, SYNC_DEAD_LETTER_EVENTS, type RecordedDeadLetterEvent, type RecordedSyncDeadLetterEvent } from './dead-letter.events';
import { SYNC_DRIFT_EVENTS, type RecordedSyncDriftEvent } from './drift.events';
import { GROUP_EVENTS, type RecordedGroupEvent } from './group.events';
import { IDENTITY_PROVIDER_EVENTS, type RecordedIdentityProviderEvent } from './identity-provider.events';
import { IMPORT_EVENTS, SYNC_IMPORT_EVENTS, type RecordedImportEvent, type RecordedSyncImportEvent } from './import.events';
import { LOGIN_PROFILE_EVENTS, SYNC_PASSWORD_EVENTS, type RecordedLoginProfileEvent, type RecordedSyncPasswordEvent } from './login-profile.events';
import { MEMBERSHIP_EVENTS, type RecordedMembershipEvent } from './membership.events';
import { PAUSE_EVENTS, type RecordedPauseEvent } from './pause.events';
import { PLAN_EVENTS, type RecordedPlanEvent } from './plan.events';
import { POLICY_EVENTS, type RecordedPolicyEvent } from './policy.events';
import { REPAIR_EVENTS, SYNC_REPAIR_EVENTS, type RecordedRepairEvent, type RecordedSyncRepairEvent } from './repair.events';
import { ROLE_EVENTS, type RecordedRoleEvent } from './role.events';
import { SERVICE_ACCOUNT_EVENTS, type RecordedServiceAccountEvent } from './service-account.events';
import { SUBJECT_EVENTS, type RecordedSubjectEvent } from './subject.events';
import { SYNC_EVENTS, type RecordedSyncEvent } from './sync.events';
import { SYNC_JOB_EVENTS, type RecordedSyncJobEvent } from './sync-job.events';
import { SYNC_TARGET_EVENTS, type RecordedSyncTargetEvent } from './target.events';
import { TENANT_EVENTS, TENANT_EVENTS_BEFORE, type RecordedTenantEvent } from './tenant.events';
import { USER_EVENTS, type RecordedUserEvent } from './user.events';

export const IDENTITY_EVENTS = [
  ...TENANT_EVENTS, ...USER_EVENTS, ...GROUP_EVENTS, ...ROLE_EVENTS, ...POLICY_EVENTS, ...SERVICE_ACCOUNT_EVENTS, ...MEMBERSHIP_EVENTS, ...ATTACHMENT_EVENTS,
  ...SYNC_JOB_EVENTS, ...API_KEY_EVENTS, ...SUBJECT_EVENTS, ...PAUSE_EVENTS, ...PLAN_EVENTS, ...IMPORT_EVENTS, ...REPAIR_EVENTS, ...APPROVAL_EVENTS, ...DEAD_LETTER_EVENTS,
  ...ACCESS_KEY_EVENTS, ...LOGIN_PROFILE_EVENTS, ...CHECK_EVENTS, ...IDENTITY_PROVIDER_EVENTS,
] as const;
export const ALL_EVENTS = [...IDENTITY_EVENTS, ...SYNC_EVENTS, ...SYNC_IMPORT_EVENTS, ...SYNC_REPAIR_EVENTS, ...SYNC_APPROVAL_EVENTS, ...SYNC_DRIFT_EVENTS, ...SYNC_TARGET_EVENTS,
  ...SYNC_DEAD_LETTER_EVENTS, ...SYNC_KEY_EVENTS, ...SYNC_PASSWORD_EVENTS, ...SYNC_CHECK_EVENTS, ...TENANT_EVENTS_BEFORE] as const;

export type IdentityEvent =
  | RecordedTenantEvent | RecordedUserEvent | RecordedGroupEvent | RecordedRoleEvent | RecordedPolicyEvent | RecordedServiceAccountEvent | RecordedMembershipEvent
  | RecordedAttachmentEvent | RecordedSyncJobEvent | RecordedApiKeyEvent | RecordedSubjectEvent | RecordedPauseEvent | RecordedPlanEvent | RecordedImportEvent
  | RecordedRepairEvent | RecordedApprovalEvent | RecordedDeadLetterEvent | RecordedAccessKeyEvent | RecordedLoginProfileEvent | RecordedCheckEvent | RecordedIdentityProviderEvent;
export type WamiEvent = IdentityEvent | RecordedSyncEvent | RecordedSyncImportEvent | RecordedSyncRepairEvent | RecordedSyncApprovalEvent | RecordedSyncDriftEvent | RecordedSyncTargetEvent
  | RecordedSyncDeadLetterEvent | RecordedSyncKeyEvent | RecordedSyncPasswordEvent | RecordedSyncCheckEvent;
export type EventType = WamiEvent['type'];

const byType = new Map(ALL_EVENTS.map((definition) => [definition.type as string, definition]));

/** Thrown where an event is of no known type, or its parts do not fit the published schema. The message names fields, never values. */
export class EventSchemaError extends Error {
  constructor(readonly eventType: string, readonly problem: 'unknown-type' | 'invalid', detail: string) {
    super(`${eventType}: ${detail}`);
  }
}

/** Checks both parts against the published schema; used on append and on consume. */
export function parseEvent<E extends NewEvent | RecordedEvent>(event: E): E {
  parseData(event);
  if (isSealed(event.personal)) throw new EventSchemaError(event.type, 'invalid', 'personal is sealed, and no key at hand opens it');
  checkPart(event, 'personal');
  return event;
}

/** As `parseEvent`, of `data` alone. */
export function parseData<E extends NewEvent | RecordedEvent>(event: E): E {
  checkPart(event, 'data');
  return event;
}

function checkPart(event: NewEvent & Pick<RecordedEvent, 'unreadable'>, part: 'data' | 'personal'): void {
  if (event.unreadable !== undefined) throw new EventSchemaError(event.type, 'invalid', event.unreadable);
  const definition = byType.get(event.type);
  if (!definition) throw new EventSchemaError(event.type, 'unknown-type', 'this release does not know the event type');
  const result = definition[part].safeParse(event[part]);
  if (result.success) return;
  const at = result.error.issues.map((issue) => `${part}/${issue.path.join('/')} ${issue.code}`).join(', ');
  throw new EventSchemaError(event.type, 'invalid', at);
}

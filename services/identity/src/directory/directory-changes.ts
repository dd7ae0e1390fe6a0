import { parentTenant, type ImpersonalEvent, type RecordedEvent, type Target } from '@wami/contracts';
import type { StandingPause } from '@wami/domain';

export interface TenantRow {
  readonly id: string;
  readonly parent: string | null;
}
export interface ResourceRow {
  readonly kind: string;
  readonly tenant: string;
}
export interface MembershipRow {
  readonly groupId: string;
  readonly userId: string;
}

export interface AttachmentRow {
  readonly policyId: string;
  readonly ownerId: string;
}

/** Why a task exists: who and what is named on the events that it leads to. */
export interface TaskCause {
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceparent?: string;
}
export interface NewTask {
  readonly kind: 'relations' | 'tenant' | 'pause' | 'import' | 'repair';
  /** A deleted resource; the path of a tenant; a pause that ends by itself; an import whose finds are to be forgotten; a repair. */
  readonly subject: string;
  /** RFC 3339; left out: now. */
  readonly dueAt?: string;
  readonly cause: TaskCause;
}

/** So long what an import found can be read. */
const IMPORT_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** What a page of events comes to, row by row; null takes a row away. */
export interface DirectoryChanges {
  readonly tenants: Map<string, TenantRow | null>;
  readonly providers: Map<string, readonly Target[]>;
  readonly resources: Map<string, ResourceRow | null>;
  readonly memberships: Map<string, (MembershipRow & { readonly cause: TaskCause }) | null>;
  readonly attachments: Map<string, (AttachmentRow & { readonly cause: TaskCause }) | null>;
  /** What is bounded -> the policy that bounds it. */
  readonly boundaries: Map<string, string | null>;
  /** An access key, a login profile or an MFA device -> whom it belongs to. */
  readonly belongings: Map<string, string | null>;
  readonly pauses: Map<string, StandingPause | null>;
  readonly tasks: NewTask[];
}

export function foldPage(events: readonly ImpersonalEvent[]): DirectoryChanges {
  const changes: DirectoryChanges = {
    tenants: new Map(), providers: new Map(), resources: new Map(), memberships: new Map(), attachments: new Map(), boundaries: new Map(), belongings: new Map(), pauses: new Map(), tasks: [],
  };
  for (const event of events) foldEvent(changes, event);
  return changes;
}

function foldEvent(changes: DirectoryChanges, event: ImpersonalEvent): void {
  const { tenant, stream } = event;
  const task = (kind: NewTask['kind'], subject: string, dueAt?: string): number =>
    changes.tasks.push({ kind, subject, cause: causeOf(event), ...(dueAt === undefined ? {} : { dueAt }) });
  switch (event.type) {
    case 'wami.tenant.created.v1':
      changes.tenants.set(tenant, { id: stream, parent: parentTenant(tenant) ?? null });
      changes.providers.set(tenant, []);
      break;
    case 'wami.tenant.sync-configured.v2': changes.providers.set(tenant, event.data.config.providers ?? []); break;
    case 'wami.tenant.deletion-requested.v1': task('tenant', tenant); break;
    case 'wami.tenant.deleted.v1': changes.tenants.set(tenant, null); changes.providers.delete(tenant); break;
    case 'wami.user.created.v1': case 'wami.group.created.v1': case 'wami.role.created.v1': case 'wami.policy.created.v1': case 'wami.service-account.created.v1': case 'wami.identity-provider.created.v1':
      changes.resources.set(stream, { kind: kindOf(event), tenant });
      break;
    case 'wami.user.deleted.v1': case 'wami.group.deleted.v1': case 'wami.role.deleted.v1': case 'wami.policy.deleted.v1': case 'wami.service-account.deleted.v1':
      changes.resources.set(stream, null);
      task('relations', stream);
      break;
    case 'wami.attachment.added.v1': changes.attachments.set(stream, { ...event.data, cause: causeOf(event) }); break;
    case 'wami.attachment.removed.v1': changes.attachments.set(stream, null); break;
    case 'wami.access-key.created.v1': case 'wami.login-profile.created.v1': case 'wami.mfa-device.created.v1':
      changes.resources.set(stream, { kind: kindOf(event), tenant });
      changes.belongings.set(stream, event.data.ownerId);
      break;
    case 'wami.identity-provider.deleted.v1': changes.resources.set(stream, null); break;
    case 'wami.access-key.deleted.v1': case 'wami.login-profile.deleted.v1': case 'wami.mfa-device.deleted.v1': changes.resources.set(stream, null); changes.belongings.set(stream, null); break;
    case 'wami.api-key.created.v1': changes.resources.set(stream, { kind: 'api-key', tenant }); break;
    case 'wami.api-key.revoked.v1': changes.resources.set(stream, null); break;
    case 'wami.membership.added.v1': changes.memberships.set(stream, { ...event.data, cause: causeOf(event) }); break;
    case 'wami.import.requested.v1': task('import', stream, new Date(Date.parse(event.time) + IMPORT_KEPT_MS).toISOString()); break;
    case 'wami.repair.requested.v1': task('repair', stream); break;
    case 'wami.membership.removed.v1': changes.memberships.set(stream, null); break;
    case 'wami.pause.started.v1':
      changes.resources.set(stream, { kind: 'pause', tenant });
      changes.pauses.set(stream, { id: stream, tenant, ...event.data });
      if (event.data.until !== undefined) task('pause', stream, event.data.until);
      break;
    case 'wami.pause.ended.v1':
      changes.resources.set(stream, null);
      changes.pauses.set(stream, null);
      break;
    default: break;
  }
  foldBoundary(changes, event);
}

function foldBoundary({ boundaries }: DirectoryChanges, { type, stream, data }: ImpersonalEvent): void {
  switch (type) {
    case 'wami.user.created.v1': case 'wami.role.created.v1': case 'wami.user.updated.v1': case 'wami.role.updated.v1':
      if (data.permissionsBoundary !== undefined) boundaries.set(stream, data.permissionsBoundary);
      break;
    case 'wami.user.deleted.v1': case 'wami.role.deleted.v1': boundaries.set(stream, null); break;
    default: break;
  }
}

/** `wami.<kind>.<...>` */
const kindOf = ({ type }: Pick<ImpersonalEvent, 'type'>): string => type.split('.')[1] ?? '';

function causeOf({ id, meta: { correlationId, traceparent } }: Pick<RecordedEvent, 'id' | 'meta'>): TaskCause {
  return { correlationId, causationId: id, ...(traceparent === undefined ? {} : { traceparent }) };
}

import { parentTenant, type CreateTenant, type PatchTenant, type SyncConfigPatch, type Target, type TenantEvent } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { DomainError } from '../domain-error';
import { mergeMap, sameJson } from '../merge-patch';
import { eventAbout, type ResourceRef } from '../resource-ref';

export interface TenantDocument {
  readonly path: string;
  readonly parent?: string;
  readonly name: string;
  readonly providerAccounts: readonly Target[];
  readonly quotas: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly syncConfig: SyncConfigPatch;
}
export type Tenant = { readonly status: 'none' | 'deleted' } | { readonly status: 'active' | 'deleting'; readonly document: TenantDocument };

/** `ref.key` orders all events of one tenant tree: the opaque id of its top tenant. */
export type TenantCommand = { readonly ref: ResourceRef; readonly rootId: string } & (
  | { readonly type: 'create'; readonly body: CreateTenant }
  | { readonly type: 'patch'; readonly body: PatchTenant }
  | { readonly type: 'configure-sync'; readonly config: SyncConfigPatch }
  | { readonly type: 'request-deletion'; readonly job: string }
  | { readonly type: 'delete' });

function decide(tenant: Tenant, command: TenantCommand): TenantEvent[] {
  const about = (event: Pick<TenantEvent, 'type' | 'data' | 'personal'>): TenantEvent => eventAbout('tenant', command.ref, event, command.rootId);
  switch (command.type) {
    case 'create': return [about(create(tenant, command.ref.id, command.body))];
    case 'patch': return patch(active(tenant), command.body).map(about);
    case 'configure-sync':
      return sameJson(active(tenant).syncConfig, command.config) ? []
        : [about({ type: 'wami.tenant.sync-configured.v2', data: { config: command.config }, personal: {} })];
    case 'request-deletion':
      return tenant.status === 'deleting' ? []
        : (active(tenant), [about({ type: 'wami.tenant.deletion-requested.v1', data: { job: command.job }, personal: {} })]);
    case 'delete': existing(tenant); return [about({ type: 'wami.tenant.deleted.v1', data: {}, personal: {} })];
    default: return unreachable(command);
  }
}

function existing(tenant: Tenant): TenantDocument {
  if (!('document' in tenant)) throw new DomainError('NotFound', 'there is no such tenant');
  return tenant.document;
}

function active(tenant: Tenant): TenantDocument {
  const document = existing(tenant);
  if (tenant.status === 'deleting') throw new DomainError('TenantDeleting', `tenant ${document.path} is being deleted`);
  return document;
}

function create(tenant: Tenant, tenantId: string, body: CreateTenant): Pick<TenantEvent, 'type' | 'data' | 'personal'> {
  if (tenant.status !== 'none') throw new DomainError('ValidationFailed', 'the tenant exists already');
  const { id: path, name, providerAccounts = [], quotas = {}, metadata = {} } = body;
  return { type: 'wami.tenant.created.v1', data: { tenantId, path, name, providerAccounts, quotas, metadata }, personal: {} };
}

function patch(current: TenantDocument, body: PatchTenant): Pick<TenantEvent, 'type' | 'data' | 'personal'>[] {
  const wanted = {
    name: body.name,
    providerAccounts: body.providerAccounts === undefined ? undefined : body.providerAccounts ?? [],
    quotas: body.quotas === undefined ? undefined : body.quotas ?? {},
    metadata: body.metadata === undefined ? undefined : mergeMap(current.metadata, body.metadata),
  };
  const changes = Object.entries(wanted).filter(([field, value]) => value !== undefined && !sameJson(value, current[field as keyof typeof wanted]));
  return changes.length === 0 ? [] : [{ type: 'wami.tenant.updated.v1', data: Object.fromEntries(changes), personal: {} }];
}

function evolve(tenant: Tenant, event: TenantEvent): Tenant {
  switch (event.type) {
    case 'wami.tenant.created.v1': {
      const { path, name, providerAccounts, quotas, metadata } = event.data;
      const parent = parentTenant(path);
      return { status: 'active', document: { path, ...(parent === undefined ? {} : { parent }), name, providerAccounts, quotas, metadata, syncConfig: {} } };
    }
    case 'wami.tenant.updated.v1': return changed(tenant, event.data);
    case 'wami.tenant.sync-configured.v2': return changed(tenant, { syncConfig: event.data.config });
    case 'wami.tenant.deletion-requested.v1': return 'document' in tenant ? { ...tenant, status: 'deleting' } : tenant;
    case 'wami.tenant.deleted.v1': return { status: 'deleted' };
    default: return unreachable(event);
  }
}

function changed(tenant: Tenant, changes: Partial<TenantDocument>): Tenant {
  return 'document' in tenant ? { ...tenant, document: { ...tenant.document, ...changes } } : tenant;
}

export const tenantDecider = { initialState: { status: 'none' } as Tenant, decide, evolve } satisfies Decider<Tenant, TenantCommand, TenantEvent>;

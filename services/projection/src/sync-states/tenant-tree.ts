import { isWithinTenant, tenantLineage, type RecordedTenantEvent } from '@wami/contracts';
import { resolveSyncConfig } from '@wami/domain';
import type { Moment, SyncTenant } from './sync-states.table';

/** More changes of mind about one target are forgotten, the oldest first. */
const KEPT_FLIPS = 64;

export const targetName = (provider: string, account: string): string => `${provider}/${account}`;

/** All tenants under one top tenant. Their events share a key, so they come in order. */
export class TenantTree {
  private readonly tenants: Map<string, SyncTenant>;
  private readonly byPath = new Map<string, SyncTenant>();
  /** Tenants that are new, or whose targets or triggers are others than before. */
  readonly moved = new Set<string>();
  readonly changed = new Set<string>();

  constructor(private readonly root: string, tenants: readonly SyncTenant[]) {
    this.tenants = new Map(tenants.map((tenant) => [tenant.id, tenant]));
    for (const tenant of tenants) if (!tenant.deleted) this.byPath.set(tenant.path, tenant);
  }

  tenant(id: string): SyncTenant | undefined {
    return this.tenants.get(id);
  }

  apply(event: RecordedTenantEvent): void {
    const moment: Moment = [event.position, event.time];
    switch (event.type) {
      case 'wami.tenant.created.v1': return this.create(event.stream, event.data.path, moment);
      case 'wami.tenant.sync-configured.v2': {
        const tenant = this.tenants.get(event.stream);
        if (!tenant) return;
        this.set({ ...tenant, config: event.data.config });
        return this.resolveBelow(tenant.path, moment);
      }
      case 'wami.tenant.deleted.v1': {
        const tenant = this.tenants.get(event.stream);
        if (!tenant) return;
        this.set({ ...tenant, deleted: true });
        if (this.byPath.get(tenant.path)?.id === tenant.id) this.byPath.delete(tenant.path);
        return;
      }
      case 'wami.tenant.updated.v1':
      case 'wami.tenant.deletion-requested.v1': return;
    }
  }

  private create(id: string, path: string, moment: Moment): void {
    this.set({ id, root: this.root, path, created: moment[0], deleted: false, config: {}, flips: {}, triggers: { onCreate: true, onUpdate: true, onDelete: true } });
    this.resolve(path, moment);
    this.moved.add(id);
  }

  private resolveBelow(path: string, moment: Moment): void {
    for (const below of [...this.byPath.keys()]) if (isWithinTenant(below, path)) this.resolve(below, moment);
  }

  private resolve(path: string, moment: Moment): void {
    const tenant = this.byPath.get(path);
    if (!tenant) return;
    const { providers, triggers } = resolveSyncConfig(tenantLineage(path).map((above) => this.byPath.get(above)?.config ?? {}));
    const wanted = new Set(providers.map(({ provider, account }) => targetName(provider, account)));
    const turned = [...new Set([...wanted, ...Object.keys(tenant.flips)])].filter((target) => wanted.has(target) !== isOn(tenant.flips[target]));
    const sameTriggers = (['onCreate', 'onUpdate', 'onDelete'] as const).every((trigger) => triggers[trigger] === tenant.triggers[trigger]);
    if (turned.length === 0 && sameTriggers) return;
    const flips = Object.fromEntries(turned.map((target) => [target, withFlip(tenant.flips[target], moment)]));
    this.set({ ...tenant, flips: { ...tenant.flips, ...flips }, triggers });
    this.moved.add(tenant.id);
  }

  private set(tenant: SyncTenant): void {
    this.tenants.set(tenant.id, tenant);
    if (!tenant.deleted) this.byPath.set(tenant.path, tenant);
    this.changed.add(tenant.id);
  }
}

/** Whether the target is asked for after all these changes: they begin with on. */
export const isOn = (flips: readonly Moment[] = []): boolean => flips.length % 2 === 1;

function withFlip(flips: readonly Moment[] = [], moment: Moment): readonly Moment[] {
  return [...(flips.length >= KEPT_FLIPS ? flips.slice(2) : flips), moment];
}

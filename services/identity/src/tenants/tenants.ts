import { Inject, Injectable } from '@nestjs/common';
import { tenantLineage, tenantPathSchema, type SyncConfig } from '@wami/contracts';
import { resolveSyncConfig, type Tenant, type TenantDocument } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { canSee, ProblemError, type Caller } from '@wami/platform';
import { tenantAggregate } from '../aggregates/aggregates';
import { fold, type Loaded } from '../commands/aggregate';
import { BoundedMap } from '../bounded-map';
import { EVENT_STORE } from '../ports';

export type LoadedTenant = Loaded<Tenant> & { readonly document: TenantDocument };

/** A tenant with its ancestors, top first. */
export interface TenantLine {
  readonly own: LoadedTenant;
  readonly all: readonly LoadedTenant[];
  /** The opaque id of the top tenant: the key of all tenant events of its tree. */
  readonly rootId: string;
}

/** Tenants by their path. */
@Injectable()
export class Tenants {
  /** A stream has one path for ever, so only a miss or a deleted stream asks again. */
  private readonly ids = new BoundedMap<string, string>(10_000);

  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /** @throws ProblemError NotFound where it is not there, or not for this caller. */
  async line(caller: Caller, path: string): Promise<TenantLine> {
    const line = canSee(caller, path) ? await this.find(path) : undefined;
    if (!line) throw new ProblemError('NotFound', { detail: 'there is no such tenant', params: { tenant: path } });
    return line;
  }

  /** As `line`, for writes that put something into the tenant. @throws ProblemError NotFound, TenantDeleting */
  async activeLine(caller: Caller, path: string): Promise<TenantLine> {
    const line = await this.line(caller, path);
    if (line.all.some(({ state }) => state.status === 'deleting')) {
      throw new ProblemError('TenantDeleting', { detail: 'nothing can be put into a tenant that is being deleted', params: { tenant: path } });
    }
    return line;
  }

  /** Undefined where the path is not taken. */
  async find(path: string): Promise<TenantLine | undefined> {
    if (!tenantPathSchema.safeParse(path).success) return undefined;
    const all = await Promise.all(tenantLineage(path).map((ancestor) => this.load(ancestor)));
    const found = all.filter((tenant) => tenant !== undefined);
    const [top, own] = [found[0], found.at(-1)];
    return found.length === all.length && top && own ? { own, all: found, rootId: top.id } : undefined;
  }

  /** Settings that hold for a tenant; those of what is left of its line where it was deleted. */
  async syncConfig(path: string): Promise<SyncConfig> {
    const all = await Promise.all(tenantLineage(path).map((ancestor) => this.load(ancestor)));
    return resolveSyncConfig(all.flatMap((tenant) => tenant?.document.syncConfig ?? []));
  }

  private async load(path: string): Promise<LoadedTenant | undefined> {
    const known = this.ids.get(path);
    const loaded = known === undefined ? undefined : await this.loadStream(known);
    if (loaded) return loaded;
    const id = await this.store.findName({ tenant: '', kind: 'tenant', value: path });
    if (id === undefined) return undefined;
    this.ids.set(path, id);
    return this.loadStream(id);
  }

  private async loadStream(id: string): Promise<LoadedTenant | undefined> {
    const loaded = fold(tenantAggregate, id, await this.store.readStream(id));
    return 'document' in loaded.state ? { ...loaded, document: loaded.state.document } : undefined;
  }
}

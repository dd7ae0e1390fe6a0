import { Injectable } from '@nestjs/common';
import { formatArn, isWithinTenant, parseArn, type ResourceKind, type SyncFilter, type Target } from '@wami/contracts';
import { ProblemError, type Caller } from '@wami/platform';
import { groupAggregate, userAggregate } from '../aggregates/aggregates';
import type { Loaded } from '../commands/aggregate';
import { ScopedStreams } from '../commands/scoped-streams';
import { Directory } from '../directory/directory';
import { eachLimited } from '../each-limited';
import { Tenants } from '../tenants/tenants';
import { targetKey } from '../waiting/outcomes';

export interface NamedResource {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly tenant: string;
  readonly deleted: boolean;
  readonly position: string;
  readonly updatedAt: string;
}

const PARALLEL = 16;

/** Finds out what a sync verb is about: which resources are meant, and which targets have to answer. */
@Injectable()
export class JobRequests {
  constructor(private readonly streams: ScopedStreams, private readonly tenants: Tenants, private readonly directory: Directory) {}

  /** Ids or ARNs, also of what was deleted. @throws ProblemError NotFound */
  resources(caller: Caller, names: readonly string[]): Promise<NamedResource[]> {
    return eachLimited(names, PARALLEL, (name) => this.resource(caller, name));
  }

  /** @throws ProblemError NotFound where the tenant is unknown or foreign. */
  async checkFilter(caller: Caller, filter: SyncFilter | undefined): Promise<void> {
    if (filter?.tenant !== undefined) await this.tenants.line(caller, filter.tenant);
  }

  /** Targets of the tenants of these resources, or of a whole tree; only those of `providers` where given. */
  async targets(scope: string, resources: readonly NamedResource[] | undefined, providers?: readonly string[]): Promise<Target[]> {
    const all = resources ? await this.targetsOfTenants([...new Set(resources.map(({ tenant }) => tenant))]) : await this.targetsOfTree(scope);
    const distinct = [...new Map(all.map((target) => [targetKey(target), target])).values()];
    return providers === undefined ? distinct : distinct.filter(({ provider }) => providers.includes(provider));
  }

  private async targetsOfTenants(paths: readonly string[]): Promise<Target[]> {
    const configs = await eachLimited(paths, PARALLEL, (path) => this.tenants.syncConfig(path));
    return configs.flatMap(({ providers }) => [...providers]);
  }

  private async targetsOfTree(scope: string): Promise<Target[]> {
    await this.directory.caughtUp();
    const inherited = scope === '' ? [] : (await this.tenants.syncConfig(scope)).providers;
    return [...inherited, ...(await this.directory.targetsWithin(scope))];
  }

  private async resource(caller: Caller, name: string): Promise<NamedResource> {
    const arn = parseArn(name);
    const id = arn?.id ?? name;
    const found = id.startsWith('grp_')
      ? named('group', await this.find(name, () => this.streams.loadEvenDeleted(caller, groupAggregate, id)), groupAggregate.exists)
      : named('user', await this.find(name, () => this.streams.loadEvenDeleted(caller, userAggregate, id)), userAggregate.exists);
    if (arn && formatArn({ tenant: found.tenant, instance: arn.instance, type: found.kind, id }) !== name) throw unknown(name);
    return found;
  }

  private async find<State>(name: string, load: () => Promise<Loaded<State>>): Promise<Loaded<State>> {
    try {
      return await load();
    } catch (error) {
      throw error instanceof ProblemError && error.code === 'NotFound' ? unknown(name) : error;
    }
  }
}

function named<State>(kind: ResourceKind, { id, tenant, state, position, updatedAt }: Loaded<State>, exists: (state: State) => boolean): NamedResource {
  return { id, kind, tenant, deleted: !exists(state), position, updatedAt };
}

const unknown = (resource: string): ProblemError => new ProblemError('NotFound', { detail: 'there is no such resource', params: { resource } });

/** The tenant that a job belongs to: the narrower of what the caller may touch and what was asked for. */
export function jobTenant(caller: Caller, filter: SyncFilter | undefined): string {
  return filter?.tenant !== undefined && isWithinTenant(filter.tenant, caller.tenant) ? filter.tenant : caller.tenant;
}

import { Injectable } from '@nestjs/common';
import { formatArn, isWithinTenant, parseArn, type SyncFilter, type Target } from '@wami/contracts';
import { ProblemError, type Caller } from '@wami/platform';
import { ScopedStreams } from '../commands/scoped-streams';
import { Directory } from '../directory/directory';
import { eachLimited } from '../each-limited';
import { kindOfId, type FoundResource } from '../resources/known-kinds';
import { Tenants } from '../tenants/tenants';
import { targetKey } from '../waiting/outcomes';

export type NamedResource = Omit<FoundResource, 'syncToProviders'>;

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
    const found = await this.find(name, () => kindOfId(id)?.loadEvenDeleted(this.streams, caller, id));
    if (arn && formatArn({ tenant: found.tenant, instance: arn.instance, type: found.kind, id }) !== name) throw unknown(name);
    return found;
  }

  private async find(name: string, load: () => Promise<FoundResource> | undefined): Promise<FoundResource> {
    try {
      const found = await load();
      if (!found) throw unknown(name);
      return found;
    } catch (error) {
      throw error instanceof ProblemError && error.code === 'NotFound' ? unknown(name) : error;
    }
  }
}

const unknown = (resource: string): ProblemError => new ProblemError('NotFound', { detail: 'there is no such resource', params: { resource } });

/** The tenant that a job belongs to: the narrower of what the caller may touch and what was asked for. */
export function jobTenant(caller: Caller, filter: SyncFilter | undefined): string {
  return filter?.tenant !== undefined && isWithinTenant(filter.tenant, caller.tenant) ? filter.tenant : caller.tenant;
}

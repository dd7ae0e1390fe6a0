import type { SyncConfigPatch } from '@wami/contracts';
import type { SeededRandom } from '@wami/testing';
import { ACCOUNT, type TestIdentity } from '../spec-support/identity';
import type { RememberedEvents } from './remembered-events';
import type { World } from './world';

export const ACCOUNTS = [ACCOUNT, '000000000002'];
export const RETRY = { maxRetries: 4, baseDelayMs: 200, maxDelayMs: 4_000 };
const TENANTS = ['acme', 'beta', 'gamma'];
const TRIGGERS = ['onCreate', 'onUpdate', 'onDelete'] as const;

/** What people say of the tenants: drawn from the seed, and known by what they said. */
export class TenantSettings {
  private readonly configs = new Map<string, SyncConfigPatch>();
  private readonly tenants = new Map<string, string>();

  constructor(private readonly random: SeededRandom, private readonly identity: TestIdentity<RememberedEvents>, private readonly world: World) {}

  async begin(): Promise<void> {
    const guard = { maxDeletesPercent: 100, maxDeletesCount: this.world.guard ?? 1_000_000 };
    const drawn = this.random.pick(['fail', 'fail', 'skip', 'overwrite'] as const);
    const triggers = { ...this.schedule, ...this.world.plans ? this.someOff() : {} };
    const config: SyncConfigPatch = { ...(Object.keys(triggers).length > 0 ? { triggers } : {}), providers: this.targets, retry: RETRY, guard, conflictResolution: this.world.merges ? 'merge' : drawn };
    for (const path of TENANTS.slice(0, this.world.tenants)) {
      this.configs.set(path, config);
      this.tenants.set(path, await this.identity.tenant(path, config));
    }
  }

  /** The same in all tenants. */
  get conflictResolution(): SyncConfigPatch['conflictResolution'] {
    return this.configs.values().next().value?.conflictResolution;
  }

  of(tenant: string): SyncConfigPatch {
    return this.configs.get(tenant) ?? {};
  }

  get targets(): NonNullable<SyncConfigPatch['providers']> {
    return ACCOUNTS.slice(0, this.world.accounts).map((account) => ({ provider: 'aws', account }));
  }

  any(): string {
    return this.world.tenants === 1 ? TENANTS[0] ?? '' : this.random.pick([...this.tenants.keys()]);
  }

  /** All targets are wanted, all triggers on, and all is pushed. */
  async heal(): Promise<void> {
    for (const tenant of this.tenants.keys()) if (this.targetsOf(tenant).length < this.targets.length) await this.configure(tenant, { providers: this.targets });
    for (const tenant of this.tenants.keys()) if (TRIGGERS.some((trigger) => this.of(tenant).triggers?.[trigger] === false)) await this.configure(tenant, { triggers: this.schedule });
    for (const tenant of this.tenants.keys()) if ((this.of(tenant).direction ?? 'push') !== 'push') await this.configure(tenant, { direction: 'push' });
  }

  turnDirection(tenant: string): Promise<void> {
    const { direction = 'push' } = this.world;
    return this.configure(tenant, { direction: this.of(tenant).direction === direction ? 'push' : direction });
  }

  /** One of them is given up, or asked for again. */
  switchTarget(tenant: string): Promise<void> {
    const [target = this.targets[0]] = this.world.accounts === 1 ? [] : this.random.shuffled(this.targets);
    const others = this.targets.filter(({ account }) => account !== target?.account);
    const wanted = this.targetsOf(tenant);
    const kept = others.filter(({ account }) => wanted.some((one) => one.account === account));
    const isWanted = wanted.some(({ account }) => account === target?.account);
    return this.configure(tenant, { providers: [...kept, ...(target && !isWanted ? [target] : [])] });
  }

  turnTrigger(tenant: string): Promise<void> {
    const trigger = this.random.pick(TRIGGERS);
    const { triggers } = this.of(tenant);
    return this.configure(tenant, { triggers: { ...triggers, [trigger]: triggers?.[trigger] === false } });
  }

  async configure(tenant: string, patch: SyncConfigPatch): Promise<void> {
    const config = { ...this.of(tenant), ...patch };
    this.configs.set(tenant, config);
    await this.identity.configure(this.tenants.get(tenant) ?? '', tenant, config);
  }

  /** What is held is what plans are made of. */
  private someOff(): NonNullable<SyncConfigPatch['triggers']> {
    return Object.fromEntries(TRIGGERS.map((trigger) => [trigger, this.random.chance(0.5)]));
  }

  private get schedule(): NonNullable<SyncConfigPatch['triggers']> {
    return this.world.sweeps ? { schedule: 'PT30S' } : {};
  }

  private targetsOf(tenant: string): NonNullable<SyncConfigPatch['providers']> {
    return this.of(tenant).providers ?? [];
  }
}

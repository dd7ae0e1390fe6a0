import type { Adoption, Difference, FoundThing, ImportableKind } from '@wami/contracts';
import type { SeededRandom } from '@wami/testing';
import { TestIdentity } from '../spec-support/identity';
import { Access, isLimitable } from './access';
import { make, patch, unmake } from './by-kind';
import { Pauses } from './pauses';
import { RememberedEvents } from './remembered-events';
import { TenantSettings } from './tenant-settings';
import type { World } from './world';

/** What people want of one resource, as identity would tell it. */
export interface Intention {
  readonly id: string;
  readonly tenant: string;
  readonly kind: 'user' | 'group' | 'role' | 'policy';
  name: string;
  tags: Record<string, string>;
  path: string;
  deleted: boolean;
  /** Ids. */
  readonly groups: Set<string>;
  /** Ids of what is attached to it. */
  readonly policies: Set<string>;
  /** Id of the policy that limits it. */
  boundary?: string | undefined;
  /** The same from the first moment on. */
  bornWith?: string | undefined;
  /** Inline policies by name. */
  readonly inline: Record<string, string>;
  /** Names that any was ever asked for by. */
  readonly namedInline: Set<string>;
  /** What stood there before, which this is to be, as it was called when it was found. */
  readonly standsFor?: { readonly id: string; readonly name: string };
}

const NAMES = ['ann', 'bob', 'cleo', 'dan', 'eve', 'finn'];
const MORE_NAMES = ['gil', 'hal', 'ivo', 'joe', 'kim', 'leo', 'mia'];
const MOST_STANDING = 7;
const MOST_GUARDED = 14;
const MOST_AT_ONCE = 17;
const ENDINGS = { user: '', group: 's', role: '-role', policy: '-policy' } as const satisfies Record<Intention['kind'], string>;
/** How often who can be limited is, from the beginning, and who can have an inline policy has one. */
const [LIMITED, WITH_INLINE] = [0.4, 0.4];

/** People at work: commands drawn from the seed, and on the side what they amount to, by simple means of its own. */
export class Intentions {
  readonly all: Intention[] = [];
  readonly written: RememberedEvents;
  readonly identity: TestIdentity<RememberedEvents>;
  readonly settings: TenantSettings;
  readonly access: Access;
  /** Those that are asked for, and who answered for them. */
  readonly jobs: string[] = [];
  readonly pauses: Pauses;
  /** Resources that somebody took away, or something of, by naming them alone. */
  readonly byHand = new Set<string>();
  private readonly names = new Set<string>();
  commands = 0;

  constructor(private readonly random: SeededRandom, now: () => number, readonly world: World) {
    this.written = new RememberedEvents(now);
    this.identity = new TestIdentity(this.written);
    this.settings = new TenantSettings(random, this.identity, world);
    this.pauses = new Pauses(this.identity);
    this.access = new Access(random, this.identity, this);
  }

  async begin(): Promise<void> {
    await this.settings.begin();
    const { guard: most } = this.world;
    for (let left = most === undefined ? 0 : most + 1 + this.random.int(3); left > 0; left--) await this.create('user');
  }

  get living(): Intention[] {
    return this.all.filter(({ deleted }) => !deleted);
  }

  /** Something that somebody does; what makes no sense at the moment is left. */
  async act(): Promise<string> {
    this.commands += 1;
    const { random, settings } = this;
    const acts: (readonly [weight: number, name: string, act: () => Promise<unknown>])[] = [
      [5, 'create a user', () => this.create('user')], [3, 'create a group', () => this.create('group')],
      [5, 'edit', () => this.edit()], [4, 'rename', () => this.rename()], [3, 'delete', () => this.remove()],
      [6, 'membership', () => this.relate()], [2, 'swap names', () => this.swap()], [1, 'delete and create again', () => this.again()],
      [1, 'tags of the tenant', () => settings.configure(settings.any(), { tags: random.chance(0.5) ? { team: random.pick(['a', 'b']) } : {} })],
      [0.5, 'targets of the tenant', () => settings.switchTarget(settings.any())],
      [0.7, 'pause', () => this.pause()], [0.7, 'resume', () => this.pauses.endOne()],
      [1, 'ask for a sync', () => this.ask('sync')], [1, 'ask for retries', () => this.ask('retry')],
      ...(this.world.haunted ? [[6, 'successors', () => this.succeed()]] as const : []),
      ...(this.world.policies ? [[3, 'create a policy', () => this.create('policy')], [2, 'create a role', () => this.create('role')], [6, 'attachment', () => this.access.attach()], [4, 'boundary', () => this.access.limit()]] as const : []),
      ...(this.world.inlines ? [[14, 'inline policy', () => this.access.inline()]] as const : []),
      ...(this.world.triggers ? [[4, 'a trigger of the tenant', () => settings.turnTrigger(settings.any())]] as const : []),
      ...(this.world.direction ? [[3, 'direction of the tenant', () => settings.turnDirection(settings.any())]] as const : []),
      ...(this.world.guard === undefined ? [] : [[4, 'take many away', () => this.takeMany()], [3, 'take one away', () => this.takeOne()]] as const),
    ];
    let at = random.next() * acts.reduce((sum, [weight]) => sum + weight, 0);
    const [, name, act] = acts.find(([weight]) => (at -= weight) < 0) ?? acts[0] ?? [];
    await act?.();
    return name ?? '';
  }

  async ask(verb: 'sync' | 'retry'): Promise<void> {
    this.jobs.push(await this.identity.job(verb, { targets: this.settings.targets }));
  }

  /** Pauses are over, triggers on and the target is wanted, so that everything can settle. */
  async heal(): Promise<void> {
    while (await this.pauses.endOne());
    await this.settings.heal();
  }

  /** Whether something of ours has this name, or had. */
  hadName(kind: string, name: string): boolean {
    return this.names.has(`${kind} ${name}`);
  }

  /** Another tenant may have it: they do not know of each other. */
  freeName(kind: Intention['kind'], tenant: string): string | undefined {
    const taken = new Set(this.living.filter((one) => one.kind === kind && one.tenant === tenant).map(({ name }) => name));
    const free = (this.world.guard === undefined && !this.world.bursts ? NAMES : [...NAMES, ...MORE_NAMES]).map((name) => `${name}${ENDINGS[kind]}`).filter((name) => !taken.has(name));
    return free.length === 0 ? undefined : this.random.pick(free);
  }

  async create(kind: Intention['kind'], tenant = this.settings.any(), name = this.freeName(kind, tenant)): Promise<void> {
    if (name === undefined || this.living.length >= this.most) return;
    this.names.add(`${kind} ${name}`);
    const tags: Record<string, string> = kind === 'user' && this.random.chance(0.5) ? { cost: this.random.pick(['1', '2']) } : {};
    const boundary = this.world.policies && isLimitable({ kind }) && this.random.chance(LIMITED) ? this.pickLiving('policy', tenant)?.id : undefined;
    const id = await make(this.identity, kind, name, { tenant, tags, ...(boundary === undefined ? {} : { permissionsBoundary: boundary }) });
    const one: Intention = { id, tenant, kind, name, tags, path: '/', deleted: false, groups: new Set(), policies: new Set(), boundary, bornWith: boundary, inline: {}, namedInline: new Set() };
    this.all.push(one);
    if (this.world.inlines && kind !== 'policy' && this.random.chance(WITH_INLINE)) await this.access.inline(one);
  }

  private get most(): number {
    const { bursts, policies, guard } = this.world;
    if (bursts) return MOST_AT_ONCE;
    return policies || guard !== undefined ? MOST_GUARDED : MOST_STANDING;
  }

  /** What others made is to be managed here, under its own name where no other one is given. Resolves with what it is here; undefined where its name is not free. */
  async import(kind: ImportableKind, tenant: string, { name, path, tags, ...thing }: FoundThing, adopts: Adoption, newName?: string): Promise<Intention | undefined> {
    const isTaken = this.living.some((one) => one.standsFor?.id === thing.providerResourceId || (one.kind === kind && one.tenant === tenant && one.name === name));
    if (isTaken) return undefined;
    const id = await this.identity.imported(kind, name, { tenant, tags, ...(path === undefined ? {} : { path }), adopts });
    const one: Intention = { id, tenant, kind, name, tags: { ...tags }, path: path ?? '/', deleted: false, groups: new Set(), policies: new Set(), inline: {}, namedInline: new Set(), standsFor: { id: thing.providerResourceId, name: thing.nativeName } };
    this.names.add(`${kind} ${name}`);
    this.all.push(one);
    if (newName !== undefined) await this.rename(one, newName);
    return one;
  }

  pickLiving(kind?: Intention['kind'], tenant?: string): Intention | undefined {
    const living = this.living.filter((one) => (kind === undefined || one.kind === kind) && (tenant === undefined || one.tenant === tenant));
    return living.length === 0 ? undefined : this.random.pick(living);
  }

  async edit(user = this.pickLiving('user')): Promise<void> {
    if (!user) return;
    const key = this.random.pick(['cost', 'role']);
    const value = this.random.pick(['1', '2', null]);
    await this.identity.patchUser(user.id, { tags: { [key]: value } });
    if (value === null) delete user.tags[key];
    else user.tags[key] = value;
  }

  /** What a merge found becomes what is wanted, where nothing was said of it here. */
  async takeOver(resource: string, found: Readonly<Record<string, string>>): Promise<void> {
    const one = this.living.find(({ id }) => id === resource);
    const tags = Object.fromEntries(Object.entries(found).filter(([key]) => !(key in (one?.tags ?? {}))));
    if (!one || Object.keys(tags).length === 0) return;
    await patch(this.identity, one, { tags });
    Object.assign(one.tags, tags);
  }

  /** What somebody did at a target becomes what is wanted, but for what was changed here meanwhile. */
  async pull(resource: string, differences: readonly Difference[]): Promise<void> {
    const one = this.living.find(({ id }) => id === resource);
    if (!one) return;
    const tags = Object.fromEntries(differences.flatMap(({ at, expected, found = null }) => {
      const key = at.slice('tags/'.length);
      return at.startsWith('tags/') && one.tags[key] === expected ? [[key, found]] : [];
    }));
    if (Object.keys(tags).length > 0) await patch(this.identity, one, { tags });
    one.tags = Object.fromEntries(Object.entries<string | null>({ ...one.tags, ...tags }).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
    for (const group of differences.flatMap(({ at, found }) => (at.startsWith('groups/') && found === undefined ? [at.slice('groups/'.length)] : []))) {
      if (one.groups.delete(group)) await this.identity.member('remove', group, one.id, one.tenant);
    }
  }

  private async rename(one = this.pickLiving(), name = one && this.freeName(one.kind, one.tenant)): Promise<void> {
    // No cloud gives a policy another name.
    if (!one || name === undefined || one.kind === 'policy') return;
    await patch(this.identity, one, { [`${one.kind}Name`]: name });
    one.name = name;
    this.names.add(`${one.kind} ${name}`);
  }

  async remove(one = this.pickLiving()): Promise<void> {
    if (!one || this.living.some(({ boundary }) => boundary === one.id)) return;
    if (this.random.chance(0.5)) await this.leaveAll(one);
    await unmake(this.identity, one);
    one.deleted = true;
  }

  private async leaveAll(one: Intention): Promise<void> {
    for (const owner of this.living) for (const id of [...owner.policies].filter((policy) => policy === one.id || owner === one)) await this.access.detach(owner, id);
    for (const user of this.living.filter(({ kind }) => kind === 'user')) {
      for (const group of [...user.groups].filter((id) => id === one.id || user.id === one.id)) await this.leave(user, group);
    }
  }

  async leave({ id, tenant, groups }: Intention, group: string): Promise<void> {
    await this.identity.member('remove', group, id, tenant);
    groups.delete(group);
  }

  private async relate(): Promise<void> {
    const user = this.pickLiving('user');
    const group = this.pickLiving('group', user?.tenant);
    if (!user || !group) return;
    const type = user.groups.has(group.id) ? 'remove' : 'add';
    await this.identity.member(type, group.id, user.id, user.tenant);
    if (type === 'add') user.groups.add(group.id);
    else user.groups.delete(group.id);
  }

  /** It is in this group, where that is one of the tenant's. */
  async join({ id, kind, tenant, groups }: Intention, group: string | undefined): Promise<void> {
    if (kind !== 'user' || group === undefined || groups.has(group) || !this.living.some((one) => one.id === group && one.tenant === tenant)) return;
    await this.identity.member('add', group, id, tenant);
    groups.add(group);
  }

  /** Ann becomes Bob while Bob becomes Ann. */
  private async swap(): Promise<void> {
    const kind = this.random.pick(['user', 'group'] as const);
    const [a, b] = this.random.shuffled(this.living.filter((one) => one.kind === kind));
    const between = this.freeName(kind, a?.tenant ?? '');
    if (!a || !b || between === undefined) return;
    const [nameOfA, nameOfB] = [a.name, b.name];
    await this.rename(a, between);
    await this.rename(b, nameOfA);
    await this.rename(a, nameOfB);
  }

  private async again(): Promise<void> {
    const one = this.pickLiving();
    if (!one) return;
    await this.remove(one);
    if (one.deleted) await this.create(one.kind, one.tenant, one.name);
  }

  /** Who was made in the stead of another goes as well; where nobody was, somebody is. */
  private async succeed(): Promise<void> {
    const successor = this.living.findLast(({ kind, name }) => this.all.some((one) => one.deleted && one.kind === kind && one.name === name));
    await (successor ? this.remove(successor) : this.again());
  }

  /** A script that went wrong: many are deleted, or leave their groups. */
  private async takeMany(): Promise<void> {
    const users = this.random.shuffled(this.living.filter(({ kind }) => kind === 'user'));
    const isDeletion = this.random.chance(0.7);
    for (const user of users.slice(0, 1 + this.random.int(users.length + 1))) {
      if (isDeletion) await this.remove(user);
      else await this.leaveAll(user);
    }
  }

  /** As a person does it: that does not wait for anybody's approval. */
  private async takeOne(): Promise<void> {
    const one = this.pickLiving('user');
    if (!one) return;
    const { meta } = this.identity;
    this.identity.meta = { ...meta, single: true };
    this.byHand.add(one.id);
    await this.identity.deleteUser(one.id);
    one.deleted = true;
    this.identity.meta = meta;
  }

  private async pause(): Promise<void> {
    const one = this.random.chance(0.5) ? this.pickLiving() : undefined;
    await this.pauses.start(one, one?.tenant ?? this.settings.any());
  }
}

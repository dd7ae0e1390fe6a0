import type { SyncConfigPatch } from '@wami/contracts';
import type { SeededRandom } from '@wami/testing';
import { TO_AWS } from '../spec-support/engine-under-test';
import { TestIdentity } from '../spec-support/identity';
import { RememberedEvents } from './remembered-events';

/** What people want of one resource, as identity would tell it. */
export interface Intention {
  readonly id: string;
  readonly kind: 'user' | 'group';
  name: string;
  tags: Record<string, string>;
  path: string;
  deleted: boolean;
  /** Ids. */
  readonly groups: Set<string>;
}

interface StandingPause {
  readonly id: string;
  /** Of its event in the log. */
  readonly place: number;
  /** The one resource that it holds; absent: everything. */
  readonly only?: string;
  over: boolean;
}

const TENANT = 'acme';
const NAMES = ['ann', 'bob', 'cleo', 'dan', 'eve', 'finn'];
export const RETRY = { maxRetries: 4, baseDelayMs: 200, maxDelayMs: 4_000 };
const MOST_STANDING = 7;

/** People at work: commands drawn from the seed, and on the side what they amount to, by simple means of its own. */
export class Intentions {
  readonly all: Intention[] = [];
  readonly written: RememberedEvents;
  readonly identity: TestIdentity<RememberedEvents>;
  /** Those that are asked for, and who answered for them. */
  readonly jobs: string[] = [];
  readonly pauses: StandingPause[] = [];
  config: SyncConfigPatch = { ...TO_AWS, retry: RETRY };
  private readonly names = new Set<string>();
  private tenant = '';
  commands = 0;

  constructor(private readonly random: SeededRandom, now: () => number) {
    this.written = new RememberedEvents(now);
    this.identity = new TestIdentity(this.written);
  }

  async begin(): Promise<void> {
    this.config = { ...this.config, conflictResolution: this.random.pick(['fail', 'fail', 'skip', 'overwrite']) };
    this.tenant = await this.identity.tenant(TENANT, this.config);
  }

  get living(): Intention[] {
    return this.all.filter(({ deleted }) => !deleted);
  }

  get isWanted(): boolean {
    return (this.config.providers ?? []).length > 0;
  }

  /** Something that somebody does; what makes no sense at the moment is left. */
  async act(): Promise<string> {
    this.commands += 1;
    const { random } = this;
    const acts: (readonly [weight: number, name: string, act: () => Promise<unknown>])[] = [
      [5, 'create a user', () => this.create('user')], [3, 'create a group', () => this.create('group')],
      [5, 'edit', () => this.edit()], [4, 'rename', () => this.rename()], [3, 'delete', () => this.remove()],
      [6, 'membership', () => this.relate()], [2, 'swap names', () => this.swap()], [1, 'delete and create again', () => this.again()],
      [1, 'tags of the tenant', () => this.configure({ tags: random.chance(0.5) ? { team: random.pick(['a', 'b']) } : {} })],
      [0.5, 'targets of the tenant', () => this.configure({ providers: this.isWanted ? [] : TO_AWS.providers ?? [] })],
      [0.7, 'pause', () => this.pause()], [0.7, 'resume', () => this.resume()],
      [1, 'ask for a sync', () => this.ask('sync')], [1, 'ask for retries', () => this.ask('retry')],
    ];
    let at = random.next() * acts.reduce((sum, [weight]) => sum + weight, 0);
    const [, name, act] = acts.find(([weight]) => (at -= weight) < 0) ?? acts[0] ?? [];
    await act?.();
    return name ?? '';
  }

  async ask(verb: 'sync' | 'retry'): Promise<void> {
    this.jobs.push(await this.identity.job(verb));
  }

  /** Pauses are over and the target is wanted, so that everything can settle. */
  async heal(): Promise<void> {
    while (this.pauses.some(({ over }) => !over)) await this.resume();
    if (!this.isWanted) await this.configure({ providers: TO_AWS.providers ?? [] });
  }

  async configure(patch: SyncConfigPatch): Promise<void> {
    this.config = { ...this.config, ...patch };
    await this.identity.configure(this.tenant, TENANT, this.config);
  }

  /** Whether something of ours has this name, or had. */
  hadName(kind: string, name: string): boolean {
    return this.names.has(`${kind} ${name}`);
  }

  private freeName(kind: Intention['kind']): string | undefined {
    const taken = new Set(this.living.filter((one) => one.kind === kind).map(({ name }) => name));
    const free = NAMES.map((name) => (kind === 'user' ? name : `${name}s`)).filter((name) => !taken.has(name));
    return free.length === 0 ? undefined : this.random.pick(free);
  }

  private async create(kind: Intention['kind'], name = this.freeName(kind)): Promise<void> {
    if (name === undefined || this.living.length >= MOST_STANDING) return;
    this.names.add(`${kind} ${name}`);
    const tags: Record<string, string> = kind === 'user' && this.random.chance(0.5) ? { cost: this.random.pick(['1', '2']) } : {};
    const id = kind === 'user' ? await this.identity.user(name, { tags }) : await this.identity.group(name);
    this.all.push({ id, kind, name, tags, path: '/', deleted: false, groups: new Set() });
  }

  private pickLiving(kind?: Intention['kind']): Intention | undefined {
    const living = this.living.filter((one) => kind === undefined || one.kind === kind);
    return living.length === 0 ? undefined : this.random.pick(living);
  }

  private async edit(): Promise<void> {
    const user = this.pickLiving('user');
    if (!user) return;
    const key = this.random.pick(['cost', 'role']);
    const value = this.random.pick(['1', '2', null]);
    await this.identity.patchUser(user.id, { tags: { [key]: value } });
    if (value === null) delete user.tags[key];
    else user.tags[key] = value;
  }

  private async rename(one = this.pickLiving(), name = one && this.freeName(one.kind)): Promise<void> {
    if (!one || name === undefined) return;
    await (one.kind === 'user' ? this.identity.patchUser(one.id, { userName: name }) : this.identity.patchGroup(one.id, { groupName: name }));
    one.name = name;
    this.names.add(`${one.kind} ${name}`);
  }

  private async remove(one = this.pickLiving()): Promise<void> {
    if (!one) return;
    if (this.random.chance(0.5)) await this.leaveAll(one);
    await (one.kind === 'user' ? this.identity.deleteUser(one.id) : this.identity.deleteGroup(one.id));
    one.deleted = true;
  }

  private async leaveAll(one: Intention): Promise<void> {
    for (const user of this.living.filter(({ kind }) => kind === 'user')) {
      for (const group of [...user.groups].filter((id) => id === one.id || user.id === one.id)) {
        await this.identity.member('remove', group, user.id);
        user.groups.delete(group);
      }
    }
  }

  private async relate(): Promise<void> {
    const [user, group] = [this.pickLiving('user'), this.pickLiving('group')];
    if (!user || !group) return;
    const type = user.groups.has(group.id) ? 'remove' : 'add';
    await this.identity.member(type, group.id, user.id);
    if (type === 'add') user.groups.add(group.id);
    else user.groups.delete(group.id);
  }

  /** Ann becomes Bob while Bob becomes Ann. */
  private async swap(): Promise<void> {
    const kind = this.random.pick(['user', 'group'] as const);
    const [a, b] = this.random.shuffled(this.living.filter((one) => one.kind === kind));
    const between = this.freeName(kind);
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
    await this.create(one.kind, one.name);
  }

  private async pause(): Promise<void> {
    const resource = this.random.chance(0.5) ? this.pickLiving()?.id : undefined;
    const id = await this.identity.pause(resource === undefined ? {} : { resource });
    this.pauses.push({ id, place: this.written.events.length, over: false, ...(resource === undefined ? {} : { only: resource }) });
  }

  private async resume(): Promise<void> {
    const pause = this.pauses.find(({ over }) => !over);
    if (pause === undefined) return;
    pause.over = true;
    await this.identity.resume(pause.id);
  }
}

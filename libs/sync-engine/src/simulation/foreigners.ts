import type { SeededRandom } from '@wami/testing';
import type { Thing } from '../spec-support/model-cloud';
import { InlineHands } from './inline-hands';
import type { SimulatedCloud } from './simulated-cloud';
import { OPTIONS } from './swarm';

const NAMES = ['ann', 'bob', 'cleo', 'anns', 'bobs', 'zoe'];

/** So long the engine goes by what it saw last: who deletes ours and has his own under its name meanwhile is taken for ours, for calls go by name. */
const TAKES_NO_NAME_MS = OPTIONS.ownershipMs ?? 0;

/** How often they have hands on their own things, where they do. */
const BUSY = 0.5;
/** How often on inline policies, where there are any. */
const INLINE = 0.6;

/** A tag that nobody else puts on anything. */
export const THEIRS = 'theirs';

/** Others with access to the same account: they have things of their own, and hands on ours. */
export class Foreigners {
  /** Things of theirs as they left them. */
  private readonly own = new Map<string, string>();
  private readonly touched = new Set<string>();
  private readonly given = new Set<string>();
  private readonly freed = new Map<string, number>();
  acts = 0;
  /** Whether they have groups with members, and hands on their own things too. */
  isBusy = false;
  /** Whether the engine has heard of the create of this thing. Who takes the mark off before makes it take the cloud for one that keeps no marks. */
  isKnown: (thing: string) => boolean = () => true;

  readonly inline: InlineHands;

  constructor(private readonly cloud: SimulatedCloud, private readonly random: SeededRandom) {
    this.inline = new InlineHands(random);
  }

  isForeign(id: string): boolean {
    return this.own.has(id);
  }

  /** Whether they ever changed or deleted the thing of this resource. */
  hadHandsOn(resource: string): boolean {
    return this.touched.has(resource);
  }

  act(): string {
    this.acts += 1;
    const own = this.isBusy ? this.cloud.things.filter(({ id }) => this.own.has(id)) : [];
    if (this.isBusy && this.random.chance(own.length === 0 ? 1 : BUSY)) return this.mind(own);
    const ours = this.cloud.things.filter(({ id, kind, mark }) => kind !== 'policy' && !this.own.has(id) && mark && this.isKnown(id));
    const words = this.cloud.hasInline && ours.length > 0 && this.random.chance(INLINE) ? this.meddle(this.random.pick(ours)) : undefined;
    if (words !== undefined) return words;
    const members = ours.filter(({ groups }) => groups.size > 0);
    const choice = members.length > 0 && this.random.chance(0.4) ? 4 : this.random.int(6);
    const among = choice === 4 && members.length > 0 ? members : ours;
    const thing = among.length === 0 ? undefined : this.random.pick(among);
    if (choice <= 1 || thing === undefined) return this.settle();
    this.touched.add(thing.mark?.id ?? '');
    switch (choice) {
      case 2: return this.remove(thing);
      case 3: return this.unmark(thing);
      case 4: return this.relate(thing);
      default: return this.retag(thing);
    }
  }

  /** Whether they ever took away what had this name. */
  wasFreed(kind: string, name: string): boolean {
    return this.freed.has(`${kind} ${name}`);
  }

  check(fail: (words: string) => void): void {
    const now = this.cloud.picture();
    for (const [id, text] of this.own) if (now.get(id) !== text) fail(`${id} was ${text} and is ${now.get(id) ?? 'gone'}`);
  }

  /** It was changed as it may be, and is still theirs. */
  accept(id: string, now: string): void {
    this.own.set(id, now);
  }

  /** It was adopted on purpose; who is in what groups then is their doing. */
  giveUp(id: string): void {
    const thing = this.cloud.things.find((one) => one.id === id);
    if (thing?.mark && thing.groups.size > 0) this.touched.add(thing.mark.id);
    this.own.delete(id);
    this.given.add(id);
  }

  /** Whether it was theirs until it was adopted. */
  wasTheirs(id: string): boolean {
    return this.given.has(id);
  }

  private settle(): string {
    const name = this.random.pick(NAMES);
    const kind = name.endsWith('s') ? 'group' : 'user';
    if (this.cloud.things.some((one) => one.kind === kind && one.name === name) || this.cloud.isHaunted(kind, name) || this.hasFreed(kind, name)) return `finds ${name} taken`;
    const planted = this.cloud.plant({ kind, name, tags: { [THEIRS]: 'yes' }, ...(this.isBusy && kind === 'user' ? { path: '/theirs/', groups: this.someGroups() } : {}) });
    this.note(planted);
    return `makes ${name}`;
  }

  /** Hands on their own things, which may be about to be imported. */
  private mind(own: readonly Thing[]): string {
    const thing = own.length === 0 || this.random.chance(0.6) ? undefined : this.random.pick(own);
    if (thing === undefined) return this.settle();
    if (this.random.chance(0.5)) {
      this.own.delete(thing.id);
      const words = this.remove(thing);
      for (const one of own) if (one !== thing) this.note(one);
      return words;
    }
    return this.rename(thing);
  }

  private rename(thing: Thing): string {
    const name = this.random.pick(NAMES.filter((one) => one.endsWith('s') === (thing.kind === 'group')));
    if (this.cloud.things.some((one) => one.kind === thing.kind && one.name === name) || this.cloud.isHaunted(thing.kind, name) || this.hasFreed(thing.kind, name)) return `finds ${name} taken`;
    this.freed.set(`${thing.kind} ${thing.name}`, this.cloud.now);
    const before = thing.name;
    thing.name = name;
    this.note(thing);
    return `renames ${before} to ${name}`;
  }

  private someGroups(): Set<string> {
    return new Set(this.cloud.things.filter(({ id, kind }) => kind === 'group' && this.own.has(id) && this.random.chance(0.5)).map(({ id }) => id));
  }

  private hasFreed(kind: string, name: string): boolean {
    return this.cloud.now - (this.freed.get(`${kind} ${name}`) ?? -Infinity) < TAKES_NO_NAME_MS;
  }

  private note(thing: Thing): void {
    this.own.set(thing.id, this.cloud.picture().get(thing.id) ?? '');
  }

  private remove(thing: Thing): string {
    this.cloud.things = this.cloud.things.filter((one) => one !== thing);
    this.freed.set(`${thing.kind} ${thing.name}`, this.cloud.now);
    for (const user of this.cloud.users()) if (user.groups.delete(thing.id)) this.touched.add(user.mark?.id ?? '');
    return `deletes ${thing.name}`;
  }

  private meddle(thing: Thing): string | undefined {
    const words = this.inline.act(thing);
    if (words !== undefined) this.touched.add(thing.mark?.id ?? '');
    return words;
  }

  private unmark(thing: Thing): string {
    delete thing.mark;
    return `unmarks ${thing.name}`;
  }

  private relate(thing: Thing): string {
    const [group] = [...thing.groups];
    if (group !== undefined) thing.groups.delete(group);
    return `takes ${thing.name} out of a group`;
  }

  private retag(thing: Thing): string {
    thing.tags = this.random.chance(0.5) ? {} : { ...thing.tags, cost: '9', [THEIRS]: 'x' };
    return `tags ${thing.name}`;
  }
}

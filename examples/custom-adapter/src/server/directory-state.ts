import { invalid, notFound, Refusal } from './refusal';
import { withLabels, type Kind, type Labels, type Written } from './rules';

interface Thing {
  readonly id: string;
  readonly name: string;
  readonly displayName?: string;
  readonly email?: string;
  readonly labels: Labels;
}

/** What is answered of a thing; users with the groups that they are in. */
export type View = Thing & { readonly groups?: readonly { readonly id: string; readonly name: string }[] };

export interface Page {
  readonly items: readonly View[];
  /** What `cursor` of the next request has to be; absent on the last page. */
  readonly next?: string;
}

const MOST_GROUPS = 50;
const LETTER: Readonly<Record<Kind, string>> = { users: 'u', groups: 'g' };

/** The people and groups of one organisation. What is refused changes nothing. */
export class DirectoryState {
  private made = 0;
  private readonly things: Readonly<Record<Kind, Map<string, Thing>>> = { users: new Map(), groups: new Map() };
  private readonly members = new Map<string, Set<string>>();

  create(kind: Kind, { labels, ...written }: Written): View {
    if (written.name === undefined) throw invalid('name is missing');
    this.mustBeFree(kind, written.name);
    const id = `${LETTER[kind]}${String(++this.made).padStart(8, '0')}`;
    this.things[kind].set(id, { id, ...written, name: written.name, labels: withLabels({}, labels) });
    if (kind === 'groups') this.members.set(id, new Set());
    return this.get(kind, id);
  }

  get(kind: Kind, id: string): View {
    const thing = this.must(kind, id);
    return kind === 'groups' ? thing : { ...thing, groups: this.groupsOf(id).map((group) => ({ id: group.id, name: group.name })) };
  }

  change(kind: Kind, id: string, { labels, ...written }: Written): View {
    const before = this.must(kind, id);
    if (written.name !== undefined) this.mustBeFree(kind, written.name, id);
    this.things[kind].set(id, { ...before, ...written, labels: withLabels(before.labels, labels) });
    return this.get(kind, id);
  }

  /** Whoever is in a group, and a group that somebody is in, stays. */
  delete(kind: Kind, id: string): void {
    this.must(kind, id);
    const standing = kind === 'users' ? this.groupsOf(id).length : this.members.get(id)?.size ?? 0;
    if (standing > 0) throw new Refusal(409, 'in_use', 'memberships stand in the way');
    this.things[kind].delete(id);
    this.members.delete(id);
  }

  list(kind: Kind, { name, after = '', limit }: { readonly name?: string; readonly after?: string; readonly limit: number }): Page {
    const found = [...this.things[kind].values()].filter((thing) => thing.id > after && (name === undefined || thing.name.toLowerCase() === name.toLowerCase())).sort((a, b) => (a.id < b.id ? -1 : 1));
    const items = found.slice(0, limit).map(({ id }) => this.get(kind, id));
    const last = items.at(-1)?.id;
    return { items, ...(found.length > limit && last !== undefined ? { next: last } : {}) };
  }

  membersOf(group: string): readonly string[] {
    this.must('groups', group);
    return [...(this.members.get(group) ?? [])];
  }

  /** Again is as once. */
  join(group: string, user: string): void {
    const members = this.ends(group, user);
    if (!members.has(user) && this.groupsOf(user).length >= MOST_GROUPS) throw new Refusal(422, 'limit_exceeded', `nobody is in more than ${MOST_GROUPS} groups`);
    members.add(user);
  }

  leave(group: string, user: string): void {
    if (!this.ends(group, user).delete(user)) throw notFound('such member');
  }

  private ends(group: string, user: string): Set<string> {
    this.must('groups', group);
    this.must('users', user);
    return this.members.get(group) ?? new Set();
  }

  private must(kind: Kind, id: string): Thing {
    const thing = this.things[kind].get(id);
    if (!thing) throw notFound(kind === 'users' ? 'such user' : 'such group');
    return thing;
  }

  /** Names that differ only in case are one. */
  private mustBeFree(kind: Kind, name: string, exceptFor?: string): void {
    const taken = [...this.things[kind].values()].some((thing) => thing.id !== exceptFor && thing.name.toLowerCase() === name.toLowerCase());
    if (taken) throw new Refusal(409, 'name_taken', 'something else has the name');
  }

  private groupsOf(user: string): readonly Thing[] {
    return [...this.things.groups.values()].filter(({ id }) => this.members.get(id)?.has(user));
  }
}

import { membershipId } from '@wami/contracts';
import type { Commands } from './commands';
import type { Expected, ExpectedGroup, ExpectedUser } from './expected';
import type { Random } from './random';

const MOST_USERS = 4;
const MOST_GROUPS = 2;

/** One caller, who changes its own users and groups in random ways, one command after the other, and knows what it was promised. */
export class Actor {
  private readonly users: ExpectedUser[] = [];
  private readonly groups: ExpectedGroup[] = [];
  /** Names that were given up and may be taken again, while the cloud may still hold them under the old owner. */
  private readonly free: { user: string[]; group: string[] } = { user: [], group: [] };
  private count = 0;

  constructor(
    private readonly name: string, private readonly tenant: string, private readonly commands: Commands, private readonly expected: Expected,
    private readonly random: Random,
  ) {}

  /** One command, answered. */
  async step(): Promise<void> {
    const { users, groups, random } = this;
    if (users.length < 2) return this.createUser();
    if (groups.length < 1) return this.createGroup();
    const user = random.pick(users);
    const group = random.pick(groups);
    switch (random.pick(['user', 'user', 'group', 'join', 'join', 'leave', 'rename', 'rename', 'tag', 'path', 'rename-group', 'delete', 'delete-group'] as const)) {
      case 'user': return users.length < MOST_USERS ? this.createUser() : this.tag(user);
      case 'group': return groups.length < MOST_GROUPS ? this.createGroup() : this.join(user, group);
      case 'join': return this.join(user, group);
      case 'leave': return this.leave(user, group);
      case 'rename': return this.renameUser(user);
      case 'tag': return this.tag(user);
      case 'path': return this.move(user);
      case 'rename-group': return this.renameGroup(group);
      case 'delete': return this.deleteUser(user);
      case 'delete-group': return this.deleteGroup(group);
    }
  }

  private async createUser(): Promise<void> {
    const name = this.nameFor('user');
    const tags = { team: this.fresh('t') };
    const answer = await this.commands.send({ method: 'POST', path: '/v1/users', body: { tenant: this.tenant, userName: name, tags } });
    if (!answer) return;
    const user: ExpectedUser = { id: String(answer.body['id']), name, path: '/', tags, groups: new Set(), version: answer.version };
    this.users.push(user);
    this.expected.users.set(user.id, user);
    this.expected.note('wami.user.created.v1', user.id);
  }

  private async createGroup(): Promise<void> {
    const name = this.nameFor('group');
    const answer = await this.commands.send({ method: 'POST', path: '/v1/groups', body: { tenant: this.tenant, groupName: name } });
    if (!answer) return;
    const group: ExpectedGroup = { id: String(answer.body['id']), name, version: answer.version };
    this.groups.push(group);
    this.expected.groups.set(group.id, group);
    this.expected.note('wami.group.created.v1', group.id);
  }

  private async join(user: ExpectedUser, group: ExpectedGroup): Promise<void> {
    const answer = await this.commands.send({ method: 'PUT', path: `/v1/groups/${group.id}/members/${user.id}` });
    if (!answer || user.groups.has(group.id)) return;
    user.groups.add(group.id);
    this.expected.note('wami.membership.added.v1', membershipId(group.id, user.id));
  }

  private async leave(user: ExpectedUser, group: ExpectedGroup): Promise<void> {
    if (!user.groups.has(group.id)) return this.join(user, group);
    const answer = await this.commands.send({ method: 'DELETE', path: `/v1/groups/${group.id}/members/${user.id}` });
    if (!answer) return;
    user.groups.delete(group.id);
    this.expected.note('wami.membership.removed.v1', membershipId(group.id, user.id));
  }

  private async renameUser(user: ExpectedUser): Promise<void> {
    const name = this.nameFor('user');
    if (!await this.patch('user', 'renamed', user, { userName: name })) return;
    this.free.user.push(user.name);
    user.name = name;
  }

  private async renameGroup(group: ExpectedGroup): Promise<void> {
    const name = this.nameFor('group');
    if (!await this.patch('group', 'renamed', group, { groupName: name })) return;
    this.free.group.push(group.name);
    group.name = name;
  }

  private async tag(user: ExpectedUser): Promise<void> {
    const team = this.fresh('t');
    const tags: Record<string, string> = user.tags['cost'] === undefined ? { team, cost: this.fresh('c') } : { team };
    if (await this.patch('user', 'updated', user, { tags: { cost: null, ...tags } })) user.tags = tags;
  }

  private async move(user: ExpectedUser): Promise<void> {
    const path = `/${this.fresh('p')}/`;
    if (await this.patch('user', 'updated', user, { path })) user.path = path;
  }

  private async patch(kind: 'user' | 'group', done: 'renamed' | 'updated', resource: ExpectedUser | ExpectedGroup, body: Readonly<Record<string, unknown>>): Promise<boolean> {
    const answer = await this.commands.send({ method: 'PATCH', path: `/v1/${kind}s/${resource.id}`, body });
    if (!answer) return false;
    resource.version = answer.version;
    this.expected.note(`wami.${kind}.${done}.v1`, resource.id);
    return true;
  }

  private async deleteUser(user: ExpectedUser): Promise<void> {
    if (!await this.commands.send({ method: 'DELETE', path: `/v1/users/${user.id}` })) return;
    this.users.splice(this.users.indexOf(user), 1);
    this.free.user.push(user.name);
    this.expected.deleteUser(user);
    this.expected.note('wami.user.deleted.v1', user.id);
  }

  private async deleteGroup(group: ExpectedGroup): Promise<void> {
    if (!await this.commands.send({ method: 'DELETE', path: `/v1/groups/${group.id}` })) return;
    this.groups.splice(this.groups.indexOf(group), 1);
    this.free.group.push(group.name);
    this.expected.deleteGroup(group);
    this.expected.note('wami.group.deleted.v1', group.id);
  }

  private nameFor(kind: 'user' | 'group'): string {
    const free = this.free[kind];
    const again = free.length > 0 && this.random.next() < 0.3 ? free.splice(Math.floor(this.random.next() * free.length), 1)[0] : undefined;
    return again ?? this.fresh(kind);
  }

  private fresh(what: string): string {
    this.count += 1;
    return `${this.name}-${what}-${this.count}`;
  }
}

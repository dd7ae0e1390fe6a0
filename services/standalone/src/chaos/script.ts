import type { Answer, Command } from './commands';
import type { Arena } from './arena';

/** What a script leaves, without ids: they differ from run to run. */
export interface Left {
  readonly cloud: readonly string[];
  /** State, version and operation of each binding that still exists. */
  readonly bindings: readonly string[];
  /** Things that the cloud gave an id more than once, or nobody asked for. */
  readonly duplicates: readonly string[];
  /** Changing calls that the cloud carried out. */
  readonly writes: number;
}

/** The script's names, and what it made. */
interface Cast {
  readonly prefix: string;
  readonly ids: Set<string>;
  readonly send: (command: Command) => Promise<Answer>;
}

/**
 * Users, a group, memberships, rename, tags, path, deletions, one after the other, each settled before the next is sent. Where nothing goes
 * wrong it makes the same calls each time.
 */
export async function runScript(arena: Arena, prefix: string): Promise<Left> {
  const writesBefore = arena.witness.sandbox.writes();
  const cast = castOf(arena, prefix);
  await play(cast);
  return leftOf(arena, cast, arena.witness.sandbox.writes() - writesBefore);
}

async function play({ prefix, send }: Cast): Promise<void> {
  const make = async (kind: 'user' | 'group', body: object): Promise<string> =>
    String((await send({ method: 'POST', path: `/v1/${kind}s`, body: { tenant: 'chaos', ...body } })).body['id']);
  const admins = await make('group', { groupName: `${prefix}-admins` });
  const readers = await make('group', { groupName: `${prefix}-readers` });
  const ann = await make('user', { userName: `${prefix}-ann`, tags: { team: 'a', cost: '1' } });
  const bob = await make('user', { userName: `${prefix}-bob`, path: '/dev/' });
  await send({ method: 'PUT', path: `/v1/groups/${admins}/members/${ann}` });
  await send({ method: 'PUT', path: `/v1/groups/${readers}/members/${ann}` });
  await send({ method: 'PUT', path: `/v1/groups/${admins}/members/${bob}` });
  await send({ method: 'PATCH', path: `/v1/users/${ann}`, body: { userName: `${prefix}-anna` } });
  await send({ method: 'PATCH', path: `/v1/users/${ann}`, body: { tags: { team: 'b', cost: null, floor: '3' }, path: '/ops/' } });
  await send({ method: 'PATCH', path: `/v1/groups/${admins}`, body: { groupName: `${prefix}-root` } });
  await send({ method: 'DELETE', path: `/v1/groups/${readers}/members/${ann}` });
  await send({ method: 'DELETE', path: `/v1/users/${bob}` });
  await send({ method: 'DELETE', path: `/v1/groups/${readers}` });
}

function castOf(arena: Arena, prefix: string): Cast {
  const commands = arena.commands(prefix);
  const ids = new Set<string>();
  return {
    prefix, ids,
    async send(command) {
      const answer = await commands.send(command);
      if (!answer) throw new Error(`refused: ${arena.expected.refused.join('; ')}`);
      if (command.method === 'POST') ids.add(String(answer.body['id']));
      await arena.untilAtRest();
      return answer;
    },
  };
}

async function leftOf({ witness, queries }: Arena, { prefix, ids }: Cast, writes: number): Promise<Left> {
  const { users, groups, births } = witness.look();
  const ours = users.filter(({ name }) => name.startsWith(prefix));
  const ourGroups = groups.filter(({ name }) => name.startsWith(prefix));
  const nameOf = new Map([...ours, ...ourGroups].map(({ id, name }) => [id, name]));
  const strangers = [...ours, ...ourGroups].filter(({ id }) => !ids.has(id)).map(({ name }) => `${name} is nobody's`);
  const again = [...ids].filter((id) => (births.get(id) ?? 0) !== 1).map((id) => `${nameOf.get(id) ?? id} was made ${births.get(id) ?? 0} times`);
  const plain = (text: string): string => text.replaceAll(prefix, '');
  return {
    cloud: [
      ...ours.map(({ name, path, tags, groups: of }) => plain(JSON.stringify({ user: name, path, tags, groups: of.map((id) => nameOf.get(id) ?? 'a stranger').sort() }))),
      ...ourGroups.map(({ name, members }) => plain(JSON.stringify({ group: name, members: members.map((id) => nameOf.get(id) ?? 'a stranger').sort() }))),
    ].sort(),
    bindings: (await queries.syncStates()).filter(({ resource }) => ids.has(resource))
      .map((found) => plain(JSON.stringify({ of: nameOf.get(found.resource), state: found.state, ...(found.state === 'Synced' ? { version: found.version } : { found }) }))).sort(),
    duplicates: [...strangers, ...again], writes,
  };
}

import type { GroupView } from '@wami/contracts';
import type { Command } from 'commander';
import { resolveReference } from '../api/references';
import { CliError, EXIT } from '../exit-codes';
import { printOne, type Column } from '../output/format';
import { collectTags, contextOf } from './context';
import { addInlineFlags, inlineFieldsOf, type InlineFlags } from './inline-policies';
import { addHistory, addList } from './resources';
import { addWriteOptions, write, type WaitFlags } from './write';

const COLUMNS: readonly Column<GroupView>[] = [
  { title: 'NAME', value: ({ groupName }) => groupName }, { title: 'TENANT', value: ({ tenant }) => tenant },
  { title: 'VERSION', value: ({ version }) => String(version) }, { title: 'ID', value: ({ id }) => id },
];
const nameOf = ({ id }: GroupView): string => `group/${id}`;
const DEFAULT_TENANT = 'default';

interface GroupFlags extends WaitFlags, InlineFlags { readonly displayName?: string; readonly tag?: Record<string, string>; readonly name?: string }

export function addGroupCommands(program: Command): void {
  const group = program.command('group').alias('g').description('groups and who is in them');
  addInlineFlags(addFields(addWriteOptions(group.command('create').argument('<name>').description('create a group'))), true)
    .action(async (groupName: string, flags: GroupFlags, command: Command) => {
      const context = contextOf(command);
      const body = { tenant: context.client.settings.tenant ?? DEFAULT_TENANT, groupName, ...fieldsOf(flags) };
      const created = await write<GroupView>(context, 'POST', '/v1/groups', flags, { body });
      if (created) printOne(created, COLUMNS, context.format, nameOf);
    });
  group.command('get').argument('<group>', 'name or id').description('show a group').action(async (ref: string, _flags: object, command: Command) => {
    const context = contextOf(command);
    const id = await resolveReference(context.client, 'group', ref);
    printOne((await context.client.call<GroupView>('GET', `/v1/groups/${id}`)).body, COLUMNS, context.format, nameOf);
  });
  addList(group, 'group');
  addInlineFlags(addFields(addWriteOptions(group.command('update').argument('<group>', 'name or id').description('change a group'))), false).option('--name <name>', 'rename')
    .action(async (ref: string, flags: GroupFlags, command: Command) => {
      const context = contextOf(command);
      const body = { ...fieldsOf(flags), ...(flags.name ? { groupName: flags.name } : {}) };
      if (Object.keys(body).length === 0) throw new CliError(EXIT.usage, 'Nothing to change.', 'See `wami group update --help`.');
      const id = await resolveReference(context.client, 'group', ref);
      const changed = await write<GroupView>(context, 'PATCH', `/v1/groups/${id}`, flags, { body, resource: id });
      if (changed) printOne(changed, COLUMNS, context.format, nameOf);
    });
  addWriteOptions(group.command('delete').argument('<group>', 'name or id').description('delete a group, here and in every cloud'))
    .action(async (ref: string, flags: WaitFlags, command: Command) => {
      const context = contextOf(command);
      const id = await resolveReference(context.client, 'group', ref);
      await write(context, 'DELETE', `/v1/groups/${id}`, flags, { resource: id });
      process.stderr.write(`Deleted group/${id}.\n`);
    });
  addMembershipCommand(group, 'add', 'PUT', 'put a user into the group');
  addMembershipCommand(group, 'remove', 'DELETE', 'take a user out of the group');
  addHistory(group, 'group');
}

function addMembershipCommand(group: Command, verb: string, method: string, description: string): void {
  addWriteOptions(group.command(verb).argument('<group>', 'name or id').argument('<user>', 'name or id').description(description))
    .action(async (groupRef: string, userRef: string, flags: WaitFlags, command: Command) => {
      const context = contextOf(command);
      const groupId = await resolveReference(context.client, 'group', groupRef);
      const userId = await resolveReference(context.client, 'user', userRef);
      await write(context, method, `/v1/groups/${groupId}/members/${userId}`, flags, { resource: userId });
      process.stderr.write(`user/${userId} is ${verb === 'add' ? 'in' : 'not in'} group/${groupId}.\n`);
    });
}

function addFields(command: Command): Command {
  return command.option('--display-name <text>').option('--tag <key=value>', 'set a tag (repeatable)', collectTags);
}

function fieldsOf(flags: GroupFlags): object {
  const { displayName, tag } = flags;
  return { ...(displayName ? { displayName } : {}), ...(tag ? { tags: tag } : {}), ...inlineFieldsOf(flags) };
}

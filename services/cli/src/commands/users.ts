import type { UserView } from '@wami/contracts';
import type { Command } from 'commander';
import type { Client } from '../api/client';
import { resolveReference } from '../api/references';
import { CliError, EXIT } from '../exit-codes';
import { printOne, type Column } from '../output/format';
import { collect, collectTags, contextOf } from './context';
import { addErase } from './erase-user';
import { addInlineFlags, inlineFieldsOf, type InlineFlags } from './inline-policies';
import { addHistory, addList } from './resources';
import { addWriteOptions, next, write, type WaitFlags } from './write';

const COLUMNS: readonly Column<UserView>[] = [
  { title: 'NAME', value: ({ userName }) => userName }, { title: 'TENANT', value: ({ tenant }) => tenant }, { title: 'PATH', value: ({ path }) => path },
  { title: 'VERSION', value: ({ version }) => String(version) }, { title: 'ID', value: ({ id }) => id },
];
const nameOf = ({ id }: UserView): string => `user/${id}`;
const DEFAULT_TENANT = 'default';

interface UserFlags extends WaitFlags, InlineFlags {
  readonly path?: string; readonly displayName?: string; readonly email?: string; readonly tag?: Record<string, string>; readonly syncTo?: string[];
  readonly name?: string; readonly untag?: string[]; readonly boundary?: string | false;
}

export function addUserCommands(program: Command): void {
  const user = program.command('user').alias('u').description('people');
  addInlineFlags(addFields(addWriteOptions(user.command('create').argument('<name>').description('create a user'))), true)
    .addHelpText('before', 'Example:\n  wami user create ann --tag team=core --wait\n')
    .action(async (userName: string, flags: UserFlags, command: Command) => {
      const context = contextOf(command);
      const body = { tenant: context.client.settings.tenant ?? DEFAULT_TENANT, userName, ...fieldsOf(flags), ...(flags.tag ? { tags: flags.tag } : {}), ...(await boundaryOf(context.client, flags)) };
      const created = await write<UserView>(context, 'POST', '/v1/users', flags, { body });
      if (created) printOne(created, COLUMNS, context.format, nameOf);
      next('wami status');
    });
  user.command('get').argument('<user>', 'name or id').description('show a user').action(async (ref: string, _flags: object, command: Command) => {
    const context = contextOf(command);
    const id = await resolveReference(context.client, 'user', ref);
    printOne((await context.client.call<UserView>('GET', `/v1/users/${id}`)).body, COLUMNS, context.format, nameOf);
  });
  addList(user, 'user');
  addInlineFlags(addFields(addWriteOptions(user.command('update').argument('<user>', 'name or id').description('change a user'))), false)
    .option('--name <name>', 'rename').option('--untag <key>', 'take a tag away (repeatable)', collect).option('--no-boundary', 'take the permissions boundary away')
    .action(async (ref: string, flags: UserFlags, command: Command) => {
      const context = contextOf(command);
      const tags = { ...flags.tag, ...Object.fromEntries((flags.untag ?? []).map((key) => [key, null])) };
      const body = {
        ...fieldsOf(flags), ...(flags.name ? { userName: flags.name } : {}), ...(Object.keys(tags).length > 0 ? { tags } : {}), ...(await boundaryOf(context.client, flags)),
      };
      if (Object.keys(body).length === 0) throw new CliError(EXIT.usage, 'Nothing to change.', 'See `wami user update --help`.');
      const id = await resolveReference(context.client, 'user', ref);
      const changed = await write<UserView>(context, 'PATCH', `/v1/users/${id}`, flags, { body, resource: id });
      if (changed) printOne(changed, COLUMNS, context.format, nameOf);
    });
  addWriteOptions(user.command('delete').argument('<user>', 'name or id').description('delete a user, here and in every cloud'))
    .action(async (ref: string, flags: WaitFlags, command: Command) => {
      const context = contextOf(command);
      const id = await resolveReference(context.client, 'user', ref);
      await write(context, 'DELETE', `/v1/users/${id}`, flags, { resource: id });
      process.stderr.write(`Deleted user/${id}.\n`);
    });
  addErase(user);
  addHistory(user, 'user');
}

function addFields(command: Command): Command {
  return command.option('--path <path>', 'AWS path, like /engineering/').option('--display-name <text>').option('--email <address>')
    .option('--tag <key=value>', 'set a tag (repeatable)', collectTags).option('--sync-to <provider[/account]>', 'only these targets (repeatable)', collect)
    .option('--boundary <policy>', 'permissions boundary, name or id of a policy');
}

async function boundaryOf(client: Client, { boundary }: UserFlags): Promise<object> {
  if (boundary === false) return { permissionsBoundary: null };
  return typeof boundary === 'string' ? { permissionsBoundary: await resolveReference(client, 'policy', boundary) } : {};
}

function fieldsOf(flags: UserFlags): object {
  const { path, displayName, email, syncTo } = flags;
  return {
    ...(path ? { path } : {}), ...(displayName ? { displayName } : {}), ...(email ? { email } : {}), ...(syncTo ? { syncToProviders: syncTo } : {}),
    ...inlineFieldsOf(flags),
  };
}

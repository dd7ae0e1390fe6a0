import type { Command } from 'commander';
import type { Client } from '../api/client';
import { KINDS, type CliKind } from '../api/kinds';
import { resolveReference } from '../api/references';
import { CliError, EXIT } from '../exit-codes';
import { printOne, type Column } from '../output/format';
import { collect, collectTags, contextOf } from './context';
import { addHistory, addList } from './resources';
import { addWriteOptions, next, write, type WaitFlags } from './write';

const DEFAULT_TENANT = 'default';

export interface CommonFlags extends WaitFlags {
  readonly path?: string;
  readonly description?: string;
  readonly tag?: Record<string, string>;
  readonly untag?: string[];
  readonly syncTo?: string[];
  readonly name?: string;
}

export interface CrudOptions<View extends { readonly id: string }, Flags extends CommonFlags> {
  readonly kind: CliKind;
  readonly alias: string;
  readonly description: string;
  readonly example: string;
  /** Field of the body that holds the name. */
  readonly nameField: string;
  readonly columns: readonly Column<View>[];
  /** It has neither path nor description. */
  readonly plain?: true;
  /** Flags of this kind alone. */
  readonly addFlags: (command: Command, creating: boolean) => Command;
  readonly fieldsOf: (client: Client, flags: Flags) => Promise<object>;
}

/** `create get list update delete history` of one kind. */
export function addCrud<View extends { readonly id: string }, Flags extends CommonFlags>(program: Command, options: CrudOptions<View, Flags>): Command {
  const { kind, alias, columns, nameField, plain = false } = options;
  const { collection, one } = KINDS[kind];
  const parent = program.command(kind).alias(alias).description(options.description);
  const nameOf = ({ id }: View): string => `${kind}/${id}`;

  options.addFlags(addCommonFlags(addWriteOptions(parent.command('create').argument('<name>').description(`create ${withArticle(one)}`)), plain), true)
    .addHelpText('before', `Example:\n  ${options.example}\n`).action(async (name: string, flags: Flags, command: Command) => {
      const context = contextOf(command);
      const own = await options.fieldsOf(context.client, flags);
      const body = { tenant: context.client.settings.tenant ?? DEFAULT_TENANT, [nameField]: name, ...commonFields(flags), ...(flags.tag ? { tags: flags.tag } : {}), ...own };
      const created = await write<View>(context, 'POST', `/v1/${collection}`, flags, { body });
      if (created) printOne(created, columns, context.format, nameOf);
      next(`wami status ${kind}/${name}`);
    });
  parent.command('get').argument(`<${kind}>`, 'name or id').description(`show ${withArticle(one)}`).action(async (ref: string, _flags: object, command: Command) => {
    const context = contextOf(command);
    const id = await resolveReference(context.client, kind, ref);
    printOne((await context.client.call<View>('GET', `/v1/${collection}/${id}`)).body, columns, context.format, nameOf);
  });
  addList(parent, kind);
  options.addFlags(addCommonFlags(addWriteOptions(parent.command('update').argument(`<${kind}>`, 'name or id').description(`change ${withArticle(one)}`)), plain), false)
    .option('--name <name>', 'rename').option('--untag <key>', 'take a tag away (repeatable)', collect).action(async (ref: string, flags: Flags, command: Command) => {
      const context = contextOf(command);
      const tags = { ...flags.tag, ...Object.fromEntries((flags.untag ?? []).map((key) => [key, null])) };
      const body = {
        ...commonFields(flags), ...(flags.name ? { [nameField]: flags.name } : {}), ...(Object.keys(tags).length > 0 ? { tags } : {}),
        ...(await options.fieldsOf(context.client, flags)),
      };
      if (Object.keys(body).length === 0) throw new CliError(EXIT.usage, 'Nothing to change.', `See \`wami ${kind} update --help\`.`);
      const id = await resolveReference(context.client, kind, ref);
      const changed = await write<View>(context, 'PATCH', `/v1/${collection}/${id}`, flags, { body, resource: id });
      if (changed) printOne(changed, columns, context.format, nameOf);
    });
  addWriteOptions(parent.command('delete').argument(`<${kind}>`, 'name or id').description(`delete ${withArticle(one)}, here and in every cloud`))
    .action(async (ref: string, flags: WaitFlags, command: Command) => {
      const context = contextOf(command);
      const id = await resolveReference(context.client, kind, ref);
      await write(context, 'DELETE', `/v1/${collection}/${id}`, flags, { resource: id });
      if (!flags.dryRun) process.stderr.write(`Deleted ${kind}/${id}.\n`);
    });
  addHistory(parent, kind);
  return parent;
}

const withArticle = (one: string): string => `${/^[aeio]/.test(one) ? 'an' : 'a'} ${one}`;

function addCommonFlags(command: Command, plain: boolean): Command {
  const described = plain ? command : command.option('--path <path>', 'AWS path, like /engineering/').option('--description <text>', 'what it is for');
  return described.option('--tag <key=value>', 'set a tag (repeatable)', collectTags).option('--sync-to <provider[/account]>', 'only these targets (repeatable)', collect);
}

function commonFields({ path, description, syncTo }: CommonFlags): object {
  return { ...(path ? { path } : {}), ...(description ? { description } : {}), ...(syncTo ? { syncToProviders: syncTo } : {}) };
}

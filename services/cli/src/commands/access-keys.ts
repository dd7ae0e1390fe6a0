import type { AccessKeyItem } from '@wami/contracts';
import type { Command } from 'commander';
import type { Client } from '../api/client';
import { KINDS, kindOfId, type CliKind } from '../api/kinds';
import { resolveOwner, type Page } from '../api/references';
import { CliError, EXIT } from '../exit-codes';
import { printRows, type Column } from '../output/format';
import { ago } from '../output/time';
import { collect, contextOf } from './context';
import { createAccessKey } from './create-access-key';
import type { CreateFlags } from './create-sealed';
import { addWriteOptions, write, type WaitFlags } from './write';

const OWNERS: readonly CliKind[] = ['user', 'service-account'];
const COLUMNS: readonly Column<AccessKeyItem>[] = [
  { title: 'STATUS', value: ({ status }) => status }, { title: 'CREATED', value: ({ createdAt }) => ago(createdAt) },
  { title: 'AT', value: ({ issued }) => issued.map(({ provider, account, accessKeyId }) => `${provider}/${account} ${accessKeyId}`).join(', ') }, { title: 'ID', value: ({ id }) => id },
];
const HELP = `
OWNER is a user's name, user/NAME, service-account/NAME or an id; KEY the id of the key, or what a cloud calls it.
To rotate: create another, use it everywhere, deactivate the old one, see that nothing fails, delete it. AWS allows two for a user, Google ten for a
service account; Microsoft cannot deactivate one, so delete it there. At Google the secret is a credentials file: use --save.
Who may create one may act in the clouds as its owner: it needs the role admin.`;

export function addAccessKeyCommands(program: Command): void {
  const key = program.command('access-key').description('keys by which programs sign in to a cloud as a user or a service account').addHelpText('after', HELP);
  addWriteOptions(key.command('create').argument('<owner>').description('make a key at every target, and show its secret this once'), { always: true })
    .option('--sync-to <provider[/account]>', 'only these targets (repeatable)', collect)
    .option('--save <file>', 'keep what is made, as JSON, in a new file that only you can read, instead of printing it')
    .action(async (owner: string, flags: CreateFlags, command: Command) => {
      const context = contextOf(command);
      await createAccessKey(context, await keysPath(context.client, owner), flags);
    });
  key.command('list').argument('<owner>').description('list keys, with what each cloud calls them').action(async (owner: string, _flags: object, command: Command) => {
    const { client, format } = contextOf(command);
    const keys = await keysAt(client, await keysPath(client, owner));
    if (keys.length === 0 && format === 'table') process.stderr.write(`No access keys. \`wami access-key create ${owner}\` makes one.\n`);
    printRows(keys, COLUMNS, format, ({ id }) => `access-key/${id}`);
  });
  for (const [verb, status] of [['deactivate', 'inactive'], ['activate', 'active']] as const) {
    addWriteOptions(key.command(verb).argument('<owner>').argument('<key>').description(status === 'active' ? 'let a key be used again' : 'let a key be used no more, until it is activated'))
      .action(async (owner: string, ref: string, flags: WaitFlags, command: Command) => {
        const context = contextOf(command);
        const { path, id } = await keyOf(context.client, owner, ref);
        await write(context, 'PATCH', `${path}/${id}`, flags, { body: { status }, resource: id });
        if (!flags.dryRun) process.stderr.write(`access-key/${id} is ${status}.\n`);
      });
  }
  addWriteOptions(key.command('delete').argument('<owner>').argument('<key>').description('delete a key, here and in every cloud'))
    .action(async (owner: string, ref: string, flags: WaitFlags, command: Command) => {
      const context = contextOf(command);
      const { path, id } = await keyOf(context.client, owner, ref);
      await write(context, 'DELETE', `${path}/${id}`, flags, { resource: id });
      if (!flags.dryRun) process.stderr.write(`Deleted access-key/${id}.\n`);
    });
}

/** A bare name is a user's. */
async function keysPath(client: Client, text: string): Promise<string> {
  const { kind, id } = await resolveOwner(client, text.includes('/') || kindOfId(text) ? text : `user/${text}`, OWNERS);
  return `/v1/${KINDS[kind].collection}/${id}/access-keys`;
}

async function keysAt(client: Client, path: string): Promise<readonly AccessKeyItem[]> {
  return (await client.call<Page<AccessKeyItem>>('GET', path, { query: { limit: 1000 }, headers: { 'wami-consistency': 'strong' } })).body.items;
}

async function keyOf(client: Client, owner: string, text: string): Promise<{ readonly path: string; readonly id: string }> {
  const path = await keysPath(client, owner);
  const key = (await keysAt(client, path)).find(({ id, issued }) => id === text || issued.some(({ accessKeyId }) => accessKeyId === text));
  if (!key) throw new CliError(EXIT.notFound, `${owner} has no access key ${text}.`, `See \`wami access-key list ${owner}\`.`);
  return { path, id: key.id };
}

import type { LoginProfileItem } from '@wami/contracts';
import type { Command } from 'commander';
import type { Client } from '../api/client';
import { resolveReference } from '../api/references';
import { printOne, printRows, type Column } from '../output/format';
import { ago } from '../output/time';
import { collect, contextOf } from './context';
import { createSealed, type CreateFlags } from './create-sealed';
import { addWriteOptions, write, type WaitFlags } from './write';

/** What one cloud was given. */
interface Made {
  readonly id: string;
  readonly target: string;
  readonly password: string;
}

const MADE: readonly Column<Made>[] = [{ title: 'TARGET', value: ({ target }) => target }, { title: 'PASSWORD', value: ({ password }) => password }, { title: 'ID', value: ({ id }) => id }];
const COLUMNS: readonly Column<LoginProfileItem>[] = [
  { title: 'CREATED', value: ({ createdAt }) => ago(createdAt) }, { title: 'AT', value: ({ issued }) => issued.map(({ provider, account }) => `${provider}/${account}`).join(', ') }, { title: 'ID', value: ({ id }) => id },
];
const HELP = `
USER is a user's name or id, who signs in as what the user is called at that cloud.
The password is a first one, 128 characters long, and has to be changed at the first sign-in. For another: delete, then create.
Who may create one may act in the clouds as that user: it needs the role admin.`;

export function addLoginProfileCommands(program: Command): void {
  const profile = program.command('login-profile').description('that a user signs in to the console of a cloud with a password').addHelpText('after', HELP);
  addWriteOptions(profile.command('create').argument('<user>').description('give the user a first password at every target, and show it this once'), { always: true })
    .option('--sync-to <provider[/account]>', 'only these targets (repeatable)', collect)
    .option('--save <file>', 'keep what is made, as JSON, in a new file that only you can read, instead of printing it')
    .action(async (user: string, flags: CreateFlags, command: Command) => {
      const context = contextOf(command);
      const path = await pathOf(context.client, user);
      await createSealed<LoginProfileItem['issued'][number], Made>(context, path, flags, {
        kind: 'login-profile', secret: 'password',
        issued: async (client, id) => {
          const { body } = await client.call<LoginProfileItem>('GET', path, { headers: { 'wami-consistency': 'strong' } });
          return body.id === id ? body.issued : [];
        },
        open: (recipient, id, { provider, account, profileCreatedAt, sealedPassword }) => ({ id, target: `${provider}/${account}`, password: recipient.open(sealedPassword, `${id} ${profileCreatedAt}`) }),
        print: (made, format) => printRows(made, MADE, format, ({ id }) => `login-profile/${id}`),
      });
    });
  profile.command('get').argument('<user>').description('show whether a user has one, and where').action(async (user: string, _flags: object, command: Command) => {
    const { client, format } = contextOf(command);
    const { body } = await client.call<LoginProfileItem>('GET', await pathOf(client, user), { headers: { 'wami-consistency': 'strong' } });
    printOne(body, COLUMNS, format, ({ id }) => `login-profile/${id}`);
  });
  addWriteOptions(profile.command('delete').argument('<user>').description('let the user sign in no more, here and in every cloud'))
    .action(async (user: string, flags: WaitFlags, command: Command) => {
      const context = contextOf(command);
      const path = await pathOf(context.client, user);
      const { body: { id } } = await context.client.call<LoginProfileItem>('GET', path, { headers: { 'wami-consistency': 'strong' } });
      await write(context, 'DELETE', path, flags, { resource: id });
      if (!flags.dryRun) process.stderr.write(`Deleted login-profile/${id}.\n`);
    });
}

async function pathOf(client: Client, user: string): Promise<string> {
  return `/v1/users/${await resolveReference(client, 'user', user.replace(/^user\//, ''))}/login-profile`;
}

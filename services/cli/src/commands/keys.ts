import { unlinkSync } from 'node:fs';
import type { ApiKeyView, IssuedApiKey } from '@wami/contracts';
import { Option, type Command } from 'commander';
import type { Client } from '../api/client';
import type { Page } from '../api/references';
import { CliError, EXIT } from '../exit-codes';
import { printOne, printRows, type Column } from '../output/format';
import { ago } from '../output/time';
import { openSecretFile } from '../settings/save-secret';
import { contextOf, parseCount, type Context } from './context';
import { parseMoment, parseSeconds } from './times';

const COLUMNS: readonly Column<ApiKeyView>[] = [
  { title: 'NAME', value: ({ name }) => name }, { title: 'ROLE', value: ({ role }) => role }, { title: 'TENANT', value: ({ tenant }) => tenant },
  { title: 'EXPIRES', value: ({ expiresAt }) => expiresAt?.slice(0, 16).replace('T', ' ') ?? 'never' },
  { title: 'USED', value: ({ lastUsedAt }) => (lastUsedAt === undefined ? 'never' : ago(lastUsedAt)) }, { title: 'ID', value: ({ id }) => id },
];
const SECRET: Column<IssuedApiKey> = { title: 'SECRET', value: ({ secret }) => secret ?? '' };
const nameOf = ({ id }: ApiKeyView): string => `api-key/${id}`;
const DEFAULT_TENANT = 'default';
const ROLES = ['viewer', 'editor', 'operator', 'admin'];
const HELP = `
Roles: viewer reads; editor reads and changes identities; operator reads and runs sync verbs; admin does all of it, and tenants and keys.
The secret is shown once. Put it into WAMI_TOKEN, or keep it with --save FILE and name the file as tokenFile in a profile.`;

interface IssueFlags { readonly save?: string; readonly expires?: string; readonly dryRun?: boolean }

export function addKeyCommands(program: Command): void {
  const key = program.command('key').alias('api-key').description('API keys of programs and people').addHelpText('after', HELP);
  addIssueOptions(key.command('create').argument('<name>', 'what it is for').addOption(new Option('--role <role>').choices(ROLES).makeOptionMandatory()))
    .description('create a key for the tenant (--tenant) and its children').action(async (name: string, flags: IssueFlags & { role: string }, command: Command) => {
      const context = contextOf(command);
      const body = { tenant: context.client.settings.tenant ?? DEFAULT_TENANT, role: flags.role, name, ...expiryOf(flags) };
      await issue(context, '/v1/api-keys', body, flags);
    });
  key.command('list').option('--limit <n>', 'at most so many', parseCount).description('list keys that are not revoked')
    .action(async (flags: { limit?: number }, command: Command) => {
      const { client, format } = contextOf(command);
      const keys = await keysOf(client, flags.limit ?? Number.POSITIVE_INFINITY);
      if (keys.length === 0 && format === 'table') process.stderr.write('No API keys. `wami key create NAME --role viewer` makes one.\n');
      printRows(keys, COLUMNS, format, nameOf);
    });
  addIssueOptions(key.command('rotate').argument('<key>', 'name or id')).option('--overlap <duration>', 'how long the secret before is taken, like 1h or 0', parseSeconds)
    .description('give a key a new secret; the one before is taken for a day more').action(async (ref: string, flags: IssueFlags & { overlap?: number }, command: Command) => {
      const context = contextOf(command);
      const id = await idOf(context.client, ref);
      await issue(context, `/v1/api-keys/${id}/rotate`, { ...(flags.overlap === undefined ? {} : { overlapSeconds: flags.overlap }), ...expiryOf(flags) }, flags);
    });
  key.command('revoke').argument('<key>', 'name or id').description('refuse a key, everywhere within 5 seconds and for good')
    .action(async (ref: string, _flags: object, command: Command) => {
      const { client } = contextOf(command);
      const id = await idOf(client, ref);
      await client.call('DELETE', `/v1/api-keys/${id}`);
      process.stderr.write(`Revoked api-key/${id}.\n`);
    });
}

function addIssueOptions(command: Command): Command {
  return command.option('--expires <when>', 'a time like 2027-01-31T12:00:00Z, or from now on: 90d, 12h', parseMoment)
    .option('--save <file>', 'keep the secret in a new file that only you can read, instead of printing it')
    .option('--dry-run', 'check everything on the server and make nothing');
}

const expiryOf = ({ expires }: IssueFlags): object => (expires === undefined ? {} : { expiresAt: expires });

/** Prints the key with its secret, or keeps the secret where it was asked to. */
async function issue({ client, format }: Context, path: string, body: object, { save, dryRun }: IssueFlags): Promise<void> {
  const file = save === undefined || dryRun ? undefined : openSecretFile(save);
  try {
    const { body: { secret, ...key } } = await client.call<IssuedApiKey>('POST', path, { body, query: { dryRun: dryRun ? 'true' : undefined } });
    if (file && secret !== undefined) file.keep(secret);
    printOne<IssuedApiKey>(file || secret === undefined ? key : { ...key, secret }, file || dryRun ? COLUMNS : [...COLUMNS, SECRET], format, nameOf);
    if (dryRun) process.stderr.write('Nothing was written (--dry-run).\n');
    else process.stderr.write(file ? `The secret is in ${file.path}. Name it as tokenFile in a profile.\n` : 'The secret is shown this once. Use it as WAMI_TOKEN.\n');
  } catch (error) {
    if (file) unlinkSync(file.path);
    throw error;
  }
}

async function keysOf(client: Client, wanted: number): Promise<ApiKeyView[]> {
  const keys: ApiKeyView[] = [];
  for (let cursor: string | undefined; keys.length < wanted;) {
    const query = { tenant: client.settings.tenant, cursor, limit: Math.min(1000, wanted - keys.length) };
    const { body } = await client.call<Page<ApiKeyView>>('GET', '/v1/api-keys', { query });
    keys.push(...body.items);
    cursor = body.nextCursor;
    if (cursor === undefined) break;
  }
  return keys;
}

async function idOf(client: Client, text: string): Promise<string> {
  if (/^key_[0-9A-Z]{26}$/.test(text)) return text;
  const matches = (await keysOf(client, Number.POSITIVE_INFINITY)).filter(({ name }) => name === text);
  if (matches.length === 1 && matches[0]) return matches[0].id;
  if (matches.length === 0) throw new CliError(EXIT.notFound, `There is no API key named ${text}.`, 'See `wami key list`.');
  throw new CliError(EXIT.usage, `${matches.length} API keys are named ${text}: ${matches.map(({ id, tenant }) => `${id} (${tenant})`).join(', ')}.`, 'Name one by its id.');
}

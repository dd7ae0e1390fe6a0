import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CliError, EXIT } from '../exit-codes';
import { printRows, type Column, type Format } from '../output/format';
import { ProfileStore, type ProfileRow } from '../settings/profiles';
import type { GlobalFlags } from '../settings/settings';

const COLUMNS: readonly Column<ProfileRow>[] = [
  { title: 'PROFILE', value: ({ name, current }) => `${name}${current ? ' (current)' : ''}` }, { title: 'ADDRESS', value: ({ address }) => address ?? '' },
  { title: 'TENANT', value: ({ tenant }) => tenant ?? '' }, { title: 'TOKEN FROM', value: ({ tokenFile }) => tokenFile ?? '' },
];
const STDIN = 0;

export function addProfileCommands(program: Command): void {
  const profile = program.command('profile').description('addresses, tenants and tokens by a name, in config.yaml; see --profile');
  const store = (): ProfileStore => new ProfileStore(process.env);
  profile.command('list').description('list profiles').action((_flags: object, command: Command) => {
    printRows(store().list(), COLUMNS, command.optsWithGlobals<{ output: Format }>().output, ({ name }) => `profile/${name}`);
  });
  profile.command('set').argument('<profile>').option('--token-file <path>', 'where the token is').option('--token-stdin', 'read the token from stdin and keep it in a file that only you can read')
    .description('make a profile, or change it: --address and --tenant are its own').addHelpText('before', 'Example:\n  wami profile set prod --address https://wami.example --tenant acme --token-stdin < token\n')
    .action((name: string, flags: { tokenFile?: string; tokenStdin?: boolean }, command: Command) => {
      const { address, tenant } = command.optsWithGlobals<GlobalFlags>();
      if (address !== undefined && !/^https?:\/\//.test(address)) throw new CliError(EXIT.usage, `${address} is no address of a WAMI.`, 'Write it like http://127.0.0.1:8080.');
      const tokenFile = flags.tokenFile === undefined ? undefined : resolve(flags.tokenFile);
      store().set(name, { address, tenant, tokenFile }, flags.tokenStdin ? readToken() : undefined);
      process.stderr.write(`profile/${name} is kept. \`wami --profile ${name} whoami\` tries it.\n`);
    });
  profile.command('use').argument('<profile>').description('make it the one that holds without --profile').action((name: string) => {
    store().use(name);
    process.stderr.write(`profile/${name} is the current one.\n`);
  });
  profile.command('remove').argument('<profile>').description('forget a profile and the token that was kept for it').action((name: string) => {
    store().remove(name);
    process.stderr.write(`profile/${name} is gone.\n`);
  });
}

/** @throws CliError where there is none; what was read is never shown */
function readToken(): string {
  if (process.stdin.isTTY) throw new CliError(EXIT.usage, 'The token is read from a pipe or a file, so that nobody sees it.', 'wami profile set NAME --token-stdin < token');
  const token = readFileSync(STDIN, 'utf8').trim();
  if (/^[\x21-\x7e]{1,8192}$/.test(token)) return token;
  throw new CliError(EXIT.usage, 'There is no token on stdin: one word is expected.');
}

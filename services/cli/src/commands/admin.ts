import type { BackupResult, CheckResult, InPlaceResult, LogVerdict, RestoreResult, VerifyResult } from '@wami/contracts';
import type { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runAdminJob } from '../admin/run-admin-job';
import { CliError, EXIT } from '../exit-codes';
import { printOne, printRows, type Column, type Format } from '../output/format';

const HELP = `
Examples:
  wami admin backup wami.backup                     all of the instance into one file, while it runs or not
  wami admin backup wami.backup --with-secrets      the keys of the data directory too: keep that file as you keep keys
  wami admin check wami.backup                      read all of a file: is it whole
  WAMI_DATA_DIR=/srv/new wami admin restore wami.backup     into an empty data directory
  WAMI_DATABASE_URL=... wami admin restore wami.backup      into an empty database
  wami admin verify --note /mnt/worm/log.json       is the log what it was; note how far it is
  wami admin verify --against /mnt/worm/log.json    ... and was nothing cut off since
  wami admin restore --in-place                     the database was restored by PostgreSQL's own tools

They work on the database, so they run where it can be reached, and take no --address: WAMI_DATABASE_URL names it, WAMI_DATABASE_URL_IDENTITY, _PROJECTION, _SYNC_AWS and so on those of
services that have another one; without any of them it is that of the data directory (WAMI_DATA_DIR, .wami). WAMI must not run while it is restored. After a restore everything is
paused: nothing is called in a cloud until you have looked and resumed. See docs/backup.md.`;

const BACKUP: readonly Column<BackupResult>[] = [
  { title: 'FILE', value: ({ file }) => file }, { title: 'MADE', value: ({ createdAt }) => createdAt }, { title: 'BYTES', value: ({ bytes }) => String(bytes) },
  { title: 'TABLES', value: ({ tables }) => String(tables) }, { title: 'ROWS', value: ({ rows }) => String(rows) }, { title: 'EVENTS', value: ({ events }) => String(events) },
  { title: 'SECRETS', value: ({ secrets }) => secrets.join(', ') || 'none' },
];
const RESTORED: readonly Column<RestoreResult>[] = [
  { title: 'BACKUP OF', value: ({ createdAt }) => createdAt }, { title: 'TABLES', value: ({ tables }) => String(tables) }, { title: 'ROWS', value: ({ rows }) => String(rows) },
  { title: 'EVENTS', value: ({ events }) => String(events) }, { title: 'PAUSE', value: ({ pause }) => pause },
];
const IN_PLACE: readonly Column<InPlaceResult>[] = [{ title: 'SCHEMAS', value: ({ schemas }) => schemas.join(', ') }, { title: 'PAUSE', value: ({ pause }) => pause }];
const CHECKED: readonly Column<CheckResult>[] = [
  { title: 'BACKUP OF', value: ({ createdAt }) => createdAt }, { title: 'RELEASE', value: ({ release }) => release }, { title: 'ROWS', value: ({ rows }) => String(rows) }, { title: 'EVENTS', value: ({ events }) => String(events) },
];
const LOGS: readonly Column<LogVerdict>[] = [
  { title: 'LOG', value: ({ source }) => source }, { title: 'SEALS', value: ({ seals }) => String(seals) }, { title: 'AS SEALED', value: ({ events }) => `${events} events` },
  { title: 'NOT SEALED YET', value: ({ unsealed }) => `${unsealed} events` }, { title: 'VERDICT', value: ({ problems }) => (problems.length === 0 ? 'whole' : 'tampered with') },
];
const NEXT = 'Everything is paused. Start WAMI, look at what the clouds hold, then `wami sync resume`: docs/backup.md says how.\n';

/** `wami admin`. */
export function addAdminCommands(program: Command): void {
  const admin = program.command('admin').description('save, restore and verify a whole instance').addHelpText('after', HELP);
  admin.command('backup').argument('<file>', 'is written; must not be there yet').description('save the whole instance in one file, as it is at one moment')
    .option('--with-secrets', 'also master.key, key.pepper, admin.token and the connections file (WAMI_CONNECTIONS), out of the data directory').addHelpText('after', HELP)
    .action(async (file: string, { withSecrets = false }: { withSecrets?: boolean }, command: Command) => {
      const made = await runAdminJob<BackupResult>({ verb: 'backup', file: resolve(file), withSecrets });
      printOne(made, BACKUP, formatOf(command), nameOf);
      if (made.secrets.length === 0) process.stderr.write('No secrets are in it: keep master.key and key.pepper (or what you set for them) apart, nothing is restored without them.\n');
    });
  admin.command('check').argument('<file>', 'a backup').description('read all of a backup: every checksum, nothing missing').addHelpText('after', HELP)
    .action(async (file: string, _flags: object, command: Command) => printOne(await runAdminJob<CheckResult>({ verb: 'check', file: resolve(file) }), CHECKED, formatOf(command), ({ createdAt }) => createdAt));
  admin.command('verify').description('compare the logs with their seals: does anything show that they were tampered with')
    .option('--against <file>', 'what was noted earlier (.json), or a backup: also that nothing was cut off since').option('--note <file>', 'note how far the logs are; keep it where nobody who can write to the database can').addHelpText('after', HELP)
    .action(async ({ against, note }: { against?: string; note?: string }, command: Command) => verify(against, note, formatOf(command)));
  admin.command('restore').argument('[file]', 'a backup').description('put a backup into an empty instance, or go on with a database that PostgreSQL\'s own tools restored')
    .option('--in-place', 'the database was restored already').addHelpText('after', HELP).action(async (file: string | undefined, { inPlace = false }: { inPlace?: boolean }, command: Command) => {
      if (inPlace === (file !== undefined)) throw new CliError(EXIT.usage, 'Name a backup, or --in-place.', 'See wami admin restore --help.');
      if (file === undefined) printOne(await runAdminJob<InPlaceResult>({ verb: 'restore-in-place' }), IN_PLACE, formatOf(command), nameOf);
      else await restore(resolve(file), formatOf(command));
      process.stderr.write(NEXT);
    });
}

async function verify(against: string | undefined, note: string | undefined, format: Format): Promise<void> {
  const verdict = await runAdminJob<VerifyResult>({ verb: 'verify', ...(against === undefined ? {} : { against: resolve(against) }) });
  printRows(verdict.logs, LOGS, format, ({ source }) => `log/${source}`);
  const problems = verdict.logs.flatMap((log) => log.problems);
  for (const problem of problems) process.stderr.write(`✗ ${problem}\n`);
  if (problems.length > 0) throw new CliError(EXIT.failed, 'The log is not what it was.', 'docs/backup.md says what to do about it.');
  if (note !== undefined) writeFileSync(note, `${JSON.stringify(verdict, null, 1)}\n`);
}

const formatOf = (command: Command): Format => command.optsWithGlobals<{ output: Format }>().output;
const nameOf = ({ file, pause }: { readonly file?: string; readonly pause?: string }): string => file ?? `pause/${pause ?? ''}`;

async function restore(file: string, format: Format): Promise<void> {
  const restored = await runAdminJob<RestoreResult>({ verb: 'restore', file });
  printOne(restored, RESTORED, format, nameOf);
  const { masterKeys, secrets } = restored;
  if (masterKeys.length > 0 && !secrets.includes('master.key')) {
    process.stderr.write(`Before you start WAMI put its master key (${masterKeys.join(', ')}) and its key pepper where it takes them from: no personal data and no API key works without them.\n`);
  }
}

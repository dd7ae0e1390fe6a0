import type { ConflictItem } from '@wami/contracts';
import { Option, type Command } from 'commander';
import { STRONG } from '../api/client';
import { readAll } from '../api/pages';
import { idOrArn } from '../api/references';
import { EXIT } from '../exit-codes';
import { printRows, type Column } from '../output/format';
import { ago } from '../output/time';
import { contextOf } from './context';

interface Flags { readonly provider?: string; readonly account?: string; readonly state?: string; readonly exitCode?: boolean }

const EXAMPLES = `Examples:
  wami conflicts                                 what nobody decided about, ours beside theirs
  wami conflicts user/ann -o json                of one resource, with all that stands there
  wami conflicts --exit-code                     in CI: 2 where there is one

To settle one, once:
  wami sync resolve user/ann --provider aws --strategy merge       or overwrite, skip, fail; see its --help and docs/conflicts.md
`;

const nameOf = ({ kind, ours: { name }, provider, account }: ConflictItem): string => `${kind}/${name}@${provider}/${account}`;
const NONE = '(nothing)';
const partOf = ({ at, ours = NONE, theirs = NONE }: NonNullable<ConflictItem['conflicts']>[number]): string => `${at}: ours ${ours}, theirs ${theirs}`;
const theirsOf = ({ conflicts, existing }: ConflictItem): string => conflicts?.map(partOf).join(', ') ?? (existing === undefined ? '' : String(existing['nativeArn']));
const COLUMNS: readonly Column<ConflictItem>[] = [
  { title: 'RESOURCE', value: ({ kind, ours: { name } }) => `${kind}/${name}` }, { title: 'TARGET', value: ({ provider, account }) => `${provider}/${account}` },
  { title: 'STATE', value: ({ state }) => state }, { title: 'SINCE', value: ({ since }) => ago(since) }, { title: 'STANDS THERE', value: theirsOf }, { title: 'WHY', value: ({ reason }) => reason },
];

export function addConflicts(program: Command): void {
  program.command('conflicts').argument('[resource]', 'KIND/NAME such as user/ann, an id or an ARN; without it: everything').description('what stands in the way at targets, and nobody decided about')
    .option('--provider <name>', 'only at this provider').option('--account <id>', 'only at this account')
    .addOption(new Option('--state <state>', 'only what waits for somebody, or what is left alone on purpose').choices(['Failed', 'Skipped']))
    .option('--exit-code', 'end with 2 where there is one')
    .addHelpText('before', EXAMPLES)
    .action(async (ref: string | undefined, { exitCode, ...filters }: Flags, command: Command) => {
      const { client, format } = contextOf(command);
      const arn = ref === undefined ? undefined : await idOrArn(client, ref);
      const conflicts = await readAll<ConflictItem>(client, '/v1/conflicts', { tenant: client.settings.tenant, ...filters, resource: arn?.split('/').at(-1) }, STRONG);
      printRows(conflicts, COLUMNS, format, nameOf);
      if (format === 'table' && conflicts.length === 0) process.stderr.write('No conflicts.\n');
      if (exitCode && conflicts.length > 0) process.exitCode = EXIT.differences;
    });
}

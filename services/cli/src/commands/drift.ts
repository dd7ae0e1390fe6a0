import type { DriftItem, SweepView } from '@wami/contracts';
import { Option, type Command } from 'commander';
import { STRONG } from '../api/client';
import { idOrArn, type Page } from '../api/references';
import { EXIT } from '../exit-codes';
import { printOne, printRows, type Column } from '../output/format';
import { ago } from '../output/time';
import { contextOf } from './context';

interface Flags { readonly provider?: string; readonly account?: string; readonly state?: string; readonly limit: string; readonly exitCode?: boolean }

const EXAMPLES = `Examples:
  wami drift                                     what somebody else changed in the clouds, the newest first
  wami drift user/ann                            of one resource
  wami drift --state open --exit-code            in CI: 2 where something is not put right yet
  wami drift -o json                             with the last sweep of each target

Targets are compared when the tenant's schedule asks for it (triggers.schedule), or by \`wami sync now\`. See docs/drift.md.
`;

const nameOf = ({ kind, resource, provider, account }: DriftItem): string => `${kind}/${resource}@${provider}/${account}`;
const changeOf = ({ at, expected, found }: DriftItem['differences'][number]): string =>
  (expected === undefined && found === undefined ? at : `${at}: ${expected ?? '(nothing)'} -> ${found ?? '(nothing)'}`);
const COLUMNS: readonly Column<DriftItem>[] = [
  { title: 'RESOURCE', value: ({ kind, name, resource }) => `${kind}/${name ?? resource}` }, { title: 'TARGET', value: ({ provider, account }) => `${provider}/${account}` },
  { title: 'STATE', value: ({ state }) => state }, { title: 'FOUND', value: ({ foundAt }) => ago(foundAt) },
  { title: 'WHAT', value: ({ drift, differences }) => (drift === 'missing' ? 'is not there' : differences.map(changeOf).join(', ')) },
  { title: 'ID', value: ({ resource }) => resource },
];

export function addDrift(program: Command): void {
  program.command('drift').argument('[resource]', 'KIND/NAME such as user/ann, an id or an ARN; without it: everything').description('what somebody else changed in the clouds, field by field')
    .option('--provider <name>', 'only at this provider').option('--account <id>', 'only at this account')
    .addOption(new Option('--state <state>', 'only what is not put right yet, or what is').choices(['open', 'corrected']))
    .option('--limit <n>', 'at most so many', '100').option('--exit-code', 'end with 2 where something is open')
    .addHelpText('before', EXAMPLES)
    .action(async (ref: string | undefined, { exitCode, ...filters }: Flags, command: Command) => {
      const { client, format } = contextOf(command);
      const arn = ref === undefined ? undefined : await idOrArn(client, ref);
      const query = { tenant: client.settings.tenant, ...filters, resource: arn?.split('/').at(-1) };
      const { body } = await client.call<Page<DriftItem> & { readonly sweeps?: readonly SweepView[] }>('GET', '/v1/drift', { query, headers: STRONG });
      if (format === 'json' || format === 'yaml') printOne(body, [], format, () => 'drift');
      else printRows(body.items, COLUMNS, format, nameOf);
      if (format === 'table') for (const line of sentences(body.items, body.sweeps ?? [])) process.stderr.write(`${line}\n`);
      if (exitCode && body.items.some(({ state }) => state === 'open')) process.exitCode = EXIT.differences;
    });
}

function sentences(items: readonly DriftItem[], sweeps: readonly SweepView[]): string[] {
  const swept = sweeps.map(({ tenant, provider, account, sweptAt, found }) => {
    const unmanaged = found.reduce((sum, one) => sum + one.unmanaged, 0);
    return `${provider}/${account} was compared ${ago(sweptAt)} for ${tenant}${unmanaged > 0 ? `; ${unmanaged} things there are managed by nobody: wami sync import --provider ${provider}` : ''}.`;
  });
  const none = items.length === 0 ? ['No drift.'] : [];
  return sweeps.length > 0 ? [...none, ...swept] : [...none, 'No target is compared by a schedule: `wami tenant sync-config TENANT --schedule PT6H` sets one.'];
}

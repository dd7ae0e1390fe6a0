import type { AccessRow, ApiKeyView, CredentialRow, DriftReportRow, SlaRow, SyncHealthRow } from '@wami/contracts';
import { Argument, Option, type Command } from 'commander';
import { STRONG, type CallOptions } from '../api/client';
import { readAll } from '../api/pages';
import { idOf } from '../api/references';
import { CliError, EXIT } from '../exit-codes';
import { printRows, type Column } from '../output/format';
import { ago } from '../output/time';
import { contextOf } from './context';

interface Flags { readonly provider?: string; readonly account?: string; readonly principal?: string; readonly policy?: string; readonly group?: string }

const EXAMPLES = `Examples:
  wami report sync-health                        how much agrees, by tenant, target and kind
  wami report drift                              how much somebody else changed, by tenant and target
  wami report sla                                the service level of each target over 28 days, and what is left of its error budget
  wami report credentials -o csv > c.csv         the credentials of connections: whom they name, whether they are taken, when they end
  wami report keys                               API keys: age, rotation, last use (role admin)
  wami report access --principal user/ann        who may do what where, and through which path
  wami report access --policy policy/admin -o csv

All of it is of the tenant (--tenant) and its children. -o csv and -o json have every field. See docs/reports.md.
`;

/** What is told of a report. */
interface Report<T extends object> {
  readonly path: string;
  readonly columns: readonly Column<T>[];
  readonly nameOf: (row: T) => string;
  /** Where there is nothing. */
  readonly none: string;
}

const percent = (part: number): string => `${Math.floor(part * 1000) / 10} %`;
const targetOf = ({ provider, account }: { readonly provider: string; readonly account: string }): string => `${provider}/${account}`;
const TARGET = { title: 'TARGET', value: targetOf };
const TENANT = { title: 'TENANT', value: ({ tenant }: { readonly tenant: string }): string => tenant };
const told = <T>(title: string, of: (row: T) => number | string | undefined): Column<T> => ({ title, value: (row) => String(of(row) ?? '') });
const when = (time: string | undefined): string => (time === undefined ? '' : ago(time));

const syncHealth: Report<SyncHealthRow> = {
  path: '/v1/reports/sync-health', none: 'Nothing is synced anywhere.', nameOf: (row) => `${row.tenant}:${row.kind}@${targetOf(row)}`,
  columns: [TENANT, TARGET, told('KIND', (row) => row.kind), told('RESOURCES', (row) => row.resources), told('SYNCED', (row) => row.synced), told('FAILED', (row) => row.failed),
    told('PENDING', (row) => row.pending + row.syncing), told('SKIPPED', (row) => row.skipped), told('NOT CONFIGURED', (row) => row.notConfigured)],
};
const drift: Report<DriftReportRow> = {
  path: '/v1/reports/drift', none: 'No drift was ever found, and no target is compared by a schedule.', nameOf: (row) => `${row.tenant}@${targetOf(row)}`,
  columns: [TENANT, TARGET, told('OPEN', (row) => row.open), told('OLDEST', (row) => when(row.oldestOpenAt)), told('CORRECTED', (row) => row.corrected), told('COMPARED', (row) => when(row.sweptAt)),
    told('RESOURCES', (row) => row.compared), told('MANAGED BY NOBODY', (row) => row.unmanaged)],
};
const sla: Report<SlaRow> = {
  path: '/v1/reports/sla', none: 'Nothing was changed anywhere in the last 28 days.', nameOf: targetOf,
  columns: [TARGET, told('CHANGES', (row) => row.changes), told('IN TIME', (row) => (row.rate === undefined ? '' : percent(row.rate))), told('LATE', (row) => row.late), told('FAILED', (row) => row.failed),
    told('OBJECTIVE', (row) => `${percent(row.objective)} in ${row.withinSeconds} s`), told('BUDGET LEFT', (row) => percent(row.budgetLeft)), told('P50', (row) => `${row.p50Seconds} s`), told('P99', (row) => `${row.p99Seconds} s`)],
};
const credentials: Report<CredentialRow> = {
  path: '/v1/reports/credentials', none: 'No connection that you may use was told of.', nameOf: targetOf,
  columns: [TARGET, told('TYPE', (row) => row.type), told('HEALTH', (row) => row.health), told('END', (row) => (row.expiresAt === undefined ? '' : `${row.expiresAt.slice(0, 10)}${row.expiresSoon ? ' (soon)' : ''}`)),
    told('WHO', (row) => row.principal)],
};
const keys: Report<ApiKeyView> = {
  path: '/v1/api-keys', none: 'No API keys.', nameOf: ({ id }) => `api-key/${id}`,
  columns: [told('NAME', (row) => row.name), told('ROLE', (row) => row.role), TENANT, told('MADE', (row) => when(row.createdAt)), told('ROTATED', (row) => when(row.rotatedAt)),
    told('USED', (row) => (row.lastUsedAt === undefined ? 'never' : ago(row.lastUsedAt))), told('END', (row) => row.expiresAt?.slice(0, 10) ?? 'never'), told('ID', (row) => row.id)],
};
const access: Report<AccessRow> = {
  path: '/v1/reports/access', none: 'Nobody has a policy.', nameOf: (row) => row.path.join(' > '),
  columns: [TENANT, told('PATH', (row) => row.path.join(' > ')), told('FROM', (row) => (row.policyTenant === row.tenant ? '' : row.policyTenant)), told('WHERE', (row) => row.targets.join(', ')),
    told('MAY', (row) => [...(row.allows ?? ['(above your tenant)']), ...(row.denies ?? []).map((one) => `never ${one}`)].join(', '))],
};
const ALL: Readonly<Record<string, Report<never>>> = { 'sync-health': syncHealth, drift, sla, credentials, keys, access };

export function addReport(program: Command): void {
  program.command('report').addArgument(new Argument('<name>', 'which').choices(Object.keys(ALL))).description('sync health, drift, service level, credentials, keys, access: as a table, JSON or CSV').addHelpText('before', EXAMPLES)
    .option('--provider <name>', 'only at this provider').option('--account <id>', 'only at this account')
    .option('--principal <ref>', 'access: of this user, role or service account, as KIND/NAME, id or ARN').option('--policy <ref>', 'access: by this policy').addOption(new Option('--group <ref>', 'access: by way of this group'))
    .action(async (name: string, { principal, policy, group, ...filters }: Flags, command: Command) => {
      const { client, format } = contextOf(command);
      const { path, columns, nameOf, none } = ALL[name] as unknown as Report<object>;
      const named = async (ref: string | undefined): Promise<string | undefined> => (ref === undefined ? undefined : idOf(client, ref));
      const strange = Object.entries({ ...filters, principal, policy, group }).find(([filter, value]) => value !== undefined && !filtersOf(name).includes(filter));
      if (strange) throw new CliError(EXIT.usage, `wami report ${name} takes no --${strange[0]}.`, 'See `wami report --help`.');
      const query: NonNullable<CallOptions['query']> = { tenant: client.settings.tenant, ...filters, principal: await named(principal), policy: await named(policy), group: await named(group) };
      const rows = await readAll<object>(client, path, query, STRONG);
      if (rows.length === 0 && format === 'table') process.stderr.write(`${none}\n`);
      printRows(rows, columns, format, nameOf);
    });
}

const filtersOf = (name: string): readonly string[] => (name === 'access' ? ['principal', 'policy', 'group'] : name === 'keys' ? [] : ['provider', 'account']);

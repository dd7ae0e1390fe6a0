import { accessRowSchema, credentialRowSchema, driftRowSchema, slaRowSchema, syncHealthRowSchema, type AccessRow, type CredentialRow, type DriftReportRow, type ReportName, type SlaRow, type SyncHealthRow } from '@wami/contracts';
import type { z } from 'zod';

/** A cell: text, a number, or a time that is told as how long ago. */
export type Cell = string | number | { readonly time: string } | undefined;

export interface ReportTable<T> {
  readonly title: string;
  readonly about: string;
  readonly row: z.ZodType<T>;
  readonly head: readonly string[];
  readonly cells: (row: T) => readonly Cell[];
  /** Where it has no row. */
  readonly none: string;
}

export const percent = (part: number): string => `${Math.floor(part * 1000) / 10} %`;
const at = ({ provider, account }: { readonly provider: string; readonly account: string }): string => `${provider}/${account}`;
const when = (time: string | undefined): Cell => (time === undefined ? undefined : { time });

const syncHealth: ReportTable<SyncHealthRow> = {
  title: 'Sync health', about: 'How much agrees, by tenant, target and kind.', row: syncHealthRowSchema, none: 'Nothing is synced anywhere.',
  head: ['Tenant', 'Target', 'Kind', 'Resources', 'Synced', 'Failed', 'Pending', 'Skipped', 'Not configured'],
  cells: (row) => [row.tenant, at(row), row.kind, row.resources, row.synced, row.failed, row.pending + row.syncing, row.skipped, row.notConfigured],
};
const drift: ReportTable<DriftReportRow> = {
  title: 'Drift', about: 'How much somebody else changed, and when targets were last compared.', row: driftRowSchema, none: 'No drift was ever found, and no target is compared by a schedule.',
  head: ['Tenant', 'Target', 'Open', 'Oldest', 'Corrected', 'Compared', 'Resources', 'Managed by nobody'],
  cells: (row) => [row.tenant, at(row), row.open, when(row.oldestOpenAt), row.corrected, when(row.sweptAt), row.compared, row.unmanaged],
};
const sla: ReportTable<SlaRow> = {
  title: 'Service level', about: 'How many of the changes of 28 days arrived within 5 minutes, and what is left of the error budget.', row: slaRowSchema, none: 'Nothing was changed anywhere in the last 28 days.',
  head: ['Target', 'Changes', 'In time', 'Objective', 'Late', 'Failed', 'Budget left', 'Half within', '99 % within'],
  cells: (row) => [at(row), row.changes, row.rate === undefined ? undefined : percent(row.rate), percent(row.objective), row.late, row.failed, percent(row.budgetLeft), `${row.p50Seconds} s`, `${row.p99Seconds} s`],
};
const credentials: ReportTable<CredentialRow> = {
  title: 'Credentials', about: 'Whom the credentials of each connection name, whether they are taken, and when they end.', row: credentialRowSchema, none: 'No connection that you may use was told of.',
  head: ['Target', 'Type', 'Who we are there', 'Health', 'End', 'Told'],
  cells: (row) => [at(row), row.type, row.principal, row.reason === undefined ? row.health : `${row.health}: ${row.reason}`, when(row.expiresAt), when(row.reportedAt)],
};
const access: ReportTable<AccessRow> = {
  title: 'Access', about: 'Who may do what where, and through which path.', row: accessRowSchema, none: 'Nobody has a policy.',
  head: ['Tenant', 'Path', 'From', 'May', 'Never', 'Where'],
  cells: (row) => [row.tenant, row.path.join(' → '), row.policyTenant === row.tenant ? undefined : row.policyTenant, row.allows?.join(', ') ?? 'what a policy above your tenant says', row.denies?.join(', '), row.targets.join(', ')],
};

const TABLES = { 'sync-health': syncHealth, drift, sla, credentials, access } satisfies Record<ReportName, unknown>;
export const tableOf = (name: ReportName): ReportTable<object> => TABLES[name] as unknown as ReportTable<object>;

import { TEXT, type Table } from '../model/table';

export interface PauseRow {
  readonly id: string;
  readonly arn: string;
  readonly version: number;
  /** Empty: every tenant. */
  readonly tenant: string;
  readonly provider: string | null;
  readonly account: string | null;
  readonly resource: string | null;
  readonly reason: string;
  readonly until: string | null;
  readonly started_at: string;
  readonly started_by: string;
  readonly ended_at: string | null;
  readonly ended_by: string | null;
}

export const PAUSES: Table<PauseRow> = {
  name: 'pauses', key: ['id'],
  indexes: [{ name: 'by_tenant', on: '(tenant_path, id)' }, { name: 'by_resource', on: '(resource)' }],
  columns: {
    id: TEXT, arn: TEXT, version: 'integer', tenant: TEXT, provider: TEXT, account: TEXT, resource: TEXT, reason: TEXT, until: TEXT, started_at: TEXT, started_by: TEXT,
    ended_at: TEXT, ended_by: TEXT,
  },
};

import type { RecordedSyncTargetEvent } from '@wami/contracts';
import { TEXT, type Table } from '../model/table';

/** A target as its sync service told of it last. It belongs to no tenant: requests see what `ProvidersQueries` lets them. */
export interface TargetRow {
  readonly provider: string;
  readonly account: string;
  readonly report: RecordedSyncTargetEvent['data'];
  readonly reported_at: string;
}

export const TARGETS: Table<TargetRow> = {
  name: 'targets', key: ['provider', 'account'], indexes: [], columns: { provider: TEXT, account: TEXT, report: 'jsonb', reported_at: TEXT },
};

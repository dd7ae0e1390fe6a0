import type { ImportProgress } from '@wami/contracts';
import { TEXT, type Table } from '../model/table';

/** An import and its counts. `requested_at` is null until identity's own event arrived: it may come after the first finds. */
export interface ImportRow {
  readonly id: string;
  readonly tenant: string;
  readonly requested_at: string | null;
  readonly provider: string;
  readonly account: string;
  readonly kinds: readonly string[];
  readonly adopt: boolean;
  readonly listed: boolean;
  readonly seen: number;
  readonly managed: number;
  /** Things that can be imported: those that were told of, and of how many the engine spoke at the end. */
  readonly told: number;
  readonly found: number;
  readonly imported: number;
  readonly refused: number;
  readonly problems: ImportProgress['problems'];
}

/** One thing of an import. Its find and the decision about it come from two services, in any order. */
export interface ImportItemRow {
  readonly job: string;
  readonly item: string;
  readonly tenant: string;
  /** Null until the find arrived. */
  readonly kind: string | null;
  readonly obstacle: string | null;
  /** What it is called and how it looks at the target. */
  readonly thing: object | null;
  readonly outcome: string | null;
  readonly resource: string | null;
  readonly code: string | null;
  readonly detail: string | null;
}

export const IMPORTS: Table<ImportRow> = {
  name: 'imports', key: ['id'], indexes: [],
  columns: {
    id: TEXT, tenant: TEXT, requested_at: TEXT, provider: TEXT, account: TEXT, kinds: 'jsonb', adopt: 'boolean', listed: 'boolean', seen: 'bigint', managed: 'bigint',
    told: 'bigint', found: 'bigint', imported: 'bigint', refused: 'bigint', problems: 'jsonb',
  },
};

export const IMPORT_ITEMS: Table<ImportItemRow> = {
  name: 'import_items', key: ['job', 'item'], indexes: [{ name: 'item', on: '(item)' }],
  columns: {
    job: TEXT, item: TEXT, tenant: TEXT, kind: TEXT, obstacle: TEXT, thing: 'jsonb', outcome: TEXT, resource: TEXT, code: TEXT, detail: TEXT,
  },
};

import { Inject, Injectable } from '@nestjs/common';
import type { FoundThing, ImportItem, JobView } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { IMPORT_OUTCOMES } from '@wami/contracts';
import { z } from 'zod';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo } from '../http/scoped-to';
import { Where } from '../http/where';
import { READER, SCHEMA } from '../ports';
import type { ImportItemRow, ImportRow } from './imports.table';

export const importItemsQuerySchema = z.strictObject({
  outcome: z.enum(IMPORT_OUTCOMES).optional().describe('found: it can be imported; obstacle: it cannot; imported, refused: it was, or was not.'), ...pagingSchema,
});
export type ImportItemsQuery = z.infer<typeof importItemsQuerySchema>;

const OUTCOME = "coalesce(i.outcome, CASE WHEN i.obstacle IS NULL THEN 'found' ELSE 'obstacle' END)";

@Injectable()
export class ImportsQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string) {}

  async job(scope: string, id: string): Promise<JobView | undefined> {
    const where = scopedTo(new Where(), scope, 'j').equals('j.id', id).and('j.requested_at IS NOT NULL');
    const { rows: [row] } = await this.reader.query<ImportRow>(`SELECT j.* FROM ${this.schema}.imports j WHERE ${where.sql}`, where.values);
    return row && toJob(row);
  }

  /** In the order of their hashes, which tells nothing. */
  async items(scope: string, job: string, query: ImportItemsQuery): Promise<Page<ImportItem>> {
    const filters = { ...query, job };
    const where = scopedTo(new Where(), scope, 'i').equals('i.job', job).and('i.kind IS NOT NULL').equals(OUTCOME, query.outcome);
    const after = readCursor(filters, query.cursor, 1);
    if (after) where.and(`i.item > ${where.value(after[0])}`);
    const { rows } = await this.reader.query<ImportItemRow>(
      `SELECT i.* FROM ${this.schema}.import_items i WHERE ${where.sql} ORDER BY i.item LIMIT ${where.value(query.limit + 1)}`, where.values);
    return pageOf(rows, filters, toItem, ({ item }) => [item]);
  }
}

/** Done when the target was read to its end and, where it was to be adopted, all that can be was decided on. */
function toJob(row: ImportRow): JobView {
  const { id, tenant, provider, account, kinds, adopt, listed, requested_at, problems } = row;
  const [seen, managed, found, told, imported, refused] = [row.seen, row.managed, row.found, row.told, row.imported, row.refused].map(Number) as [number, number, number, number, number, number];
  const all = listed ? found : told;
  const open = adopt ? Math.max(0, all - imported - refused) : 0;
  return {
    id, verb: 'import', state: listed && open === 0 ? 'done' : 'running', total: all, succeeded: adopt ? imported : all, failed: refused, stillPending: open,
    createdAt: requested_at ?? '',
    import: { tenant, provider, account, kinds: [...kinds], adopt, listed, seen, managed, found: all, imported, refused, problems: [...problems] },
  };
}

function toItem({ item, kind, obstacle, thing, outcome, resource, code, detail }: ImportItemRow): ImportItem {
  const { name = '', nativeArn = '', providerResourceId = '', path, tags = {} } = (thing ?? {}) as Partial<FoundThing>;
  return {
    item, kind: kind ?? '', outcome: (outcome ?? (obstacle === null ? 'found' : 'obstacle')) as ImportItem['outcome'], name, nativeArn, providerResourceId,
    ...(path === undefined ? {} : { path }), tags, ...(resource === null ? {} : { resource }),
    ...(obstacle === null ? {} : { obstacle: obstacle as NonNullable<ImportItem['obstacle']> }), ...(code === null ? {} : { code }), ...(detail === null ? {} : { detail }),
  };
}

import type { Migration } from '@wami/event-store';
import { TENANT_RANGE } from '../model/table';

/** What is of one type within a tree, in the order of seq; and whose each event is, so that those of others are passed over without a look into the table. */
export const EVENTS_BY_TYPE: Migration = {
  id: '007-events-by-type',
  up: `
    DROP INDEX events_by_tree;
    CREATE INDEX events_by_tree ON events (tree, seq) INCLUDE (${TENANT_RANGE});
    CREATE INDEX events_by_tree_type ON events (tree, type, seq) INCLUDE (${TENANT_RANGE});
  `,
};

import type { Migration } from '@wami/event-store';

export const FOUND_AND_PLANNED: Migration = {
  id: '014-found-and-planned-removals',
  up: `
    -- Relations that somebody else made and that are to be taken away next.
    CREATE INDEX engine_bindings_found ON engine_bindings (account, tenant) WHERE presence ? 'found';

    -- Whether a planned operation takes something away.
    ALTER TABLE engine_plan_operations ADD COLUMN removes boolean NOT NULL DEFAULT false;
  `,
};

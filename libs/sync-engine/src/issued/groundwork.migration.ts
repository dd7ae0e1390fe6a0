import type { Migration } from '@wami/event-store';

export const GROUNDWORK: Migration = {
  id: '025-groundwork',
  up: `
    -- What was noted before the last attempt to make what can carry no mark.
    ALTER TABLE engine_bindings ADD COLUMN groundwork jsonb;

    -- What belongs to something, by that.
    CREATE INDEX engine_resources_by_owner ON engine_resources ((document->>'ownerId')) WHERE document->>'ownerId' IS NOT NULL;
  `,
};

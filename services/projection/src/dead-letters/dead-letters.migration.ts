import type { Migration } from '@wami/event-store';

/** What was skipped stays, so that it is known and a transport that repeats it has no effect; it closes no line. */
export const DEAD_LETTERS: Migration = {
  id: '005-dead-letters',
  up: `
    ALTER TABLE parked ADD COLUMN attempts integer NOT NULL DEFAULT 1, ADD COLUMN tried_at timestamptz NOT NULL DEFAULT now(),
      ADD COLUMN skipped_at timestamptz, ADD COLUMN skipped_by text, ADD COLUMN skip_reason text;
    DROP INDEX parked_by_key;
    CREATE INDEX parked_by_key ON parked (source, key, number) WHERE skipped_at IS NULL;
    CREATE INDEX parked_open ON parked (number) WHERE skipped_at IS NULL;
  `,
};

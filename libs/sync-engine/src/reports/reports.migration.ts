import type { Migration } from '@wami/event-store';

export const TARGET_REPORTS: Migration = {
  id: '023-target-reports',
  up: `
    -- What was last told of each target: a digest of it, and how many events its stream has.
    CREATE TABLE engine_target_reports (
      account text PRIMARY KEY,
      digest text NOT NULL DEFAULT '',
      events integer NOT NULL DEFAULT 0
    );
  `,
};

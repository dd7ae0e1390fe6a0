import type { Migration } from '@wami/event-store';

export const REPAIRS: Migration = {
  id: '008-repairs',
  up: `
    -- Repairs whose statements are being compared. told: how many there are, null until identity has told; events: those in the repair's own stream here.
    CREATE TABLE engine_repairs (
      repair text PRIMARY KEY,
      compared integer NOT NULL DEFAULT 0,
      differing integer NOT NULL DEFAULT 0,
      events integer NOT NULL DEFAULT 0,
      told jsonb
    );
  `,
};

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

export const CHECKS: Migration = {
  id: '032-checks',
  up: `
    -- Who asked who we are at an account and has no answer yet: the event that asked.
    CREATE TABLE engine_checks (
      job text NOT NULL,
      account text NOT NULL,
      asked jsonb NOT NULL,
      PRIMARY KEY (job, account)
    );
  `,
};

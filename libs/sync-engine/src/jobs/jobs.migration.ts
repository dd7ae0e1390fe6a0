import type { Migration } from '@wami/event-store';

export const JOBS: Migration = {
  id: '018-jobs',
  up: `
    -- Jobs of which not every binding is marked yet: the event that asked, up to which binding it is done, and how many there were at each account.
    CREATE TABLE engine_jobs (
      job text PRIMARY KEY,
      asked jsonb NOT NULL,
      account text NOT NULL,
      resource text NOT NULL,
      counts jsonb NOT NULL
    );
  `,
};

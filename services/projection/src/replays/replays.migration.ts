import type { Migration } from '@wami/event-store';

/** Replays into topics and into tables of their own. They tell what was asked for and how far it is; no fold makes them again. */
export const REPLAYS: Migration = {
  id: '006-replays',
  up: `
    CREATE TABLE replays (
      job text COLLATE "C" PRIMARY KEY,
      topic text NOT NULL,
      filter jsonb NOT NULL,
      most bigint,
      -- Numbers of events: begins behind the first, is done up to the second, ends with the third.
      after bigint NOT NULL,
      at bigint NOT NULL,
      upto bigint NOT NULL,
      sent bigint NOT NULL DEFAULT 0,
      state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'cancelled')),
      error text,
      actor text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      finished_at timestamptz
    );
    CREATE INDEX replays_running ON replays (created_at, job) WHERE state = 'running';

    ALTER TABLE rebuilds DROP CONSTRAINT rebuilds_verb_check, ADD CONSTRAINT rebuilds_verb_check CHECK (verb IN ('rebuild', 'rollback', 'replay'));
    ALTER TABLE generations DROP CONSTRAINT generations_status_check, ADD CONSTRAINT generations_status_check CHECK (status IN ('building', 'active', 'retired', 'replayed'));
    CREATE UNIQUE INDEX generations_one_replayed ON generations (model) WHERE status = 'replayed';
  `,
};

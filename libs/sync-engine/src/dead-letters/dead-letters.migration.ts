import type { Migration } from '@wami/event-store';

export const DEAD_LETTERS: Migration = {
  id: '026-dead-letters',
  up: `
    -- A line is a key: later events of it wait. told: by an event, as earlier releases did not. whole: with what is personal, sealed; earlier releases left that out.
    -- What was skipped stays, so that a log that is read again has no effect; it closes no line.
    ALTER TABLE engine_parked ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY, ADD COLUMN id text, ADD COLUMN key text, ADD COLUMN whole boolean NOT NULL DEFAULT false,
      ADD COLUMN attempts integer NOT NULL DEFAULT 1, ADD COLUMN parked_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN told boolean NOT NULL DEFAULT false, ADD COLUMN skipped_at timestamptz;
    ALTER TABLE engine_parked ALTER COLUMN whole SET DEFAULT true;
    UPDATE engine_parked SET id = event->>'id', key = event->>'key';
    ALTER TABLE engine_parked ALTER COLUMN id SET NOT NULL, ALTER COLUMN key SET NOT NULL, DROP CONSTRAINT engine_parked_pkey, ADD PRIMARY KEY (id);
    CREATE INDEX engine_parked_by_key ON engine_parked (key, number) WHERE skipped_at IS NULL;
    CREATE INDEX engine_parked_open ON engine_parked (number) WHERE skipped_at IS NULL;
  `,
};

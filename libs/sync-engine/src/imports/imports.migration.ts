import type { Migration } from '@wami/event-store';

export const IMPORTS: Migration = {
  id: '007-imports',
  up: `
    -- Imports that a target has still to be read for, and what was told of it so far. Of what was seen nothing but a hash stands here.
    CREATE TABLE engine_imports (
      job text NOT NULL,
      account text NOT NULL,
      tenant text NOT NULL,
      subject text NOT NULL,
      kinds jsonb NOT NULL,
      cause jsonb NOT NULL,
      due_at bigint NOT NULL,
      attempts integer NOT NULL DEFAULT 0,
      stream_version integer NOT NULL DEFAULT 0,
      chunks integer NOT NULL DEFAULT 0,
      seen integer NOT NULL DEFAULT 0,
      managed integer NOT NULL DEFAULT 0,
      found integer NOT NULL DEFAULT 0,
      problems jsonb NOT NULL DEFAULT '[]',
      PRIMARY KEY (job, account)
    );
    CREATE INDEX engine_imports_due ON engine_imports (account, due_at);
    CREATE TABLE engine_imports_seen (
      job text NOT NULL,
      account text NOT NULL,
      item text NOT NULL,
      PRIMARY KEY (job, account, item)
    );
    CREATE INDEX engine_bindings_by_native_id ON engine_bindings (account, (presence->>'providerResourceId')) WHERE presence IS NOT NULL;
  `,
};

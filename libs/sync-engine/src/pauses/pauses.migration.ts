import type { Migration } from '@wami/event-store';

export const PAUSES: Migration = {
  id: '005-pauses',
  up: `
    -- Pauses that concern this provider. One that was ended stays until nothing lies aside for it.
    CREATE TABLE engine_pauses (
      id text PRIMARY KEY,
      tenant text NOT NULL,
      provider text,
      account text,
      resource text,
      until timestamptz,
      started_at timestamptz NOT NULL,
      -- Null while it stands; then what the ending event caused.
      ended jsonb
    );
    ALTER TABLE engine_bindings ADD COLUMN paused_by text;
    CREATE INDEX engine_bindings_paused ON engine_bindings (paused_by, account, resource) WHERE paused_by IS NOT NULL;
  `,
};

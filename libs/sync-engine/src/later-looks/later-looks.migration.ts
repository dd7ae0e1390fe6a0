import type { Migration } from '@wami/event-store';

export const LATER_LOOKS: Migration = {
  id: '016-later-looks',
  up: `
    ALTER TABLE engine_bindings ADD COLUMN look_at bigint, ADD COLUMN asked_again jsonb NOT NULL DEFAULT '{}';
    CREATE INDEX engine_bindings_look_at ON engine_bindings (look_at) WHERE look_at IS NOT NULL;
  `,
};

import type { Migration } from '@wami/event-store';

export const NAMES_GOING: Migration = {
  id: '019-names-going',
  up: `
    ALTER TABLE engine_bindings ADD COLUMN deletion_sent jsonb NOT NULL DEFAULT '{}';
    CREATE INDEX engine_bindings_deletion_sent ON engine_bindings (account) WHERE deletion_sent <> '{}';
  `,
};

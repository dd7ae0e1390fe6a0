import type { Migration } from '@wami/event-store';

export const NAMES_GOING: Migration = {
  id: '019-names-going',
  up: `
    ALTER TABLE engine_bindings ADD COLUMN deletion_sent jsonb NOT NULL DEFAULT '{}';
    CREATE INDEX engine_bindings_deletion_sent ON engine_bindings (account) WHERE deletion_sent <> '{}';
  `,
};

export const NAMES_CALLED: Migration = {
  id: '031-names-called',
  up: `
    ALTER TABLE engine_bindings ADD COLUMN called jsonb NOT NULL DEFAULT '{}';
    CREATE INDEX engine_bindings_called ON engine_bindings (account) WHERE called <> '{}';
  `,
};

import type { Migration } from '@wami/event-store';

export const TRACES: Migration = {
  id: '013-traces',
  up: `
    -- traces: trace contexts of what made it due and no pass has answered yet, the newest last. asked_at: since when somebody waits for it, milliseconds; null: nobody does.
    ALTER TABLE engine_bindings ADD COLUMN traces jsonb NOT NULL DEFAULT '[]', ADD COLUMN asked_at bigint;
  `,
};

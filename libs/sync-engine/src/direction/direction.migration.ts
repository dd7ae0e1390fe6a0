import type { Migration } from '@wami/event-store';

export const DIRECTION: Migration = {
  id: '015-open-questions',
  up: `
    -- Counted for the figures: few of many.
    CREATE INDEX engine_bindings_drifted ON engine_bindings (account) WHERE drift IS NOT NULL;
    CREATE INDEX engine_bindings_in_conflict ON engine_bindings (account) WHERE error_code = 'Conflict' AND due_at IS NULL;
  `,
};

import type { Migration } from '@wami/event-store';

export const PACING: Migration = {
  id: '011-pacing',
  up: `
    -- The next tenant that has work at a target, and the first of its bindings, each by one look.
    CREATE INDEX engine_bindings_turns ON engine_bindings (account, lane, tenant, due_at) WHERE due_at IS NOT NULL AND NOT claimed;
  `,
};

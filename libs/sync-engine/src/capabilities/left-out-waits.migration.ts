import type { Migration } from '@wami/event-store';

export const LEFT_OUT_WAITS: Migration = {
  id: '033-left-out-waits',
  up: `
    -- What began to wait, before it could do without, for what is left out at the target is looked at once more.
    UPDATE engine_bindings b SET due_at = 0, generation = b.generation + 1, waiting_for = NULL FROM engine_bindings d
      WHERE b.state = 'Pending' AND b.waiting_for LIKE 'present:%' AND b.due_at IS NULL AND b.paused_by IS NULL AND NOT b.claimed AND (NOT b.held OR b.plan IS NOT NULL)
        AND d.account = b.account AND d.resource = substr(b.waiting_for, 9) AND d.state = 'Skipped' AND d.presence IS NULL AND d.due_at IS NULL AND NOT d.claimed;
  `,
};

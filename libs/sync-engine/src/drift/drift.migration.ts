import type { Migration } from '@wami/event-store';

export const DRIFT: Migration = {
  id: '010-drift',
  up: `
    -- When a target is swept next because of the schedule that a tenant set for itself and those below it. since and cursor: of a sweep that is under
    -- way, from which resource on bindings are still to be asked for.
    CREATE TABLE engine_sweeps (
      account text NOT NULL,
      tenant text NOT NULL,
      schedule text NOT NULL,
      due_at bigint NOT NULL,
      since bigint,
      cursor text NOT NULL DEFAULT '',
      compared integer NOT NULL DEFAULT 0,
      attempts integer NOT NULL DEFAULT 0,
      events integer NOT NULL DEFAULT 0,
      PRIMARY KEY (account, tenant)
    );
    CREATE INDEX engine_tenants_with_schedule ON engine_tenants (path) WHERE config->'triggers' ? 'schedule';
    -- Hash of the drift that was told and is not corrected yet.
    ALTER TABLE engine_bindings ADD COLUMN drift text;
    -- Other ends of relations by what they are called at the target.
    CREATE INDEX engine_bindings_by_native_name ON engine_bindings (account, kind, (presence->>'name')) WHERE kind IN ('group', 'policy') AND presence IS NOT NULL;
  `,
};

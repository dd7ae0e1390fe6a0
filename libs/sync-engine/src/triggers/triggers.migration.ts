import type { Migration } from '@wami/event-store';

export const TRIGGERS: Migration = {
  id: '020-triggers',
  up: `
    -- Operations whose trigger the change of settings turned off.
    ALTER TABLE engine_reviews ADD COLUMN stopped jsonb NOT NULL DEFAULT '[]';
  `,
};

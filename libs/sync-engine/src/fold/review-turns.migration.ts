import type { Migration } from '@wami/event-store';

export const REVIEW_TURNS: Migration = {
  id: '022-review-turns',
  up: `
    -- Subtrees take turns: the least has the next one.
    ALTER TABLE engine_reviews ADD COLUMN turn bigint NOT NULL DEFAULT 0;
  `,
};

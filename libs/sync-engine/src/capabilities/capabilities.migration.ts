import type { Migration } from '@wami/event-store';

export const CAPABILITIES: Migration = {
  id: '021-capabilities',
  up: `
    -- One row: a digest of what the adapter could hold when the engine was started last.
    CREATE TABLE engine_capabilities (
      digest text NOT NULL
    );

    -- Whose permissions boundary a policy is.
    CREATE INDEX engine_resources_by_boundary ON engine_resources ((document->>'permissionsBoundary')) WHERE document->>'permissionsBoundary' IS NOT NULL;
  `,
};

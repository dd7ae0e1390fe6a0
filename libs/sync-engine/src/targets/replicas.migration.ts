import type { Migration } from '@wami/event-store';

export const REPLICAS: Migration = {
  id: '017-replicas',
  up: `
    -- Processes that own targets or would, each until it should have given its next sign of life: targets are spread evenly over them.
    CREATE TABLE engine_replicas (
      owner text PRIMARY KEY,
      alive_until timestamptz NOT NULL
    );
  `,
};

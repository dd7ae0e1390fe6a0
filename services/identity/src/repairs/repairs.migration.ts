import type { Migration } from '@wami/event-store';

/** Repairs that are being stated: the last resource that is done, and how many statements stand in the repair's stream. */
export const REPAIRS: Migration = {
  id: '005-repairs',
  up: `
    CREATE TABLE repairs (
      repair text COLLATE "C" PRIMARY KEY,
      cursor text COLLATE "C" NOT NULL DEFAULT '',
      stated integer NOT NULL DEFAULT 0
    );
  `,
};

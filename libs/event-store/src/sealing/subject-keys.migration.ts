import type { Migration } from '../migrations/migrate';

/**
 * For the schema of a store that makes keys. `wrapped` is null once the key was destroyed; the row stays, so that no new one is made and
 * what is said later about the subject is left out.
 */
export const SUBJECT_KEYS_TABLE: Migration['up'] = `
  CREATE TABLE subject_keys (
    subject text COLLATE "C" PRIMARY KEY,
    tenant text COLLATE "C" NOT NULL,
    wrapped text,
    destroyed_at timestamptz
  );
`;

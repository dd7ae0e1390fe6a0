import { SUBJECT_KEYS_TABLE, type Migration } from '@wami/event-store';

/**
 * The keys of personal data: of a subject under its top tenant's, of a tenant under the master key. The tenant '*' is the store itself: from its
 * key comes the one that names are kept under.
 */
export const SUBJECT_KEYS: Migration = {
  id: '003-subject-keys',
  up: `
    CREATE TABLE tenant_keys (
      tenant text COLLATE "C" PRIMARY KEY,
      master_key text NOT NULL,
      wrapped text NOT NULL,
      made_at timestamptz NOT NULL DEFAULT now()
    );
    ${SUBJECT_KEYS_TABLE}
  `,
};

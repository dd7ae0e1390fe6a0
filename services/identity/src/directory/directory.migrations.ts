import type { Migration } from '@wami/event-store';
import { REPAIRS } from '../repairs/repairs.migration';
import { SUBJECT_KEYS } from '../subject-keys/subject-keys.migrations';

/** Folded from identity's own events, in log order; can be made anew from them. Names are left out: nothing here is about a person. */
const DIRECTORY: Migration = {
  id: '001-directory',
  up: `
    CREATE TABLE directory_tenants (
      path text COLLATE "C" PRIMARY KEY,
      id text NOT NULL,
      parent text COLLATE "C",
      providers jsonb NOT NULL DEFAULT '[]'
    );
    CREATE INDEX directory_tenants_by_parent ON directory_tenants (parent, path);

    CREATE TABLE directory_resources (
      id text COLLATE "C" PRIMARY KEY,
      kind text NOT NULL,
      tenant text COLLATE "C" NOT NULL
    );
    CREATE INDEX directory_resources_by_tenant ON directory_resources (tenant, id);

    CREATE TABLE directory_memberships (
      id text COLLATE "C" PRIMARY KEY,
      group_id text COLLATE "C" NOT NULL,
      user_id text COLLATE "C" NOT NULL
    );
    CREATE INDEX directory_memberships_by_group ON directory_memberships (group_id, id);
    CREATE INDEX directory_memberships_by_user ON directory_memberships (user_id, id);

    -- Work that follows from an event. generation: asked for again while it was done, so it is done again.
    CREATE TABLE housekeeping_tasks (
      kind text NOT NULL,
      subject text COLLATE "C" NOT NULL,
      cause jsonb NOT NULL,
      generation bigint NOT NULL DEFAULT 1,
      attempts integer NOT NULL DEFAULT 0,
      due_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (kind, subject)
    );
    CREATE INDEX housekeeping_tasks_by_due ON housekeeping_tasks (due_at);
  `,
};

/** What policies are attached to, and what they are a permissions boundary of. */
const POLICIES: Migration = {
  id: '002-directory-of-policies',
  up: `
    CREATE TABLE directory_attachments (
      id text COLLATE "C" PRIMARY KEY,
      policy_id text COLLATE "C" NOT NULL,
      owner_id text COLLATE "C" NOT NULL
    );
    CREATE INDEX directory_attachments_by_policy ON directory_attachments (policy_id, id);
    CREATE INDEX directory_attachments_by_owner ON directory_attachments (owner_id, id);

    CREATE TABLE directory_boundaries (
      owner_id text COLLATE "C" PRIMARY KEY,
      policy_id text COLLATE "C" NOT NULL
    );
    CREATE INDEX directory_boundaries_by_policy ON directory_boundaries (policy_id);
  `,
};

/** Pauses that were not ended; `pause` is what is selected, and until when. */
const PAUSES: Migration = {
  id: '004-directory-of-pauses',
  up: `
    CREATE TABLE directory_pauses (
      id text COLLATE "C" PRIMARY KEY,
      tenant text COLLATE "C" NOT NULL,
      pause jsonb NOT NULL
    );
    CREATE INDEX directory_pauses_by_tenant ON directory_pauses (tenant, id);
  `,
};

/** What belongs to somebody and was not deleted, by that one. It is called after access keys, which were the first; login profiles stand in it as well. */
const ACCESS_KEYS: Migration = {
  id: '006-directory-of-access-keys',
  up: `
    CREATE TABLE directory_access_keys (
      id text COLLATE "C" PRIMARY KEY,
      owner_id text COLLATE "C" NOT NULL
    );
    CREATE INDEX directory_access_keys_by_owner ON directory_access_keys (owner_id, id);
  `,
};

/** Events that a release could not read, as they lie at rest, in their order. */
const LEFT_OUT: Migration = {
  id: '007-events-left-out-of-the-directory',
  up: `
    CREATE TABLE directory_left_out (
      number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text COLLATE "C" NOT NULL UNIQUE,
      source text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      event jsonb NOT NULL
    );
  `,
};

export const IDENTITY_MIGRATIONS: readonly Migration[] = [DIRECTORY, POLICIES, SUBJECT_KEYS, PAUSES, REPAIRS, ACCESS_KEYS, LEFT_OUT];

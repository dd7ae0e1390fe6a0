import { inScope, OPEN_SCHEMA, openTable, secureTable, type Migration } from '@wami/event-store';
import { DEAD_LETTERS } from '../dead-letters/dead-letters.migration';
import { REPLAYS } from '../replays/replays.migration';
import { EVENTS_BY_TYPE } from '../events/events-by-type.migration';
import { REPAIR_FINDINGS } from '../repairs/repair-findings.migration';
import { TENANT_PATH_COLUMN, TENANT_RANGE, TEXT } from '../model/table';

/** What survives every rebuild: the events as they were taken in, and the record of the read models' generations. */
const BASE: Migration = {
  id: '001-base',
  up: `
    -- The one writer takes this row's lock; seq is the number of the newest event.
    CREATE TABLE ingest (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), seq bigint NOT NULL);
    INSERT INTO ingest (seq) VALUES (0);

    -- personal is sealed, as it came; names and mail addresses stand in name, name_key and document of the resources.
    CREATE TABLE events (
      seq bigint PRIMARY KEY,
      id text COLLATE "C" NOT NULL UNIQUE,
      source text COLLATE "C" NOT NULL,
      tx bigint NOT NULL,
      pos bigint NOT NULL,
      type text COLLATE "C" NOT NULL,
      tenant text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      also text COLLATE "C",
      stream text COLLATE "C" NOT NULL,
      version integer NOT NULL,
      subject text COLLATE "C" NOT NULL,
      time text COLLATE "C" NOT NULL,
      data jsonb NOT NULL,
      personal jsonb NOT NULL,
      meta jsonb NOT NULL,
      ${TENANT_PATH_COLUMN},
      tree ${TEXT} GENERATED ALWAYS AS (split_part(tenant, '/', 1)) STORED
    );
    CREATE INDEX events_by_key ON events (key, seq);
    CREATE INDEX events_also ON events (also, seq) WHERE also IS NOT NULL;
    CREATE INDEX events_by_place ON events (source, tx, pos);
    CREATE INDEX events_by_type ON events (type, seq);
    -- In the order of seq for a whole tree: what a caller may see is narrowed within it.
    CREATE INDEX events_by_tree ON events (tree, seq);

    -- Events that could not be folded, and those of the same key that came after them.
    CREATE TABLE parked (
      number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text COLLATE "C" NOT NULL UNIQUE,
      source text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      type text COLLATE "C" NOT NULL,
      tenant text COLLATE "C" NOT NULL,
      reason text NOT NULL,
      event jsonb NOT NULL,
      parked_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX parked_by_key ON parked (source, key);

    -- applied: every event up to this number is in the generation's tables; null while it is the active one and current.
    CREATE TABLE generations (
      model text NOT NULL,
      generation integer NOT NULL,
      version integer NOT NULL,
      status text NOT NULL CHECK (status IN ('building', 'active', 'retired')),
      applied bigint,
      PRIMARY KEY (model, generation)
    );
    CREATE UNIQUE INDEX generations_one_active ON generations (model) WHERE status = 'active';
    CREATE UNIQUE INDEX generations_one_building ON generations (model) WHERE status = 'building';

    CREATE TABLE rebuilds (
      job text COLLATE "C" PRIMARY KEY,
      models text[] NOT NULL,
      versions integer[] NOT NULL,
      phase text NOT NULL CHECK (phase IN ('waiting', 'first', 'keys', 'indexes', 'catch-up', 'done', 'failed')),
      upto bigint NOT NULL DEFAULT 0,
      cursor_key text COLLATE "C" NOT NULL DEFAULT '',
      events bigint NOT NULL DEFAULT 0,
      total bigint NOT NULL DEFAULT 0,
      error text,
      created_at timestamptz NOT NULL DEFAULT now(),
      finished_at timestamptz
    );
  `,
};

/** What requests may see of it; the tables of the read models bring their own. */
const REQUEST_SCOPE: Migration = { id: '002-row-level-security', up: `${OPEN_SCHEMA} ${openTable('ingest')} ${secureTable('events', inScope(TENANT_RANGE))}` };

const ROLLBACKS: Migration = { id: '004-rollbacks', up: `ALTER TABLE rebuilds ADD COLUMN verb text NOT NULL DEFAULT 'rebuild' CHECK (verb IN ('rebuild', 'rollback'));` };

export const PROJECTION_MIGRATIONS: readonly Migration[] = [BASE, REQUEST_SCOPE, REPAIR_FINDINGS, ROLLBACKS, DEAD_LETTERS, REPLAYS, EVENTS_BY_TYPE];

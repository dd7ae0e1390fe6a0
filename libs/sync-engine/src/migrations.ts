import type { Migration } from '@wami/event-store';
import { NAMES_ON_RECORD } from './bindings/names-on-record-twice';
import { CAPABILITIES } from './capabilities/capabilities.migration';
import { LEFT_OUT_WAITS } from './capabilities/left-out-waits.migration';
import { REVIEW_TURNS } from './fold/review-turns.migration';
import { FOUND_AND_PLANNED } from './guard/found-and-planned.migration';
import { GUARD } from './guard/guard.migration';
import { IMPORTS } from './imports/imports.migration';
import { GROUNDWORK } from './issued/groundwork.migration';
import { JOBS } from './jobs/jobs.migration';
import { DEAD_LETTERS } from './dead-letters/dead-letters.migration';
import { DIRECTION } from './direction/direction.migration';
import { DRIFT } from './drift/drift.migration';
import { PAUSES } from './pauses/pauses.migration';
import { LATER_LOOKS } from './later-looks/later-looks.migration';
import { NAMES_CALLED, NAMES_GOING } from './targets/names-going.migration';
import { TRIGGERS } from './triggers/triggers.migration';
import { PACING } from './targets/pacing.migration';
import { REPLICAS } from './targets/replicas.migration';
import { PLANS } from './plans/plans.migration';
import { REPAIRS } from './repairs/repairs.migration';
import { CHECKS, TARGET_REPORTS } from './reports/reports.migration';
import { TRACES } from './tracing/traces.migration';

/** The engine's own tables, beside the event store's in the service's schema. */
export const SYNC_ENGINE_MIGRATIONS: readonly Migration[] = [{
  id: '001-engine',
  up: `
    -- What identity's events amount to. A tenant is known by its opaque id; its path is free again after its deletion.
    CREATE TABLE engine_tenants (
      id text PRIMARY KEY,
      path text NOT NULL,
      gone boolean NOT NULL,
      config jsonb NOT NULL,
      intent text NOT NULL
    );
    CREATE INDEX engine_tenants_by_path ON engine_tenants (path);

    -- document is null until the resource's own first event arrived.
    CREATE TABLE engine_resources (
      id text PRIMARY KEY,
      kind text NOT NULL,
      tenant text NOT NULL,
      subject text NOT NULL,
      version integer NOT NULL,
      deleted boolean NOT NULL,
      document jsonb,
      intent text NOT NULL
    );
    CREATE INDEX engine_resources_by_tenant ON engine_resources (tenant text_pattern_ops, id);

    CREATE TABLE engine_relations (
      owner text NOT NULL,
      facet text NOT NULL,
      other text NOT NULL,
      PRIMARY KEY (owner, facet, other)
    );
    CREATE INDEX engine_relations_by_other ON engine_relations (other);

    -- One resource at one target: what was last said of it, what is known of the cloud, and when it is looked at next.
    CREATE TABLE engine_bindings (
      account text NOT NULL,
      resource text NOT NULL,
      kind text NOT NULL,
      tenant text NOT NULL,
      subject text NOT NULL,
      stream_version integer NOT NULL,
      wanted boolean NOT NULL,
      deleted boolean NOT NULL,
      intent text NOT NULL,
      generation integer NOT NULL,
      lane smallint NOT NULL,
      due_at bigint,
      claimed boolean NOT NULL,
      state text NOT NULL,
      error_code text,
      presence jsonb,
      unfinished boolean NOT NULL,
      retry_count integer NOT NULL,
      fast_retries integer NOT NULL,
      max_retries integer,
      waiting_for text,
      connection_hold text,
      verify_since bigint,
      strategy text,
      jobs jsonb NOT NULL,
      cause jsonb NOT NULL,
      PRIMARY KEY (account, resource)
    ) WITH (fillfactor = 80);
    CREATE INDEX engine_bindings_by_resource ON engine_bindings (resource);
    CREATE INDEX engine_bindings_due ON engine_bindings (account, lane, due_at) WHERE due_at IS NOT NULL AND NOT claimed;
    CREATE INDEX engine_bindings_claimed ON engine_bindings (account) WHERE claimed;
    CREATE INDEX engine_bindings_waiting ON engine_bindings (account, waiting_for) WHERE waiting_for IS NOT NULL;

    -- One owner per target at a time; epoch fences what a former owner still tries to write.
    CREATE TABLE engine_targets (
      account text PRIMARY KEY,
      owner text,
      epoch bigint NOT NULL DEFAULT 0,
      lease_until timestamptz NOT NULL DEFAULT '-infinity',
      paused_until bigint,
      pauses integer NOT NULL DEFAULT 0,
      pause_reason text
    );

    -- Subtrees whose settings changed and whose resources have still to be looked at, from cursor on.
    CREATE TABLE engine_reviews (
      path text PRIMARY KEY,
      cursor text NOT NULL,
      retag boolean NOT NULL,
      cause jsonb NOT NULL
    );

    -- Events that this release cannot read, and the later ones of the same stream.
    CREATE TABLE engine_parked (
      stream text NOT NULL,
      version integer NOT NULL,
      problem text NOT NULL,
      event jsonb NOT NULL,
      PRIMARY KEY (stream, version)
    );
  `,
}, {
  id: '002-tried-and-held',
  up: `
    ALTER TABLE engine_bindings ADD COLUMN tried jsonb NOT NULL DEFAULT '{}', ADD COLUMN tried_ends jsonb NOT NULL DEFAULT '{}', ADD COLUMN held boolean NOT NULL DEFAULT false;
  `,
}, {
  id: '003-name-certain',
  up: 'ALTER TABLE engine_bindings ADD COLUMN name_certain boolean NOT NULL DEFAULT false;',
}, {
  id: '004-erased',
  up: `
    ALTER TABLE engine_resources ADD COLUMN erased boolean NOT NULL DEFAULT false;
    ALTER TABLE engine_bindings ADD COLUMN erased boolean NOT NULL DEFAULT false;
  `,
}, PAUSES, PLANS, IMPORTS, REPAIRS, GUARD, DRIFT, PACING, NAMES_ON_RECORD, TRACES, FOUND_AND_PLANNED, DIRECTION, LATER_LOOKS, REPLICAS, JOBS, NAMES_GOING, TRIGGERS, CAPABILITIES, REVIEW_TURNS, TARGET_REPORTS, DEAD_LETTERS, GROUNDWORK, NAMES_CALLED, CHECKS, LEFT_OUT_WAITS];

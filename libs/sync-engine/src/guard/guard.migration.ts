import type { Migration } from '@wami/event-store';

export const GUARD: Migration = {
  id: '009-guard',
  up: `
    -- Which approval a binding waits for.
    ALTER TABLE engine_bindings ADD COLUMN guarded_by text;

    -- What was let go, when: one row for each pass that took something away, counted for 24 hours.
    CREATE TABLE engine_removals (
      account text NOT NULL,
      tenant text NOT NULL,
      kind text NOT NULL,
      resource text NOT NULL,
      takes text[] NOT NULL,
      at bigint NOT NULL
    );
    CREATE INDEX engine_removals_by_tenant ON engine_removals (account, tenant, at);
    CREATE INDEX engine_removals_by_resource ON engine_removals (resource);
    CREATE INDEX engine_removals_by_time ON engine_removals (at);

    -- What may be taken away whatever the budget: named by a person one by one (at every account: ''), or approved.
    CREATE TABLE engine_removal_permits (
      resource text NOT NULL,
      take text NOT NULL,
      account text NOT NULL,
      until bigint NOT NULL,
      PRIMARY KEY (resource, take, account)
    );
    CREATE INDEX engine_removal_permits_by_time ON engine_removal_permits (until);

    -- Up to when the removals of one actor are as many as a hand can do.
    CREATE TABLE engine_removal_hands (
      actor text PRIMARY KEY,
      until bigint NOT NULL
    );
    CREATE INDEX engine_removal_hands_by_time ON engine_removal_hands (until);

    -- Lists that wait for approval. hashes: after each part. state: open, rejected, or releasing (its bindings are being made due).
    CREATE TABLE engine_approvals (
      id text PRIMARY KEY,
      account text NOT NULL,
      tenant text NOT NULL,
      subject text NOT NULL,
      state text NOT NULL,
      hashes text[] NOT NULL,
      held integer NOT NULL,
      events integer NOT NULL,
      expires_at bigint NOT NULL,
      look_at bigint NOT NULL,
      cause jsonb NOT NULL
    );
    CREATE UNIQUE INDEX engine_approvals_open ON engine_approvals (account, tenant) WHERE state = 'open';
    CREATE INDEX engine_approvals_by_look ON engine_approvals (look_at);

    -- What each of them holds. decided: it may go, or never will by itself, so it does not count as asked for. released: the binding was made due since.
    CREATE TABLE engine_held_removals (
      account text NOT NULL,
      resource text NOT NULL,
      tenant text NOT NULL,
      kind text NOT NULL,
      approval text NOT NULL,
      part integer NOT NULL,
      takes text[] NOT NULL,
      decided boolean NOT NULL DEFAULT false,
      released boolean NOT NULL DEFAULT false,
      PRIMARY KEY (account, resource)
    );
    CREATE INDEX engine_held_removals_by_approval ON engine_held_removals (approval, resource);
    CREATE INDEX engine_held_removals_by_tenant ON engine_held_removals (account, tenant);
  `,
};

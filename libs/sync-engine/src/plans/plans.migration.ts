import type { Migration } from '@wami/event-store';

export const PLANS: Migration = {
  id: '006-plans',
  up: `
    -- What a plan asks of one target, how far it is answered, and what it came to. salt: so that hashes tell nothing of names.
    CREATE TABLE engine_plans (
      plan text NOT NULL,
      account text NOT NULL,
      tenant text NOT NULL,
      subject text NOT NULL,
      asked jsonb NOT NULL,
      place smallint NOT NULL,
      expires_at bigint NOT NULL,
      cursor text NOT NULL DEFAULT '',
      salt text NOT NULL DEFAULT gen_random_uuid()::text,
      hash text NOT NULL DEFAULT '',
      counts jsonb NOT NULL DEFAULT '{}',
      events integer NOT NULL DEFAULT 0,
      state text NOT NULL DEFAULT 'planning',
      cause jsonb NOT NULL,
      PRIMARY KEY (plan, account)
    );
    CREATE INDEX engine_plans_by_account ON engine_plans (account, expires_at);

    -- What was planned to be written, and what was wanted and there when it was.
    CREATE TABLE engine_plan_operations (
      plan text NOT NULL,
      account text NOT NULL,
      resource text NOT NULL,
      desired text NOT NULL,
      observed text NOT NULL,
      PRIMARY KEY (plan, account, resource)
    );
    CREATE INDEX engine_plan_operations_by_resource ON engine_plan_operations (resource);

    ALTER TABLE engine_bindings ADD COLUMN plan jsonb;
  `,
};

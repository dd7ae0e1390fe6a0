import type { Migration } from '@wami/event-store';

/** Every service keeps one of its own, folded from identity's events. What was revoked stays, so that a log that is read again revives nothing. */
export const API_KEY_MIGRATIONS: readonly Migration[] = [{
  id: '001-api-keys',
  up: `
    CREATE TABLE api_keys (
      id text COLLATE "C" PRIMARY KEY,
      tenant text COLLATE "C" NOT NULL,
      version integer NOT NULL,
      role text NOT NULL,
      hash text COLLATE "C" NOT NULL,
      expires_at timestamptz,
      previous_hash text COLLATE "C",
      previous_until timestamptz,
      revoked boolean NOT NULL,
      used_at timestamptz
    );
    CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (hash);
    CREATE INDEX api_keys_by_previous_hash ON api_keys (previous_hash) WHERE previous_hash IS NOT NULL;
    CREATE INDEX api_keys_by_tenant ON api_keys (tenant, id) WHERE NOT revoked;
  `,
}];

import { checkpointMigrations, relayMigrations } from '@wami/event-log';
import { EVENT_STORE_MIGRATIONS, type Migration } from '@wami/event-store';
import { IDENTITY_MIGRATIONS, IDENTITY_REQUEST_SCOPE } from '@wami/identity';
import { PROJECTION_MIGRATIONS } from '@wami/projection';
import { API_KEY_MIGRATIONS } from '@wami/service-runtime';
import { SYNC_ENGINE_MIGRATIONS } from '@wami/sync-engine';
import type { Part } from './places';

/** All that makes the tables of a service in this release, by who owns them, in an order in which they can be run. */
export function migrationsOf({ service, schema, writes }: Part): ReadonlyMap<string, readonly Migration[]> {
  const own = service === 'identity' ? IDENTITY_MIGRATIONS : service === 'projection' ? PROJECTION_MIGRATIONS : SYNC_ENGINE_MIGRATIONS;
  const store: [string, readonly Migration[]][] = [['event-store', EVENT_STORE_MIGRATIONS], ['event-log-relay', relayMigrations(schema)]];
  return new Map([
    ['event-log-checkpoints', checkpointMigrations(schema)], [service, own], ...(writes ? store : []),
    ...(service === 'identity' ? [['identity-request-scope', IDENTITY_REQUEST_SCOPE] as const] : []),
    ['api-keys', API_KEY_MIGRATIONS],
  ]);
}

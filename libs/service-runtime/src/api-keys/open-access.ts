import type { EventLog } from '@wami/event-log';
import { administratorToken, apiKeyTokens, firstOf, type AccessTokens, type HealthRegistry, type Logger, type Secret } from '@wami/platform';
import type { Pool } from 'pg';
import { ApiKeyDirectory } from './api-key-directory';

export interface AccessOptions {
  readonly pool: Pool;
  readonly schema: string;
  /** Where identity's events are heard. Stays the caller's to close, like the pool, after what is opened here. */
  readonly log: EventLog;
  readonly health: HealthRegistry;
  readonly logger: Logger;
  readonly administrator: Secret;
  /** The same for every service. */
  readonly pepper: Secret;
}

export interface OpenAccess {
  /** Everybody who may call; give it to `createHttpApp`. */
  readonly tokens: AccessTokens;
  readonly keys: ApiKeyDirectory;
  close(): Promise<void>;
}

/** Who may call a service: the administrator, and who has an API key. */
export async function openAccess({ pool, schema, log, health, logger, administrator, pepper }: AccessOptions): Promise<OpenAccess> {
  const keys = await ApiKeyDirectory.open({ pool, schema, log, logger });
  health.add('api keys', () => keys.health());
  return { tokens: firstOf(administratorToken(administrator), apiKeyTokens({ lookup: keys, pepper })), keys, close: () => keys.close() };
}

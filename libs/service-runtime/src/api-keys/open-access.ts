import type { EventLog } from '@wami/event-log';
import {
  administratorToken, apiKeyTokens, firstOf, IssuerKeys, oidcTokens, type AccessTokens, type HealthRegistry, type Logger, type OidcSettings, type Secret,
} from '@wami/platform';
import type { Pool } from 'pg';
import { ApiKeyDirectory } from './api-key-directory';
import type { TellUses } from './tell-uses';

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
  /** The issuer whose access tokens are taken; undefined: none. */
  readonly oidc: OidcSettings | undefined;
  /** Where identity is another process: how it hears of uses of keys. */
  readonly tellUses?: TellUses;
}

export interface OpenAccess {
  /** Everybody who may call; give it to `createHttpApp`. */
  readonly tokens: AccessTokens;
  readonly keys: ApiKeyDirectory;
  close(): Promise<void>;
}

/** Who may call a service: the administrator, who has an API key, and who has an access token of the trusted issuer. */
export async function openAccess({ pool, schema, log, health, logger, administrator, pepper, oidc, tellUses }: AccessOptions): Promise<OpenAccess> {
  const keys = await ApiKeyDirectory.open({ pool, schema, log, logger, ...(tellUses ? { tellUses } : {}) });
  health.add('api keys', () => keys.health());
  const bearers = oidc ? [bearersOf(oidc, pepper, health)] : [];
  return { tokens: firstOf(administratorToken(administrator), apiKeyTokens({ lookup: keys, pepper }), ...bearers), keys, close: () => keys.close() };
}

/** An issuer that is away makes nobody unready: the keys it had are believed, and API keys need no issuer. */
function bearersOf(settings: OidcSettings, pepper: Secret, health: HealthRegistry): AccessTokens {
  const keys = new IssuerKeys({ issuer: settings.issuer, privateNetwork: settings.privateNetwork });
  health.add('oidc', () => ({ ok: true, ...(keys.problem === undefined ? {} : { reason: keys.problem }) }));
  return oidcTokens({ settings, keys, pepper });
}

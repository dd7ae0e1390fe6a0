import { ProviderError, type KindCapability, type ProviderAdapter, type ProviderTarget, type ResourceHandler } from '@wami/provider-port';
import { DirectoryClient } from './directory.client';
import { directorySettings } from './directory.config';
import { DirectoryHandler } from './directory.handler';
import { GROUPS, GROUPS_OF_USERS, USERS } from './kinds';

export interface DirectoryAdapterOptions {
  /** Things per page of a listing, 1 to 100 (the directory's own limit, the default). */
  readonly pageSize?: number;
}

const LARGEST_PAGE = 100;
const NOT_HELD = { supported: false, rename: false, tags: false, facets: [] } as const;

const CAPABILITIES: readonly KindCapability[] = [
  { kind: 'user', supported: true, rename: true, tags: true, facets: [GROUPS] },
  { kind: 'group', supported: true, rename: true, tags: true, facets: [] },
  { ...NOT_HELD, kind: 'policy', reason: 'the directory knows people and groups, and nothing of what they may do' },
  { ...NOT_HELD, kind: 'role', reason: 'the directory has nothing that could be assumed' },
  { ...NOT_HELD, kind: 'service-account', reason: 'the directory holds people only' },
  { ...NOT_HELD, kind: 'access-key', reason: 'the directory gives nobody keys' },
  { ...NOT_HELD, kind: 'login-profile', reason: 'the directory knows no passwords' },
  { ...NOT_HELD, kind: 'mfa-device', reason: 'the directory knows no second factors' },
  { ...NOT_HELD, kind: 'identity-provider', reason: 'the directory trusts nobody else' },
];

/** Brings users, groups and memberships to a directory with a plain REST API. */
export function createDirectoryAdapter({ pageSize = LARGEST_PAGE }: DirectoryAdapterOptions = {}): ProviderAdapter {
  return {
    provider: 'directory',
    capabilities: CAPABILITIES,
    connect(connection): ProviderTarget {
      const client = new DirectoryClient(directorySettings(connection));
      const handlers: readonly ResourceHandler[] = [USERS, GROUPS_OF_USERS].map((kind) => new DirectoryHandler(client, pageSize, kind));
      return {
        account: connection.account,
        async validateCredentials(context) {
          const { organization, principal } = await client.whoAmI(context);
          if (organization === connection.account) return { account: organization, principal };
          throw new ProviderError('AuthExpired', `the token belongs to the organization ${organization}, the connection is for ${connection.account}`);
        },
        handler: (kind) => handlers.find((handler) => handler.kind === kind),
        close: () => Promise.resolve(),
      };
    },
  };
}

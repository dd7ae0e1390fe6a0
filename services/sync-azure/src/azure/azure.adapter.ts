import { FEDERATION, type KindCapability, type ProviderAdapter, type ProviderTarget, type ResourceHandler } from '@wami/provider-port';
import { AccessKeysHandler } from './access-keys.handler';
import { POLICIES } from './attachments';
import { AzureClient } from './azure.client';
import { azureSettings } from './azure.config';
import { GroupsHandler } from './groups.handler';
import { GROUPS } from './memberships';
import { PoliciesHandler } from './policies.handler';
import { ServiceAccountsHandler } from './service-accounts.handler';
import { defaultDomain, domainOf, whoAmI } from './tenant';
import { UserNames } from './user-names';
import { UsersHandler } from './users.handler';

export interface AzureAdapterOptions {
  /** Things in a page of a listing, 1 to 999 (Graph's own limit). Users are asked for their groups twenty at a time. */
  readonly pageSize?: number;
}

const PAGE = 100;
const NO_ROLES =
  "Azure's roles are sets of permissions, which policies become there; an identity that others assume has no counterpart. Make a service account and attach policies to it";

const CAPABILITIES: readonly KindCapability[] = [
  { kind: 'user', supported: true, rename: true, tags: false, facets: [GROUPS, POLICIES] },
  { kind: 'group', supported: true, rename: true, tags: false, facets: [POLICIES] },
  { kind: 'policy', supported: true, rename: true, tags: false, facets: [] },
  { kind: 'role', supported: false, reason: NO_ROLES, rename: false, tags: false, facets: [] },
  { kind: 'service-account', supported: true, rename: true, tags: false, facets: [POLICIES, FEDERATION] },
  { kind: 'access-key', supported: true, rename: false, tags: false, facets: [] },
  { kind: 'login-profile', supported: false, reason: 'a user of Microsoft Entra ID always has a password, and this release sets no other: reset it there', rename: false, tags: false, facets: [] },
  { kind: 'mfa-device', supported: false, reason: 'who signs in to Microsoft Entra ID registers a second factor there; this release registers none', rename: false, tags: false, facets: [] },
  { kind: 'identity-provider', supported: false, reason: "in Microsoft Entra ID each application says itself whose tokens it trusts: say it in the service account's `federation`", rename: false, tags: false, facets: [] },
];

/** Brings users, groups and service accounts to Microsoft Entra ID, and policies as custom roles to an Azure subscription, a resource group or a management group. */
export function createAzureAdapter({ pageSize = PAGE }: AzureAdapterOptions = {}): ProviderAdapter {
  return {
    provider: 'azure',
    capabilities: CAPABILITIES,
    connect(connection): ProviderTarget {
      const settings = azureSettings(connection);
      const client = new AzureClient(settings);
      const names = new UserNames(domainOf(settings), (context) => defaultDomain(client, context));
      let principal: string | undefined;
      const handlers: readonly ResourceHandler[] = [
        new UsersHandler(client, pageSize, names, () => principal),
        new GroupsHandler(client, pageSize),
        new PoliciesHandler(client),
        new ServiceAccountsHandler(client, pageSize, () => principal),
        new AccessKeysHandler(client),
      ];
      return {
        account: connection.account,
        async validateCredentials(context) {
          const caller = await whoAmI(client, settings, connection.account, context);
          ({ principal } = caller);
          await names.ready(context);
          return caller;
        },
        handler: (kind) => handlers.find((handler) => handler.kind === kind),
        // The sockets of both clients end by themselves once they are idle.
        close: () => Promise.resolve(),
      };
    },
  };
}

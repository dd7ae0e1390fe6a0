import { INLINE_POLICIES, ProviderError, type KindCapability, type ProviderAdapter, type ProviderTarget, type ResourceHandler } from '@wami/provider-port';
import { AccessKeysHandler } from './access-keys.handler';
import { POLICIES } from './attachments';
import { AwsClient } from './aws.client';
import { awsSettings } from './aws.config';
import { GroupsHandler } from './groups.handler';
import { IdentityProvidersHandler } from './identity-providers.handler';
import { LoginProfilesHandler } from './login-profiles.handler';
import { GROUPS } from './memberships';
import { MfaDevicesHandler } from './mfa-devices.handler';
import { Owners } from './owners';
import { PoliciesHandler } from './policies.handler';
import { RolesHandler } from './roles.handler';
import { SERVICE_ACCOUNTS } from './user-shape';
import { UsersHandler } from './users.handler';

export interface AwsAdapterOptions {
  /** Entities per page of a listing, 1 to 1000 (AWS's own limit, the default). */
  readonly pageSize?: number;
}

const LARGEST_PAGE = 1000;

const CAPABILITIES: readonly KindCapability[] = [
  { kind: 'user', supported: true, rename: true, tags: true, facets: [GROUPS, POLICIES, INLINE_POLICIES], bounded: true },
  { kind: 'group', supported: true, rename: true, tags: false, facets: [POLICIES, INLINE_POLICIES] },
  { kind: 'policy', supported: true, rename: false, tags: true, facets: [] },
  { kind: 'role', supported: true, rename: false, tags: true, facets: [POLICIES, INLINE_POLICIES], bounded: true },
  { kind: 'service-account', supported: true, rename: true, tags: true, facets: [POLICIES, INLINE_POLICIES] },
  { kind: 'access-key', supported: true, rename: false, tags: false, facets: [] },
  { kind: 'login-profile', supported: true, rename: false, tags: false, facets: [] },
  { kind: 'mfa-device', supported: true, rename: false, tags: false, facets: [] },
  { kind: 'identity-provider', supported: true, rename: false, tags: true, facets: [] },
];

/** Brings users, groups, policies, roles, service accounts, access keys, login profiles, MFA devices and identity providers to AWS IAM. */
export function createAwsAdapter({ pageSize = LARGEST_PAGE }: AwsAdapterOptions = {}): ProviderAdapter {
  return {
    provider: 'aws',
    capabilities: CAPABILITIES,
    connect(connection): ProviderTarget {
      const client = new AwsClient(awsSettings(connection));
      const owners = new Owners(client, pageSize);
      let principal: string | undefined;
      const handlers: readonly ResourceHandler[] = [
        new UsersHandler(client, pageSize, () => principal), new GroupsHandler(client, pageSize), new PoliciesHandler(client, pageSize),
        new RolesHandler(client, pageSize, () => principal), new UsersHandler(client, pageSize, () => principal, SERVICE_ACCOUNTS), new AccessKeysHandler(client, owners),
        new LoginProfilesHandler(client, owners), new MfaDevicesHandler(client, owners, pageSize), new IdentityProvidersHandler(client, pageSize),
      ];
      return {
        account: connection.account,
        async validateCredentials(context) {
          const caller = await client.whoAmI(context);
          if (caller.account === connection.account) {
            principal = caller.principal;
            return caller;
          }
          throw new ProviderError(
            'AuthExpired',
            `the credentials belong to AWS account ${caller.account}, the connection is for ${connection.account}`,
          );
        },
        handler: (kind) => handlers.find((handler) => handler.kind === kind),
        close: async () => client.close(),
      };
    },
  };
}

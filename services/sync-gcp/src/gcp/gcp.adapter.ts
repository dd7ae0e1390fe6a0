import type { KindCapability, ProviderAdapter, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { AllowPolicy } from './allow-policy';
import { POLICIES } from './attachments';
import { GcpClient } from './gcp.client';
import { gcpSettings } from './gcp.config';
import { PoliciesHandler } from './policies.handler';
import { ServiceAccountsHandler } from './service-accounts.handler';

export interface GcpAdapterOptions {
  /** Entities per page of a listing, 1 to 1000 (Google's own limits of each kind hold besides). */
  readonly pageSize?: number;
}

const LARGEST_PAGE = 1000;
const NOT_HELD = { supported: false, rename: false, tags: false, facets: [] } as const;

const CAPABILITIES: readonly KindCapability[] = [
  { ...NOT_HELD, kind: 'user', reason: "a Google Cloud project holds no users: they live in the organisation's directory (Cloud Identity or Google Workspace), which this release does not manage" },
  { ...NOT_HELD, kind: 'group', reason: "a Google Cloud project holds no groups: they live in the organisation's Cloud Identity, which this release does not manage" },
  { ...NOT_HELD, kind: 'role', reason: 'what is assumed at Google is a service account: make one, and say in its own allow policy who may use it; this release does not manage those policies' },
  { kind: 'policy', supported: true, rename: false, tags: false, facets: [] },
  { kind: 'service-account', supported: true, rename: false, tags: false, facets: [POLICIES] },
  { ...NOT_HELD, kind: 'access-key', reason: 'this release makes no keys of service accounts; Google advises against them: let the program use workload identity' },
];

/** Brings service accounts, policies (as custom roles) and what is attached to the accounts to a project of Google Cloud. */
export function createGcpAdapter({ pageSize = LARGEST_PAGE }: GcpAdapterOptions = {}): ProviderAdapter {
  return {
    provider: 'gcp',
    capabilities: CAPABILITIES,
    connect(connection): ProviderTarget {
      const client = new GcpClient(gcpSettings(connection));
      const policy = new AllowPolicy(client);
      let principal: string | undefined;
      const handlers: readonly ResourceHandler[] = [
        new PoliciesHandler(client, policy, pageSize), new ServiceAccountsHandler(client, policy, pageSize, () => principal),
      ];
      return {
        account: connection.account,
        async validateCredentials(context) {
          const caller = await client.whoAmI(context);
          ({ principal } = caller);
          return caller;
        },
        handler: (kind) => handlers.find((handler) => handler.kind === kind),
        close: async () => client.close(),
      };
    },
  };
}

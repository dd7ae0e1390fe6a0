import type { KindCapability, ProviderAdapter, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { AccessBoundaries } from './access-boundaries';
import { AccessKeysHandler } from './access-keys.handler';
import { Addresses } from './addresses';
import { AllowPolicy } from './allow-policy';
import { Attachments, POLICIES } from './attachments';
import { BoundaryBindings } from './boundary-bindings';
import { Denials } from './denials';
import { DenyPolicies } from './deny-policies';
import { DenyPolicyCalls } from './deny-policy-calls';
import { GcpClient } from './gcp.client';
import { gcpSettings, type Directory } from './gcp.config';
import { GroupsHandler } from './groups.handler';
import { IamV3 } from './iam-v3';
import { GROUPS } from './memberships';
import { PoliciesHandler } from './policies.handler';
import { RolePolicies } from './role-policies';
import { ServiceAccountsHandler } from './service-accounts.handler';
import { UsersHandler } from './users.handler';

export interface GcpAdapterOptions {
  /** Entities per page of a listing, 1 to 1000 (Google's own limits of each kind hold besides). */
  readonly pageSize?: number;
}

const LARGEST_PAGE = 1000;
const NOT_HELD = { supported: false, rename: false, tags: false, facets: [] } as const;

const CAPABILITIES: readonly KindCapability[] = [
  { ...NOT_HELD, kind: 'user', byConnection: true, reason: "Google Cloud itself holds no users: they live in the organisation's directory (Cloud Identity or Google Workspace), and the connection names none" },
  { ...NOT_HELD, kind: 'group', byConnection: true, reason: "Google Cloud itself holds no groups: they live in the organisation's directory (Cloud Identity or Google Workspace), and the connection names none" },
  { ...NOT_HELD, kind: 'role', reason: 'what is assumed at Google is a service account: make one, and say in its own allow policy who may use it; this release does not manage those policies' },
  { kind: 'policy', supported: true, rename: false, tags: false, facets: [] },
  { kind: 'service-account', supported: true, rename: false, tags: false, facets: [POLICIES] },
  { kind: 'access-key', supported: true, rename: false, tags: false, facets: [] },
  { ...NOT_HELD, kind: 'login-profile', reason: "people sign in with their account of the organisation's directory, which is made with a password that nobody knows; this release sets no other: reset it there" },
  { ...NOT_HELD, kind: 'mfa-device', reason: 'people enrol a second factor themselves, with their account of the organisation\'s directory; no API of Google enrols one for them' },
  { ...NOT_HELD, kind: 'identity-provider', reason: 'Google Cloud keeps providers inside pools of workload identities, with mappings of attributes that nothing here says; this release makes none' },
];

/** Of a connection that names a directory. */
const IN_DIRECTORY: readonly KindCapability[] = [
  { kind: 'user', supported: true, rename: true, tags: false, facets: [GROUPS, POLICIES] },
  { kind: 'group', supported: true, rename: false, tags: false, facets: [POLICIES] },
];
/** Where principal access boundaries are held a user can be limited. */
const inDirectoryWith = (limits: BoundaryBindings | undefined): readonly KindCapability[] => (limits ? IN_DIRECTORY.map((one) => (one.kind === 'user' ? { ...one, bounded: true } : one)) : IN_DIRECTORY);
/** Of a connection for a folder or an organisation. */
const ABOVE_PROJECTS: readonly KindCapability[] = ['service-account', 'access-key'].map((kind) => (
  { ...NOT_HELD, kind, byConnection: true, reason: 'service accounts stand in a project with their keys, and this connection is for a folder or an organisation: sync them to one for their project' }
));
const capabilitiesWith = (own: readonly KindCapability[]): readonly KindCapability[] => CAPABILITIES.map((one) => own.find(({ kind }) => kind === one.kind) ?? one);

/**
 * Brings service accounts with their keys, policies (as custom roles, or as deny policies and principal access boundaries where the connection holds them) and what is attached to anybody to a project of Google Cloud, policies and what is attached to a folder or an
 * organisation, and users, groups and memberships to the organisation's directory where the connection names one.
 */
export function createGcpAdapter({ pageSize = LARGEST_PAGE }: GcpAdapterOptions = {}): ProviderAdapter {
  return {
    provider: 'gcp',
    capabilities: CAPABILITIES,
    connect(connection): ProviderTarget {
      const settings = gcpSettings(connection);
      const { directory, node } = settings;
      const isProject = node.kind === 'projects';
      const client = new GcpClient(settings);
      let principal: string | undefined;
      const whoWeAre = (): string | undefined => principal;
      const policy = new AllowPolicy(client);
      const denyPolicies = settings.denyPolicies ? new DenyPolicyCalls(client, pageSize) : undefined;
      const attachments = new Attachments(client, policy, denyPolicies && new Denials(denyPolicies, whoWeAre));
      const { accessBoundaries: organization } = settings;
      const boundaries = organization === undefined ? undefined : new AccessBoundaries(new IamV3(client, organization, 'principalAccessBoundaryPolicies', pageSize));
      const limits = organization === undefined || directory === undefined ? undefined : new BoundaryBindings(new IamV3(client, organization, 'policyBindings', pageSize), directory.customer, whoWeAre);
      const handlers: readonly ResourceHandler[] = [
        new PoliciesHandler({ roles: new RolePolicies(client, policy, pageSize), denials: denyPolicies && new DenyPolicies(denyPolicies), boundaries }),
        ...(isProject ? [new ServiceAccountsHandler(client, settings.account, attachments, pageSize, whoWeAre), new AccessKeysHandler(client, settings.account)] : []),
        ...(directory ? inDirectory(client, directory, attachments, pageSize, limits) : []),
      ];
      return {
        account: connection.account,
        ...(directory || !isProject ? { capabilities: capabilitiesWith([...(directory ? inDirectoryWith(limits) : []), ...(isProject ? [] : ABOVE_PROJECTS)]) } : {}),
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

function inDirectory(client: GcpClient, directory: Directory, attachments: Attachments, pageSize: number, limits: BoundaryBindings | undefined): readonly ResourceHandler[] {
  const addresses = new Addresses(directory.domain);
  return [new UsersHandler(client, directory, attachments, addresses, pageSize, limits), new GroupsHandler(client, directory, attachments, addresses, pageSize)];
}

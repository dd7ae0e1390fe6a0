import { startSandbox } from '../cloud/start-sandbox';
import type { Sandbox, SandboxOptions } from '../cloud/start-sandbox';
import { azureProtocol, OPERATION_NAMES } from './api';
import { isGuid } from './arm/operation';
import { AzureState } from './azure-state';
import type { Change } from './azure-state';
import { snapshotOf } from './snapshot';
import type { AzureSnapshot } from './snapshot';

export const DEFAULT_TENANT = '00000000-0000-4000-8000-000000000001';
export const DEFAULT_SUBSCRIPTION = '00000000-0000-4000-8000-000000000003';
const MANAGEMENT_GROUP = 'wami-sandbox';
export const DEFAULT_DOMAIN = 'sandbox-tenant.onmicrosoft.com';

export interface SandboxAzureOptions extends SandboxOptions {
  /** The tenant's id, a GUID; 00000000-0000-4000-8000-000000000001. */
  readonly tenant?: string;
  /** The subscription's id, a GUID; 00000000-0000-4000-8000-000000000003. */
  readonly subscription?: string;
  /** Verified domains of the tenant, the default one first; sandbox-tenant.onmicrosoft.com. */
  readonly domains?: readonly string[];
}

/** A running sandbox tenant. Its `url` is the endpoint of Microsoft Graph (`/v1.0`) and of Azure Resource Manager, with any bearer token. */
export interface SandboxAzure extends Sandbox<AzureSnapshot> {
  readonly tenant: string;
  readonly subscription: string;
  /** Name of the management group that the subscription stands in. */
  readonly managementGroup: string;
}

/**
 * Starts an Entra tenant with one subscription in a management group that speaks Microsoft Graph v1.0 (users, groups, members, applications and their passwords, service
 * principals, deleted items) and Azure RBAC (role definitions and assignments, 2022-04-01) over HTTP; kept and refused as startSandbox says.
 */
export async function startSandboxAzure(options: SandboxAzureOptions = {}): Promise<SandboxAzure> {
  const { tenant: id = DEFAULT_TENANT, subscription = DEFAULT_SUBSCRIPTION, domains = [DEFAULT_DOMAIN] } = options;
  const wrong = [id, subscription].find((text) => !isGuid(text));
  if (wrong !== undefined) throw new Error(`tenant and subscription are GUIDs, not '${wrong}'`);
  const tenant = { id, domains: domains.map((domain) => domain.toLowerCase()) };
  const sandbox = await startSandbox<AzureState, Change, AzureSnapshot>({
    cloud: 'Azure', format: 'wami-sandbox-azure-1', account: `${id}:${subscription}`, operations: OPERATION_NAMES, cleared: { type: 'cleared' },
    emptyState: () => new AzureState(), snapshot: (state) => snapshotOf(state, tenant, subscription), protocol: (context) => azureProtocol({ ...context, tenant, subscription, managementGroup: MANAGEMENT_GROUP }),
  }, options);
  return { ...sandbox, tenant: id, subscription, managementGroup: MANAGEMENT_GROUP };
}

import type { ProviderAdapter } from '@wami/provider-port';
import { SYNC_SERVICES, type SyncServiceName } from '@wami/service-runtime';
import { createAwsAdapter } from '@wami/sync-aws';
import { createAzureAdapter } from '@wami/sync-azure';
import { loadAdapter } from '@wami/sync-custom';
import { createGcpAdapter } from '@wami/sync-gcp';

/** How one provider is brought to agree. */
export interface Provided {
  readonly named: SyncServiceName;
  readonly adapter: () => ProviderAdapter;
}

const { aws, gcp, azure, custom } = SYNC_SERVICES;
const BUILT_IN: readonly (readonly [string, Provided])[] = [
  ['aws', { named: aws, adapter: createAwsAdapter }], ['gcp', { named: gcp, adapter: createGcpAdapter }], ['azure', { named: azure, adapter: createAzureAdapter }],
];

/** The providers that one machine can bring to agree, with that of the package that the operator named. @throws StartupError where it cannot be used */
export async function providersOf(adapterPackage: string | undefined): Promise<ReadonlyMap<string, Provided>> {
  if (adapterPackage === undefined) return new Map(BUILT_IN);
  const adapter = await loadAdapter(adapterPackage, process.cwd());
  return new Map([...BUILT_IN, [adapter.provider, { named: custom, adapter: () => adapter }]]);
}

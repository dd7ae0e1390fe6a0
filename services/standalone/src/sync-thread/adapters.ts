import type { ProviderAdapter } from '@wami/provider-port';
import type { SyncProvider } from '@wami/service-runtime';
import { createAwsAdapter } from '@wami/sync-aws';
import { createAzureAdapter } from '@wami/sync-azure';
import { createGcpAdapter } from '@wami/sync-gcp';

/** The providers that one machine can bring to agree. */
export const ADAPTERS: Readonly<Record<SyncProvider, () => ProviderAdapter>> = { aws: createAwsAdapter, gcp: createGcpAdapter, azure: createAzureAdapter };

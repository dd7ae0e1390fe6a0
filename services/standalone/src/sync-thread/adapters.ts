import type { ProviderAdapter } from '@wami/provider-port';
import type { SyncProvider } from '@wami/service-runtime';
import { createAwsAdapter } from '@wami/sync-aws';

/** The providers that one machine can bring to agree. */
export const ADAPTERS: Partial<Readonly<Record<SyncProvider, () => ProviderAdapter>>> = { aws: createAwsAdapter };

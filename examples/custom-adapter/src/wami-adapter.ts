import type { AdapterPackage } from '@wami/provider-port';
import { createDirectoryAdapter } from './directory/directory.adapter';

/** What WAMI looks for in a package that `WAMI_ADAPTER` names. */
export const wamiAdapter: AdapterPackage = { portVersion: 1, create: () => createDirectoryAdapter() };

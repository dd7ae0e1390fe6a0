import { DEFAULT_SYNC_CONFIG, type SyncConfig, type SyncConfigPatch, type Target } from '@wami/contracts';

/** What holds for a tenant: the settings of its line, top first, each narrowing the one before. `providers` and `tags` are replaced whole. */
export function resolveSyncConfig(lineage: readonly SyncConfigPatch[]): SyncConfig {
  return lineage.reduce<SyncConfig>((above, own) => ({
    ...above, ...own,
    triggers: { ...above.triggers, ...own.triggers },
    retry: { ...above.retry, ...own.retry },
  }), DEFAULT_SYNC_CONFIG);
}

/** The targets that a resource is wanted at: the tenant's, narrowed by the resource's own `syncToProviders` (absent: all of them). */
export function wantedTargets(config: Pick<SyncConfig, 'providers'>, syncToProviders?: readonly string[]): readonly Target[] {
  if (syncToProviders === undefined) return config.providers;
  const wanted = new Set(syncToProviders);
  return config.providers.filter(({ provider, account }) => wanted.has(provider) || wanted.has(`${provider}/${account}`));
}

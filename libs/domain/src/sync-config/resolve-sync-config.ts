import { DEFAULT_SYNC_CONFIG, type SyncConfig, type SyncConfigPatch, type Target } from '@wami/contracts';

/** What holds for a tenant: the settings of its line, top first, each narrowing the one before. `providers` and `tags` are replaced whole. */
export function resolveSyncConfig(lineage: readonly SyncConfigPatch[]): SyncConfig {
  return lineage.reduce<SyncConfig>((above, own) => ({
    ...above, ...own,
    triggers: triggersOf(above.triggers, own.triggers),
    retry: { ...above.retry, ...own.retry },
    guard: { ...above.guard, ...own.guard },
    kinds: kindsOf(above.kinds, own.kinds),
  }), DEFAULT_SYNC_CONFIG);
}

function kindsOf(above: SyncConfig['kinds'], own: SyncConfigPatch['kinds'] = {}): SyncConfig['kinds'] {
  const named = new Set([...Object.keys(above), ...Object.keys(own)]);
  return Object.fromEntries([...named].map((kind) => [kind, { ...above[kind], ...own[kind] }]));
}

/** The settings as they hold for one kind. */
export function configForKind(config: SyncConfig, kind: string): SyncConfig {
  const own = config.kinds[kind];
  return own === undefined ? config : { ...config, ...own };
}

/** A schedule of null takes away what the line above says. */
function triggersOf(above: SyncConfig['triggers'], own: SyncConfigPatch['triggers'] = {}): SyncConfig['triggers'] {
  const { schedule, ...rest } = { ...above, ...own };
  return { ...rest, ...(schedule == null ? {} : { schedule }) };
}

/** The targets that a resource is wanted at: the tenant's, narrowed by the resource's own `syncToProviders` (absent: all of them). */
export function wantedTargets(config: Pick<SyncConfig, 'providers'>, syncToProviders?: readonly string[]): readonly Target[] {
  if (syncToProviders === undefined) return config.providers;
  const wanted = new Set(syncToProviders);
  return config.providers.filter(({ provider, account }) => wanted.has(provider) || wanted.has(`${provider}/${account}`));
}

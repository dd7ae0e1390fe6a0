import { isWithinTenant, type ExplainedSetting, type SyncConfig, type SyncConfigPatch } from '@wami/contracts';
import { resolveSyncConfig } from '@wami/domain';

/** A tenant's own settings. */
export interface OwnSettings {
  readonly path: string;
  readonly config: SyncConfigPatch;
}

/** Stands for a tenant that the caller may not see. */
const ABOVE = 'a tenant above';
/** Replaced whole by the tenant below, however they look. */
const WHOLE: ReadonlySet<string> = new Set(['tags']);

/** Every setting that holds at the end of the line, and which tenant of it says so. `scope`: the caller's tenant. Pure. */
export function settingsTold(line: readonly OwnSettings[], scope: string): { readonly config: SyncConfig; readonly settings: readonly ExplainedSetting[] } {
  const config = resolveSyncConfig(line.map((tenant) => tenant.config));
  const saidBy = new Map(line.flatMap(({ path, config: own }) => flat(own).map(([setting]) => [setting, isWithinTenant(path, scope) ? path : ABOVE] as const)));
  const settings = flat(config).map(([setting, value]) => ({ setting, value, ...(saidBy.has(setting) ? { from: saidBy.get(setting) ?? ABOVE } : {}) }));
  return { config, settings };
}

/** `triggers.onCreate`, `kinds.user.deletionPolicy`, ...: each is inherited alone. */
function flat(config: object): [string, unknown][] {
  return Object.entries(config).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined) return [];
    const parts = typeof value === 'object' && value !== null && !Array.isArray(value) && !WHOLE.has(name);
    return parts ? flat(value as object).map(([part, inner]) => [`${name}.${part}`, inner]) : [[name, value]];
  });
}

import type { SyncConfig } from '@wami/contracts';
import { useLive } from '../../api/use-live';
import { settingsPath, settingsSchema } from '../tenants/read-settings';

export type Direction = SyncConfig['direction'];

/** What holds for each of these tenants, which are no more than a page tells of; nothing while it is not known. */
export function useDirections(tenants: readonly string[]): Readonly<Record<string, Direction | undefined>> {
  const names = [...new Set(tenants)].sort();
  const { value } = useLive(names.join(' '), async (client, signal) => Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await client.get(settingsPath(name), settingsSchema, { signal })).effective.direction] as const))),
    ({ type }) => type.startsWith('wami.tenant.'));
  return value ?? {};
}

import { saidSyncConfigSchema, syncConfigSchema, tenantViewSchema, type SyncConfig, type TenantView } from '@wami/contracts';
import { z } from 'zod';
import { ApiError, type Client } from '../../api/client';
import type { Line } from './settings';
import { lineOf } from './tenant-path';

export const settingsSchema = z.object({ own: saidSyncConfigSchema, effective: syncConfigSchema });
export const settingsPath = (tenant: string): string => `/v1/tenants/${encodeURIComponent(tenant)}/sync-config`;

/** How a tenant is synced, as it was read. */
export interface Settings {
  readonly tenant: TenantView;
  /** From the top, or from where the caller sees, down to this one. */
  readonly line: readonly Line[];
  readonly effective: SyncConfig;
  readonly etag: string;
}

/** @throws ApiError */
export async function readSettings(client: Client, signal: AbortSignal, path: string, scope: string): Promise<Settings> {
  const names = lineOf(path, scope);
  const [tenant, ...read] = await Promise.all([
    client.get(`/v1/tenants/${encodeURIComponent(path)}`, tenantViewSchema, { signal }), ...names.map((name) => client.getTagged(settingsPath(name), settingsSchema, { signal })),
  ]);
  const last = read.at(-1);
  if (!last) throw new ApiError(404, undefined);
  return { tenant, line: read.map(({ value: { own } }, i) => ({ tenant: names[i] ?? '', own })), effective: last.value.effective, etag: last.etag };
}

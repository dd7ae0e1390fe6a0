import { ID_PREFIXES, QUOTA_KINDS, type QuotaKind } from '@wami/contracts';
import type { Quota } from '@wami/event-store';
import type { TenantLine } from './tenants';

const prefixOf = (kind: QuotaKind): string => `${ID_PREFIXES[kind === 'api-key' ? 'apiKey' : kind]}_`;

/** What a new one of this kind in a tenant must keep to: its own quota and those of the tenants above it. */
export function quotasFor({ all }: Pick<TenantLine, 'all'>, kind: QuotaKind): { readonly quotas?: readonly Quota[] } {
  const quotas = all.flatMap(({ id, document: { path, quotas: most } }) => (most[kind] === undefined ? [] : [{ stream: id, tenant: path, prefix: prefixOf(kind), most: most[kind] }]));
  return quotas.length === 0 ? {} : { quotas };
}

/** The kind that a quota is about, as callers name it. */
export const quotaKind = (quota: Quota): string => QUOTA_KINDS.find((kind) => prefixOf(kind) === quota.prefix) ?? '';

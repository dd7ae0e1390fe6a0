import { ID_PREFIXES, QUOTA_KINDS, type QuotaKind } from '@wami/contracts';
import type { Quota } from '@wami/event-store';
import type { TenantLine } from './tenants';

const prefixOf = (kind: QuotaKind): string => `${ID_PREFIXES[kind === 'api-key' ? 'apiKey' : kind]}_`;

/** What a new one of this kind in a tenant must keep to: its own quota and those of the tenants above it. */
export function quotasFor({ all }: Pick<TenantLine, 'all'>, kind: QuotaKind): { readonly quotas?: readonly Quota[] } {
  const quotas = all.flatMap(({ id, document: { path, quotas: most } }) => (most[kind] === undefined ? [] : [{ stream: id, tenant: path, prefix: prefixOf(kind), most: most[kind] }]));
  return quotas.length === 0 ? {} : { quotas };
}

const PAUSE_PREFIX = `${ID_PREFIXES.pause}_`;
const MOST_PAUSES = 1000;

/** So many pauses may stand in a top tenant and below it: every engine looks through them. */
export function pauseQuota({ all: [top] }: Pick<TenantLine, 'all'>): { readonly quotas?: readonly Quota[] } {
  return top ? { quotas: [{ stream: top.id, tenant: top.document.path, prefix: PAUSE_PREFIX, most: MOST_PAUSES }] } : {};
}

const REPAIR_PREFIX = `${ID_PREFIXES.repair}_`;
const MOST_REPAIRS = 10;

/** So many repairs of a top tenant and what is below it may be stated at a time: they share the time of housekeeping with everybody. */
export function repairQuota({ all: [top] }: Pick<TenantLine, 'all'>): { readonly quotas?: readonly Quota[] } {
  return top ? { quotas: [{ stream: top.id, tenant: top.document.path, prefix: REPAIR_PREFIX, most: MOST_REPAIRS }] } : {};
}

const BOUNDED: Readonly<Record<string, string>> = { [PAUSE_PREFIX]: 'pause', [REPAIR_PREFIX]: 'repair' };

/** The kind that a quota is about, as callers name it. */
export const quotaKind = (quota: Quota): string => BOUNDED[quota.prefix] ?? QUOTA_KINDS.find((kind) => prefixOf(kind) === quota.prefix) ?? '';

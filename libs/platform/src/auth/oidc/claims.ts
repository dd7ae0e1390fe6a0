import { ROLES, tenantPathSchema, type Role } from '@wami/contracts';
import type { Caller } from '../caller';
import type { OidcSettings } from './oidc-config';

/** Where a token names several roles: the first of these. */
const PREFERENCE: readonly Role[] = ['admin', 'editor', 'operator', 'viewer'];

/** Tenant and role that a token gives its bearer; undefined where it gives none. Every tenant at once is nothing that a token can give. */
export function mapClaims(claims: Readonly<Record<string, unknown>>, { tenantClaim, roleClaim }: Pick<OidcSettings, 'tenantClaim' | 'roleClaim'>): Pick<Caller, 'tenant' | 'role'> | undefined {
  const tenant = tenantPathSchema.safeParse(claimOf(claims, tenantClaim));
  const named = claimOf(claims, roleClaim);
  const roles = ROLES.filter((role) => (Array.isArray(named) ? named.includes(role) : named === role));
  const role = PREFERENCE.find((one) => roles.includes(one));
  return tenant.success && role !== undefined ? { tenant: tenant.data, role } : undefined;
}

/** A claim of exactly this name, else the way into objects that its dots describe: `realm_access.roles`. */
function claimOf(claims: unknown, name: string): unknown {
  if (isRecord(claims) && Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>((value, key) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined), claims);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

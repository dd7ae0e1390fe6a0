import type { Role } from '@wami/contracts';

/** Tenants, their settings and keys are the administrator's; of a tenant, or of all. */
export const mayConfigure = (role: Role): boolean => role === 'admin';

import type { Role } from '@wami/contracts';
import type { WhoAmI } from '../api/schemas';

/** Tenants, their settings and keys are the administrator's; of a tenant, or of all. */
export const mayConfigure = (role: Role): boolean => role === 'admin';
/** An operator runs sync verbs and changes no identities, an editor the other way round. */
export const mayChange = (role: Role): boolean => role === 'editor' || role === 'admin';
export const maySync = (role: Role): boolean => role === 'operator' || role === 'admin';
/** What is of the installation and of no tenant. */
export const mayOperate = ({ role, tenant }: WhoAmI): boolean => role === 'admin' && tenant === '';

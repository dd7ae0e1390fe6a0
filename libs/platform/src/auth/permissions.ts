import type { Role } from '@wami/contracts';

/**
 * What a route asks for: `read`; `change` identities; `sync`, the sync verbs; `configure`, tenants, their settings and API keys;
 * `credentials`, make something by which somebody can act in a cloud as another.
 */
export type Permission = 'read' | 'change' | 'sync' | 'configure' | 'credentials';

/** The one table of who may do what. An operator does not change identities, and an editor runs no sync verb. */
const ALLOWED: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['read'],
  editor: ['read', 'change'],
  operator: ['read', 'sync'],
  admin: ['read', 'change', 'sync', 'configure', 'credentials'],
};

export function mayDo(role: Role, permission: Permission): boolean {
  return ALLOWED[role].includes(permission);
}

/** For a person who was refused. */
export function rolesWith(permission: Permission): Role[] {
  return (Object.keys(ALLOWED) as Role[]).filter((role) => mayDo(role, permission));
}

import { z } from 'zod';

/** Slash path of 1 to 8 segments of `[a-z0-9-]`, each at most 63 characters and not starting or ending with a hyphen. */
export const tenantPathSchema = z.string().min(1).max(255)
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\/[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?){0,7}$/,
    'a tenant id is a slash path of 1 to 8 segments of a-z, 0-9 and hyphens, each at most 63 characters')
  .meta({ id: 'TenantPath', examples: ['acme', 'acme/engineering'] });

/** The path of the parent, or undefined at the top. */
export function parentTenant(path: string): string | undefined {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? undefined : path.slice(0, cut);
}

/** The path itself and all its ancestors, top first: `a/b/c` gives `a`, `a/b`, `a/b/c`. */
export function tenantLineage(path: string): string[] {
  const segments = path.split('/');
  return segments.map((_, i) => segments.slice(0, i + 1).join('/'));
}

/** True where `path` is `scope` or one of its descendants. The empty scope holds every tenant. */
export function isWithinTenant(path: string, scope: string): boolean {
  return scope === '' || path === scope || path.startsWith(`${scope}/`);
}

/** Whether one of the patterns (a path, `acme/*` for all below it, `*`) holds for the tenant; where there are none, everyone may. */
export function isAllowedTenant(patterns: readonly string[] | undefined, tenant: string): boolean {
  return patterns === undefined || patterns.some((pattern) => {
    if (pattern === '*') return true;
    return pattern.endsWith('/*') ? isWithinTenant(tenant, pattern.slice(0, -2)) && tenant !== pattern.slice(0, -2) : tenant === pattern;
  });
}

/** Whether they hold for the tenant or for one that can be below it; the empty scope is every tenant. */
export function isAllowedWithin(patterns: readonly string[] | undefined, scope: string): boolean {
  if (scope === '' || patterns === undefined) return true;
  return isAllowedTenant(patterns, scope) || patterns.some((pattern) => isWithinTenant(pattern.replace(/\/?\*$/, ''), scope));
}

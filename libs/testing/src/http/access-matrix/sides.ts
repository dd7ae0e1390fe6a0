/** The things of one tenant that requests can name. */
export interface Side {
  readonly tenant: string;
  /** Begins every name that is given to its things. */
  readonly label: string;
  /** An id per collection: `users`, `groups`, `tenants`, `jobs`, ... */
  readonly ids: Readonly<Record<string, string>>;
  /** Token of an administrator of the tenant. */
  readonly administrator: string;
}

const UNKNOWN_TAIL = '01JD7Z5Y7N8Q9R0S1T2V3W4X5Y';

/** A side of which nothing exists, with ids of the same form. */
export function unknownSide(like: Side): Side {
  const ids = Object.fromEntries(Object.entries(like.ids).map(([collection, id]) => [collection, collection === 'tenants' ? 'nowhere/x' : `${id.slice(0, id.indexOf('_') + 1)}${UNKNOWN_TAIL}`]));
  return { ...like, tenant: 'nowhere', label: 'unknown', ids };
}

/** Everything that a request may say about a side. */
export function referencesOf(side: Side): string[] {
  return [...Object.values(side.ids), side.tenant].sort((a, b) => b.length - a.length);
}

/** The collection of what a path parameter names: that of `{userId}` is `users`, that of `/v1/groups/{id}` is `groups`. */
export function collectionOf(path: string, parameter: string): string {
  if (parameter === 'resource') return 'users';
  const kind = /^(\w+)Id$/.exec(parameter)?.[1];
  if (kind !== undefined) return kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
  return path.slice(0, path.indexOf(`/{${parameter}}`)).split('/').at(-1) ?? '';
}

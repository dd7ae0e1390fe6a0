/** Ids of old projects of an organisation stand behind its domain: `example.com:web`. */
const PROJECT_ID = /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const ABOVE_PROJECTS = /^organizations:(\d{1,19})(?::folders:(\d{1,19}))?$/;

export type PlaceKind = 'projects' | 'folders' | 'organizations';

/** Which node of Google's hierarchy a connection is for. */
export interface Place {
  readonly kind: PlaceKind;
  /** Whose allow policy says who has what: `projects/web-shop`, `folders/123`, `organizations/456`. */
  readonly scope: string;
  /** Where custom roles stand that can be given there. A folder has none of its own: those of its organisation are given. */
  readonly rolesIn: string;
}

/** `web-shop`, `organizations:456` or `organizations:456:folders:123`; undefined where an account is none of these. */
export function placeOf(account: string): Place | undefined {
  const [, organization, folder] = ABOVE_PROJECTS.exec(account) ?? [];
  if (organization === undefined) return PROJECT_ID.test(account) ? { kind: 'projects', scope: `projects/${account}`, rolesIn: `projects/${account}` } : undefined;
  const rolesIn = `organizations/${organization}`;
  return folder === undefined ? { kind: 'organizations', scope: rolesIn, rolesIn } : { kind: 'folders', scope: `folders/${folder}`, rolesIn };
}

/** As an operator calls them. */
export const IN_WORDS: Readonly<Record<PlaceKind, string>> = { projects: 'project', folders: 'folder', organizations: 'organisation' };

/** `folders/123` -> `123` */
export const idOf = (scope: string): string => scope.slice(scope.indexOf('/') + 1);

import type { Api } from './errors';
import { invalidArgument } from './errors';
import type { Operation, Operations } from './operations/operation';
import { projectOperations } from './operations/projects';
import { roleOperations } from './operations/roles';
import { serviceAccountOperations } from './operations/service-accounts';

export const OPERATIONS: Operations = { ...serviceAccountOperations, ...roleOperations, ...projectOperations };
export const OPERATION_NAMES: ReadonlySet<string> = new Set(Object.keys(OPERATIONS));

export interface Route {
  readonly name: string;
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
}

/** What every method of Google's takes. */
const SYSTEM_PARAMETERS = [
  'alt', '$alt', 'fields', '$fields', 'key', 'prettyPrint', '$prettyPrint', 'quotaUser', 'access_token', 'oauth_token', 'callback', 'uploadType', 'upload_protocol', '$.xgafv',
];

const ROUTES = Object.entries(OPERATIONS)
  .map(([name, operation]) => ({ name, operation, pattern: patternOf(operation.template) }))
  // Those with a verb first: what stands in the last place may hold a colon.
  .sort((left, right) => Number(right.operation.template.includes('}:')) - Number(left.operation.template.includes('}:')));

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}

export function findRoute(method: string, pathname: string): Route | undefined {
  for (const { name, operation, pattern } of ROUTES) {
    const found = operation.method === method ? pattern.exec(pathname) : null;
    if (found !== null) return { name, operation, path: Object.fromEntries(Object.entries(found.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)])) };
  }
  return undefined;
}

export function checkQuery({ operation }: Route, query: URLSearchParams): void {
  const unknown = [...query.keys()].find((name) => !operation.query.includes(name) && !SYSTEM_PARAMETERS.includes(name));
  if (unknown !== undefined) {
    throw invalidArgument(`Invalid JSON payload received. Unknown name "${unknown}": Cannot bind query parameter. Field '${unknown}' could not be found in request message.`);
  }
}

/** Whose words a refusal of an unknown method uses. */
export const apiOf = (pathname: string): Api => (pathname.startsWith('/v3/') ? 'cloudresourcemanager' : 'iam');

import type { Method } from 'protobufjs';
import { jsonName } from './messages';

/** The HTTP route that a method stands for, out of its `google.api.http` annotation. */
export interface Route {
  readonly verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/v1/groups/{group_id}/members/{user_id}` */
  readonly path: string;
  /** Field of the request that is the body. */
  readonly body?: string;
}

const VERBS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Undefined where the method names no route: then it is refused, whoever calls. */
export function routeOf(method: Method): Route | undefined {
  for (const option of method.parsedOptions as readonly Record<string, unknown>[] | null ?? []) {
    const rule = option['(google.api.http)'] as Readonly<Record<string, string>> | undefined;
    const verb = VERBS.find((name) => rule?.[name] !== undefined);
    const path = verb && rule?.[verb];
    if (!rule || !verb || path === undefined) continue;
    return { verb: verb.toUpperCase() as Route['verb'], path, ...(rule['body'] === undefined ? {} : { body: rule['body'] }) };
  }
  return undefined;
}

export interface RoutedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Options {
  readonly idempotencyKey?: string;
  readonly expectedVersion?: number;
  readonly waitSeconds?: number;
  readonly dryRun?: boolean;
  readonly correlationId?: string;
  readonly after?: string;
  readonly consistency?: string;
}

/** Names of parameters that are others in a query. */
const RENAMED: Readonly<Record<string, string>> = { pageSize: 'limit', pageToken: 'cursor' };
/** The answer must be on its way before the caller stops listening. */
const MARGIN_SECONDS = 0.5;

/** The HTTP request that a message stands for. `remaining`: seconds that the caller goes on listening. */
export function routed({ path, body, verb }: Route, message: Readonly<Record<string, unknown>>, remaining: number): RoutedRequest {
  const { options = {}, ...fields } = message as { options?: Options } & Record<string, unknown>;
  const inPath = new Set<string>();
  const url = path.replaceAll(/\{(\w+)\}/g, (_all, field: string) => {
    inPath.add(jsonName(field));
    return segment(String(fields[jsonName(field)] ?? ''));
  });
  const query = new URLSearchParams(options.dryRun === true ? { dryRun: 'true' } : {});
  for (const [name, value] of Object.entries(fields)) {
    if (inPath.has(name) || name === body) continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(RENAMED[name] ?? name, String(one));
  }
  const payload = body === undefined ? undefined : fields[jsonName(body)] ?? {};
  return {
    url: query.size === 0 ? url : `${url}?${query.toString()}`, headers: headersOf(options, verb, remaining), ...(payload === undefined ? {} : { body: payload }),
  };
}

/** One segment of a path, whatever the text: an empty one or dots would name another route, so they become an id that nothing has. */
function segment(text: string): string {
  return /^\.{0,2}$/.test(text) ? '-' : encodeURIComponent(Buffer.from(text).toString());
}

function headersOf({ idempotencyKey, expectedVersion, waitSeconds, correlationId, after, consistency }: Options, verb: Route['verb'], remaining: number): Record<string, string> {
  const wait = waitSeconds === undefined ? undefined : Math.max(0, Math.floor(Math.min(waitSeconds, remaining - MARGIN_SECONDS)));
  const given: Readonly<Record<string, string | undefined>> = {
    'content-type': verb === 'GET' || verb === 'DELETE' ? undefined : 'application/json', 'idempotency-key': idempotencyKey || undefined,
    'if-match': expectedVersion === undefined ? undefined : `"${expectedVersion}"`, prefer: wait === undefined ? undefined : `wait=${wait}`,
    'x-correlation-id': correlationId || undefined, 'wami-after': after || undefined, 'wami-consistency': consistency || undefined,
  };
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

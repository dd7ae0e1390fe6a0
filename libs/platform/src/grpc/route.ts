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
  readonly expectedVersion?: number;
  readonly waitSeconds?: number;
  readonly dryRun?: boolean;
  readonly after?: string;
  readonly consistency?: string;
}
type Fields = Readonly<Record<string, unknown>>;

/** Names of parameters that are others in a query. */
export const RENAMED: Readonly<Record<string, string>> = { pageSize: 'limit', pageToken: 'cursor' };
/** The answer must be on its way before the caller stops listening. */
const MARGIN_SECONDS = 0.5;
/** Of a read that waits and does not say how long. */
const USUAL_WAIT_SECONDS = 30;

/** The HTTP request that a message stands for. `remaining`: seconds that the caller goes on listening. */
export function routed({ path, body }: Route, message: Fields, remaining: number): RoutedRequest {
  const { options = {}, ...fields } = message as { options?: Options } & Fields;
  const elsewhere = new Set(body === undefined ? [] : [jsonName(body)]);
  const url = path.replaceAll(/\{(\w+)\}/g, (_all, field: string) => {
    elsewhere.add(jsonName(field));
    return segment(String(fields[jsonName(field)] ?? ''));
  });
  const waits = fields['settled'] === true ? { wait: within(Number(fields['wait'] ?? USUAL_WAIT_SECONDS), remaining) } : {};
  const query = new URLSearchParams(options.dryRun === true ? { dryRun: 'true' } : {});
  for (const [name, value] of Object.entries({ ...fields, ...waits })) {
    if (elsewhere.has(name)) continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(RENAMED[name] ?? name, String(one));
  }
  const payload = body === undefined ? undefined : fields[jsonName(body)] ?? {};
  return {
    url: query.size === 0 ? url : `${url}?${query.toString()}`, headers: headersOf(options, remaining), ...(payload === undefined ? {} : { body: payload }),
  };
}

/** One segment of a path, whatever the text: an empty one or dots would name another route, so they become an id that nothing has. */
function segment(text: string): string {
  return /^\.{0,2}$/.test(text) ? '-' : encodeURIComponent(text);
}

const within = (seconds: number, remaining: number): number => Math.max(0, Math.floor(Math.min(seconds, remaining - MARGIN_SECONDS)));

function headersOf({ expectedVersion, waitSeconds, after, consistency }: Options, remaining: number): Record<string, string> {
  return {
    ...(expectedVersion === undefined ? {} : { 'if-match': `"${expectedVersion}"` }), ...(waitSeconds === undefined ? {} : { prefer: `wait=${within(waitSeconds, remaining)}` }),
    ...(after ? { 'wami-after': after } : {}), ...(consistency ? { 'wami-consistency': consistency } : {}),
  };
}

import { examplePath, pathVariants } from './path-variants';
import { rawStatus, type RawRequest } from './raw-request';
import type { ProbedRoute } from './routes-of';

export interface RouteProbeOptions {
  /** Where the application listens: `http://127.0.0.1:8080`. */
  readonly origin: string;
  readonly routes: readonly ProbedRoute[];
  /** A token that may do everything. */
  readonly token: string;
  /** Routes that answer without a token, as `GET /health/live`; every other route that does is a bypass. A path may end with `*`. */
  readonly publicRoutes: readonly string[];
  /** Writes that may come without a body, as `POST /v1/projection/verify`; what they are sent must fit all the same. */
  readonly bodyOptional?: readonly string[];
}

export interface RouteBypass {
  readonly what: 'answered without a token' | 'took an invalid body' | 'broke';
  readonly request: string;
  readonly status: number;
}

export interface RouteProbeReport {
  readonly routes: number;
  readonly variants: number;
  readonly requests: number;
  readonly bypasses: readonly RouteBypass[];
}

interface Probe extends RawRequest {
  readonly name: string;
  readonly fault: RouteBypass['what'];
}

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
/** What nobody owns, in every place where a token could be looked for. */
const NO_TOKENS: readonly Readonly<Record<string, string>>[] = [
  {}, { authorization: '' }, { authorization: 'Bearer' }, { authorization: 'Bearer ' }, { authorization: 'Bearer undefined' }, { authorization: 'Bearer null' },
  { authorization: 'Basic YWRtaW46YWRtaW4=' }, { cookie: 'token=x; authorization=Bearer x' }, { 'x-forwarded-user': 'admin', 'x-forwarded-for': '127.0.0.1' },
  { 'x-original-url': '/health/live', 'x-rewrite-url': '/health/live' },
];
const INVALID_BODIES = ['{"no-such-field":1}', '[]', '[{}]', 'null', '"text"', '1', '{"__proto__":{"a":1}}', '{"constructor":{"prototype":{}}}', '{', ''];
const CONTENT_TYPES = [
  'application/json', 'application/merge-patch+json', 'Application/JSON; charset=UTF-8', 'application/json; charset=utf-16', 'application/json;', 'application/json, text/plain',
  'text/plain', 'text/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/octet-stream', 'application/cbor', 'a/b', ';', '',
];
const PARALLEL = 16;

/**
 * Assurance test 11: every route in every form that a router and a guard may read differently. Without a token nothing but the public
 * routes may answer 2xx; with one no write may take a body that does not fit; nothing may answer 500.
 */
export async function probeRoutes(options: RouteProbeOptions): Promise<RouteProbeReport> {
  const { origin, routes } = options;
  const probes = distinct(routes.flatMap((route) => probesOf(route, options)));
  const bypasses: RouteBypass[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let probe = probes[next++]; probe; probe = probes[next++]) {
      const status = await rawStatus(origin, probe);
      const what = status >= 200 && status < 300 ? probe.fault : status === 500 ? 'broke' : undefined;
      if (what) bypasses.push({ what, request: `${probe.method} ${probe.target} (${probe.name})`, status });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
  return { routes: routes.length, variants: Math.round(probes.length / Math.max(1, routes.length)), requests: probes.length, bypasses };
}

/** Routes of one path share most of what they are asked in other methods. */
function distinct(probes: readonly Probe[]): readonly Probe[] {
  const seen = new Set<string>();
  return probes.filter(({ method, target, headers, body, fault }) => {
    const request = JSON.stringify([method, target, headers, body, fault]);
    return !seen.has(request) && seen.add(request);
  });
}

/** One line for the log of a test run: what was left out would be missing from the numbers. */
export function describeProbes(report: RouteProbeReport): string {
  return `routes x variants: ${report.routes} x ${report.variants} (${report.requests} requests), bypass ${report.bypasses.length}`;
}

function probesOf(route: ProbedRoute, options: RouteProbeOptions): Probe[] {
  return [...(isPublic(route, options.publicRoutes) ? [] : withoutToken(route, options)), ...(WITH_BODY.has(route.method) ? invalidBodies(route, options) : [])];
}

function withoutToken({ method, path }: ProbedRoute, { origin }: RouteProbeOptions): Probe[] {
  const body = WITH_BODY.has(method) ? { body: '{}', headers: { 'content-type': 'application/json' } } : {};
  const fault = 'answered without a token';
  const methods = [...new Set([method, 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'])];
  const forms = pathVariants(path, origin).flatMap(({ name, target }) => methods.map((form) => ({ name: `${name}, ${form} of ${method}`, method: form, target, fault, ...(form === method ? body : {}) }) as const));
  const tokens = NO_TOKENS.map((headers) => ({ name: `headers ${JSON.stringify(headers)}`, method, target: examplePath(path), fault, ...body, headers: { ...body.headers, ...headers } }) as const);
  const overrides = ['x-http-method-override', 'x-http-method', 'x-method-override'].flatMap((header) =>
    ['GET', 'POST', 'OPTIONS'].map((form) => ({ name: `${header}: ${method}`, method: form, target: examplePath(path), headers: { [header]: method }, fault }) as const));
  return [...forms, ...tokens, ...overrides];
}

function invalidBodies({ method, path }: ProbedRoute, { origin, token, bodyOptional = [] }: RouteProbeOptions): Probe[] {
  const authorization = `Bearer ${token}`;
  const fault = 'took an invalid body';
  const invalid = INVALID_BODIES.filter((body) => body !== '' || !bodyOptional.includes(`${method} ${path}`));
  // What is read of a body and how it is read hardly meet: each body in the usual type, and the usual ones in each type.
  const bodies = invalid.flatMap((body, i) => CONTENT_TYPES.filter((_, j) => i < 2 || j === 0).map((type) =>
    ({ name: `${type || 'no type'}: ${body || 'no body'}`, method, target: examplePath(path), headers: { authorization, 'content-type': type }, body, fault }) as const));
  const forms = pathVariants(path, origin).map(({ name, target }) =>
    ({ name, method, target, headers: { authorization, 'content-type': 'application/json' }, body: '{"no-such-field":1}', fault }) as const);
  return [...bodies, ...forms];
}

function isPublic({ method, path }: ProbedRoute, publicRoutes: readonly string[]): boolean {
  return publicRoutes.some((route) => {
    const [verb, pattern = ''] = route.split(' ');
    return (verb === method || (verb === 'GET' && method === 'HEAD')) && (pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern);
  });
}

import type { FastifyInstance } from 'fastify';
import { ProblemError } from './problem-error';
import { sendProblem } from './problem.filter';

/** A path that exists under other methods is 405 with `Allow`, not 404 (RFC 9110, 15.5.6). Paths are no secret: the OpenAPI document lists them. */
export function refuseOtherMethods(instance: Pick<FastifyInstance, 'addHook'>): void {
  const routes = new Map<string, { readonly path: RegExp; readonly methods: Set<string> }>();
  instance.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { path: pathPattern(url), methods: new Set() };
    for (const one of [method].flat()) route.methods.add(one);
    routes.set(url, route);
  });
  instance.addHook('onRequest', (request, reply, done) => {
    const path = request.url.split('?', 1)[0] ?? '';
    // A name of its own is no value of a parameter: `DELETE /v1/policies/simulate` means no policy.
    const own = routes.get(path)?.methods;
    if (own?.has(request.method) || (!own && !request.is404)) return done();
    const allowed = own ?? new Set([...routes.values()].filter((route) => route.path.test(path)).flatMap(({ methods }) => [...methods]));
    if (allowed.size === 0 || allowed.has(request.method)) return done();
    const allow = [...allowed].sort().join(', ');
    sendProblem(new ProblemError('MethodNotAllowed', { detail: `allowed here: ${allow}`, headers: { allow } }), request, reply);
  });
}

/** `/v1/users/:id` as a pattern; a route that takes everything stands for no path. */
function pathPattern(url: string): RegExp {
  if (url === '*' || url === '/*') return /(?!)/;
  const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const parts = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : literal(part)));
  return new RegExp(`^${parts.join('/')}$`);
}

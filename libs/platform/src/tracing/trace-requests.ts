import { isTracing, readTraceparent, startSpan, type Span } from '@wami/tracing';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GRPC_HEADER } from '../limits/request-class';

/** Asked again and again by machines, and nobody's change. */
const UNTOLD = /^\/(health|metrics|openapi|docs)/;

/**
 * A span for each request, by its route and never by its path. What the request hands on or writes into events belongs to that span: as behind a
 * proxy that traces, its own `traceparent` takes the place of the caller's. gRPC calls and operations of a batch come by here too.
 */
export function traceRequests(instance: Pick<FastifyInstance, 'addHook'>): void {
  if (!isTracing()) return;
  const spans = new WeakMap<FastifyRequest, Span>();
  instance.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const span = UNTOLD.test(route) ? undefined : startSpan(`${request.method} ${route}`, {
      kind: 'server', parent: readTraceparent(request.headers['traceparent']),
      attributes: { 'http.request.method': request.method, 'http.route': route, 'rpc.system': request.headers[GRPC_HEADER] === undefined ? undefined : 'grpc' },
    });
    if (span) {
      spans.set(request, span);
      request.raw.headers['traceparent'] = span.traceparent;
    }
    done();
  });
  instance.addHook('onResponse', (request, reply, done) => {
    spans.get(request)?.end({ 'http.response.status_code': reply.statusCode }, reply.statusCode >= 500 ? String(reply.statusCode) : undefined);
    done();
  });
}

import type { DynamicModule, Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createZodValidationPipe } from 'nestjs-zod';
import { ACCESS_TOKENS, type AccessTokens } from '../auth/access-tokens';
import { AccessGuard } from '../auth/access.guard';
import { WhoAmIController } from '../auth/whoami.controller';
import { StartupError } from '../config/startup-error';
import { HealthController } from '../health/health.controller';
import { HealthRegistry } from '../health/health-registry';
import { newId } from '../ids';
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from '../limits/http-limits';
import { limitRequests } from '../limits/limit-requests';
import type { Logger } from '../logging/logger';
import { MetricsController } from '../metrics/metrics.controller';
import { measureRequests, Metrics } from '../metrics/metrics';
import { traceRequests } from '../tracing/trace-requests';
import { refuseOtherMethods } from './allowed-methods';
import { answerClientError } from './client-errors';
import { acceptJsonBodies } from './json-body';
import { ProblemFilter, sendProblem, toProblemError } from './problem.filter';
import { serveOpenApi } from './openapi';
import { cutSilentConnections } from './silent-connections';
import { TenantScopeInterceptor } from './tenant-scope.interceptor';

export interface HttpAppOptions {
  /** For the OpenAPI document. */
  readonly title: string;
  readonly modules: readonly (Type | DynamicModule)[];
  readonly tokens: AccessTokens;
  readonly health: HealthRegistry;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Default: those of docs/configuration.md. */
  readonly limits?: HttpLimits;
}

const KIB = 1024;
const BODY_LIMIT = 1024 * KIB;
const BATCH_BODY_LIMIT = 8 * BODY_LIMIT;
/** Of a route that has none would be that of the server: the longest that a timer can run stands for none. */
const NO_LIMIT_MS = 2 ** 31 - 1;
/** Routes that wait or stream have limits of their own: `Prefer: wait` ends after 60 s, a stream sends a heartbeat. */
const LONG_ROUTES = /^\/v1\/(events|event-replays|batch|sync|users|groups|roles|policies|service-accounts|identity-providers|tenants|imports|repairs|resources|sync-states|sync-summary|jobs|plans|projection)/;

/** Nest on Fastify with everything that each service must not forget: default deny, limits, problem+json, health, metrics, OpenAPI. */
export async function createHttpApp(options: HttpAppOptions): Promise<NestFastifyApplication> {
  const { limits = DEFAULT_HTTP_LIMITS } = options;
  const adapter = new FastifyAdapter({
    forceCloseConnections: 'idle', return503OnClosing: true, bodyLimit: BODY_LIMIT, requestTimeout: 30_000, connectionTimeout: 60_000,
    keepAliveTimeout: 72_000, handlerTimeout: 15_000, trustProxy: limits.trustedProxies.length > 0 && [...limits.trustedProxies],
    // Node looks for requests that take too long to arrive only so often.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000, maxHeaderSize: 16 * KIB }, routerOptions: { maxParamLength: 1024 }, genReqId: () => newId('request'),
    clientErrorHandler: answerClientError,
    // What is refused before a route is found: a path that cannot be decoded.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => sendProblem(toProblemError(error), request, reply),
  });
  const instance = adapter.getInstance();
  instance.addHook('onRoute', (route) => {
    if (route.url === '/v1/batch') route.bodyLimit = BATCH_BODY_LIMIT;
    if (LONG_ROUTES.test(route.url)) route.handlerTimeout = NO_LIMIT_MS;
  });
  instance.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id).header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    done();
  });
  measureRequests(instance, options.metrics);
  traceRequests(instance);
  limitRequests(instance, { limits, metrics: options.metrics });
  refuseOtherMethods(instance);
  cutSilentConnections(instance);
  const app = await NestFactory.create<NestFastifyApplication>(rootModule(options), adapter, { logger: false, bodyParser: false, abortOnError: false });
  acceptJsonBodies(instance as never);
  await serveOpenApi(app, options.title);
  return app;
}

class HttpRootModule {}

function rootModule({ modules, tokens, health, metrics, logger }: HttpAppOptions): DynamicModule {
  return {
    module: HttpRootModule, imports: [...modules], controllers: [HealthController, MetricsController, WhoAmIController],
    providers: [
      { provide: ACCESS_TOKENS, useValue: tokens }, { provide: HealthRegistry, useValue: health }, { provide: Metrics, useValue: metrics },
      { provide: APP_GUARD, useClass: AccessGuard }, { provide: APP_FILTER, useValue: new ProblemFilter(logger) },
      { provide: APP_INTERCEPTOR, useClass: TenantScopeInterceptor }, { provide: APP_PIPE, useClass: createZodValidationPipe() },
    ],
  };
}

/** Binds; the address that callers can use comes back. @throws StartupError where the port is taken. */
export async function listen(app: NestFastifyApplication, port: number, host: string): Promise<string> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') throw new StartupError(`Port ${port} on ${host} is in use. Stop what uses it, or set WAMI_HTTP_PORT (0 picks a free port).`);
    if (code === 'EACCES') throw new StartupError(`Port ${port} on ${host} may not be bound by this user. Set WAMI_HTTP_PORT to a port above 1023.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new StartupError(`This machine has no address ${host}. Set WAMI_HOST.`);
    throw error;
  }
  const address = app.getHttpServer().address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${bound}`;
}

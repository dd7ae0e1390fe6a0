import { logVerbosity, Server, ServerCredentials, setLogVerbosity, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Method, Service } from 'protobufjs';
import type { AccessTokens } from '../auth/access-tokens';
import { StartupError } from '../config/startup-error';
import type { HealthRegistry } from '../health/health-registry';
import type { Logger } from '../logging/logger';
import { DEFAULT_HTTP_LIMITS } from '../limits/http-limits';
import { definitionOf, lazyDefinitionOf, nameOf } from './definitions';
import { GrpcHealth } from './health';
import { loadMessages, servicesOf } from './messages';
import { serveReflection } from './reflection';
import { RichStatus } from './rich-status';
import { guardServer } from './server-guard';
import { Streams, type GrpcStream } from './streams';
import { unary } from './unary';

export interface GrpcOptions {
  /** Its routes are what the methods stand for. */
  readonly app: NestFastifyApplication;
  /** Full names: `wami.v1.Users`. */
  readonly services: readonly string[];
  /** By full name of the method: `wami.v1.Events.WatchEvents`. */
  readonly streams?: Readonly<Record<string, GrpcStream>>;
  readonly tokens: AccessTokens;
  readonly health: HealthRegistry;
  readonly logger: Logger;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Open at a time; more are closed at once. */
  readonly connections?: number;
  /** A stream whose caller takes nothing for so long is ended; default 10 000. */
  readonly slowClientMs?: number;
}

export interface RunningGrpc {
  /** `127.0.0.1:50051` */
  readonly address: string;
  /** Takes no new call, ends the streams, and lets the calls in flight end. */
  close(): Promise<void>;
}

const HEALTH = 'grpc.health.v1.Health';
const MIB = 1024 * 1024;
/** In progress at a time, of one connection. */
const MOST_CALLS = 100;
/** Calls in flight may take so long when the server closes. */
const DRAIN_MS = 10_000;
const SLOW_CLIENT_MS = 10_000;
const LIMITS = {
  'grpc.max_receive_message_length': MIB, 'grpc.max_concurrent_streams': MOST_CALLS, 'grpc.max_metadata_size': 16 * 1024,
  // A peer that does not answer a ping is gone; a connection without a call is let go after five minutes.
  'grpc.keepalive_time_ms': 60_000, 'grpc.keepalive_timeout_ms': 20_000, 'grpc.max_connection_idle_ms': 300_000,
};

/** The gRPC side of an HTTP app. @throws StartupError where the port cannot be bound. */
export async function startGrpc(options: GrpcOptions): Promise<RunningGrpc> {
  const { app, services, streams = {}, tokens, health, logger } = options;
  const root = loadMessages();
  const rich = new RichStatus(root);
  const http = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const served = new GrpcHealth(health, new Set(services));
  const stop = new AbortController();
  // What it has to say is said by our own lines.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server(LIMITS);
  const streaming = new Streams({ http, tokens, rich, logger, stop: stop.signal, slowClientMs: options.slowClientMs ?? SLOW_CLIENT_MS });
  for (const service of servicesOf(root, services)) {
    server.addService(lazyDefinitionOf(service), implementation(service, (method) => (method.responseStream
      ? streaming.handler(method, streams[nameOf(method)])
      : unary(method, { http, rich, logger }))));
  }
  server.addService(definitionOf(root.lookupService(HEALTH)), served.implementation);
  serveReflection(server, root, [...services, HEALTH], stop.signal);
  const bound = await bind(server, options);
  guardServer(server, options.connections ?? DEFAULT_HTTP_LIMITS.connections);
  return {
    address: `${options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host}:${bound}`,
    async close() {
      served.stop();
      stop.abort();
      await drained(server);
    },
  };
}

function implementation(service: Service, handlerOf: (method: Method) => UntypedServiceImplementation[string]): UntypedServiceImplementation {
  return Object.fromEntries(service.methodsArray.map((method) => [method.name, handlerOf(method)]));
}

async function bind(server: Server, { host, port }: GrpcOptions): Promise<number> {
  try {
    return await new Promise((resolve, reject) => {
      server.bindAsync(`${host.includes(':') ? `[${host}]` : host}:${port}`, ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
    });
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] ?? '' : '';
    if (why.includes('EADDRINUSE')) throw new StartupError(`Port ${port} on ${host} is in use. Stop what uses it, or set WAMI_GRPC_PORT (0 picks a free port).`);
    throw new StartupError(`gRPC cannot listen on port ${port} of ${host}: ${why}. Set WAMI_HOST, or WAMI_GRPC_PORT (0 picks a free port).`);
  }
}

function drained(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.forceShutdown(), DRAIN_MS);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}


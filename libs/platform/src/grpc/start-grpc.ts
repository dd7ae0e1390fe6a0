import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Method, Service, Type } from 'protobufjs';
import type { AccessTokens } from '../auth/access-tokens';
import { StartupError } from '../config/startup-error';
import type { HealthRegistry } from '../health/health-registry';
import { describeError, type Logger } from '../logging/logger';
import { GrpcHealth } from './health';
import { loadMessages, readMessage, servicesOf, writeMessage } from './messages';
import { serveReflection } from './reflection';
import { RichStatus } from './rich-status';
import { streaming, type GrpcStream } from './streams';
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
  /** 0 picks a free one. Undefined: `usualPort`, or a free one where that is taken. */
  readonly port: number | undefined;
  readonly usualPort: number;
}

export interface RunningGrpc {
  /** `127.0.0.1:50051` */
  readonly address: string;
  /** Takes no new call, ends the streams, and lets the calls in flight end. */
  close(): Promise<void>;
}

const HEALTH = 'grpc.health.v1.Health';
const MIB = 1024 * 1024;
/** Calls in flight may take so long when the server closes. */
const DRAIN_MS = 10_000;
const LIMITS = {
  'grpc.max_receive_message_length': MIB, 'grpc.max_concurrent_streams': 100, 'grpc.max_metadata_size': 16 * 1024,
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
  const server = new Server(LIMITS);
  for (const service of servicesOf(root, services)) {
    server.addService(definitionOf(service), implementation(service, (method) => (method.responseStream
      ? streaming(method, streams[nameOf(method)], { tokens, rich, logger, stop: stop.signal })
      : unary(method, { http, rich, logger }))));
  }
  server.addService(definitionOf(root.lookupService(HEALTH)), served.implementation);
  serveReflection(server, [...services, HEALTH]);
  const bound = await bindWhereAsked(server, options);
  return {
    address: `${options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host}:${bound}`,
    async close() {
      served.stop();
      stop.abort();
      await drained(server);
    },
  };
}

export const nameOf = (method: Method): string => `${method.parent?.fullName.slice(1) ?? ''}.${method.name}`;

function definitionOf(service: Service): ServiceDefinition {
  return Object.fromEntries(service.methodsArray.map((method) => {
    const [asked, answered] = [method.resolvedRequestType as Type, method.resolvedResponseType as Type];
    return [method.name, {
      path: `/${service.fullName.slice(1)}/${method.name}`, requestStream: false, responseStream: method.responseStream === true,
      requestDeserialize: (bytes: Buffer) => readMessage(asked, bytes), requestSerialize: (json: object) => writeMessage(asked, json),
      responseSerialize: (json: object) => writeMessage(answered, json), responseDeserialize: (bytes: Buffer) => readMessage(answered, bytes),
    }];
  }));
}

function implementation(service: Service, handlerOf: (method: Method) => UntypedServiceImplementation[string]): UntypedServiceImplementation {
  return Object.fromEntries(service.methodsArray.map((method) => [method.name, handlerOf(method)]));
}

async function bindWhereAsked(server: Server, { host, port, usualPort, logger }: GrpcOptions): Promise<number> {
  if (port !== undefined) return bind(server, host, port);
  try {
    return await bind(server, host, usualPort);
  } catch (error) {
    const bound = await bind(server, host, 0);
    logger.warn({ ...describeError(error), bound }, 'the usual port of gRPC is taken; it listens on another');
    return bound;
  }
}

async function bind(server: Server, host: string, port: number): Promise<number> {
  try {
    return await new Promise((resolve, reject) => {
      server.bindAsync(`${host.includes(':') ? `[${host}]` : host}:${port}`, ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
    });
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] ?? '' : '';
    throw new StartupError(`gRPC cannot listen on port ${port} of ${host}: ${why}. Stop what uses it, or set WAMI_GRPC_PORT (0 picks a free port).`);
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


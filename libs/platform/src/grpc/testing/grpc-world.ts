import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually, GrpcClient } from '@wami/testing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../../auth/access';
import type { AccessTokens } from '../../auth/access-tokens';
import { HealthRegistry } from '../../health/health-registry';
import { createHttpApp, listen } from '../../http/create-http-app';
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from '../../limits/http-limits';
import { silentLogger } from '../../logging/logger';
import { Metrics } from '../../metrics/metrics';
import { startGrpc, type RunningGrpc } from '../start-grpc';
import type { GrpcStream } from '../streams';

/** What the routes and streams of a test see and wait for. */
export class Scene {
  readonly headers: Record<string, unknown>[] = [];
  readonly held: (() => void)[] = [];
  hungUp = 0;
  streams = 0;
  ended = 0;
  sent = 0;
  /** Tokens that are refused from now on. */
  readonly revoked = new Set<string>();

  hold(reply: FastifyReply): Promise<void> {
    reply.raw.once('close', () => { if (!reply.raw.writableEnded) this.hungUp += 1; });
    return new Promise((go) => { this.held.push(go); });
  }

  letGo(): void {
    for (const go of this.held.splice(0)) go();
  }
}

const SLOW_CLIENT_MS = 1000;

/** A service with a route and streams, over gRPC. */
export interface GrpcWorld {
  readonly scene: Scene;
  readonly grpc: RunningGrpc;
  readonly client: GrpcClient;
  readonly health: HealthRegistry;
  connect(): GrpcClient;
  close(): Promise<void>;
}

export async function openGrpcWorld(limits: Partial<HttpLimits> = {}): Promise<GrpcWorld> {
  const scene = new Scene();
  const health = new HealthRegistry();
  const all = { ...DEFAULT_HTTP_LIMITS, ...limits };
  const app = await appOf(scene, health, all);
  const grpc = await startGrpc({
    app, services: ['wami.v1.Users', 'wami.v1.Events', 'wami.v1.SyncStates'], streams: { 'wami.v1.Events.WatchEvents': endless(scene) }, tokens: tokensOf(scene),
    health, logger: silentLogger, host: '127.0.0.1', port: 0, connections: all.connections, slowClientMs: SLOW_CLIENT_MS,
  });
  const clients: GrpcClient[] = [];
  const connect = (): GrpcClient => {
    const client = new GrpcClient(grpc.address);
    clients.push(client);
    return client;
  };
  return {
    scene, grpc, health, client: connect(), connect,
    async close() {
      scene.letGo();
      for (const client of clients) client.close();
      await grpc.close();
      await app.close();
    },
  };
}

/** Resolves when so many requests are held by their routes. */
export const untilHeld = (scene: Scene, count: number): Promise<unknown> => eventually(() => scene.held.length === count, { timeoutMs: 10_000, describe: `${count} held` });

const tokensOf = (scene: Scene): AccessTokens => ({
  callerOf: (token) => Promise.resolve(token === 'nobody' || scene.revoked.has(token) ? undefined
    : { actor: token, role: token === 'viewer' ? 'viewer' : 'admin', tenant: 'acme' }),
});

/** Goes on for as long as it is taken; with `after: few` after two messages there is nothing more to say. */
function endless(scene: Scene): GrpcStream {
  return {
    access: { permission: 'read', of: 'tenant' },
    async run({ request, signal, send }) {
      scene.streams += 1;
      try {
        for (let count = 0; request['after'] !== 'few' || count < 2; count++) {
          await send({ id: String(count), subject: 'x'.repeat(1000) });
          scene.sent += 1;
        }
        await new Promise((_resolve, reject) => { signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }); });
      } finally {
        scene.ended += 1;
      }
    },
  };
}

async function appOf(scene: Scene, health: HealthRegistry, limits: HttpLimits): Promise<NestFastifyApplication> {
  @Controller('v1/users')
  class UsersController {
    @Needs('change')
    @Post()
    @HttpCode(201)
    async create(@Body() body: object, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
      scene.headers.push({ ...request.headers, ip: request.ip });
      if ((body as { userName?: string }).userName === 'held') await scene.hold(reply);
      void reply.header('wami-position', 'p1');
      return { id: 'usr_1', version: 1, ...body };
    }

    @Needs('read')
    @Get(':id')
    async read(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
      if (id === 'broken') throw new Error('password=hunter2');
      if (id === 'held') await scene.hold(reply);
      return { id, version: 1 };
    }
  }
  const app = await createHttpApp({
    title: 'test', modules: [{ module: class UsersModule {}, controllers: [UsersController] }], health, tokens: tokensOf(scene), metrics: new Metrics('test'),
    logger: silentLogger, limits,
  });
  await listen(app, 0, '127.0.0.1');
  return app;
}

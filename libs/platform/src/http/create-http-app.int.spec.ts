import { once } from 'node:events';
import { connect } from 'node:net';
import { Body, Controller, Get, Post, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiCreatedResponse } from '@nestjs/swagger';
import { tagsSchema } from '@wami/contracts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { administratorToken } from '../auth/access-tokens';
import { Secret } from '../config/secret';
import { HealthRegistry } from '../health/health-registry';
import { DEFAULT_HTTP_LIMITS } from '../limits/http-limits';
import { silentLogger } from '../logging/logger';
import { Metrics } from '../metrics/metrics';
import { Needs } from '../auth/access';
import { createDto } from './create-dto';
import { createHttpApp, listen } from './create-http-app';

class ThingDto extends createDto(z.strictObject({ name: z.string().min(2), tags: tagsSchema.optional() }).meta({ id: 'Thing' })) {}
class ThingViewDto extends createDto(z.object({ name: z.string(), tags: tagsSchema.optional() }).meta({ id: 'ThingView' })) {}

@Needs('change')
@Controller('v1/things')
class ThingsController {
  @Post()
  @ApiCreatedResponse({ type: ThingViewDto.Output })
  create(@Body() body: ThingDto): object {
    return body;
  }

  @Get('broken')
  broken(): never {
    throw new Error('password=hunter2');
  }
}

/** One route that answers at once, and two that may wait. */
@Needs('change')
@Controller(['v1/things/limit', 'v1/resources/limit', 'v1/plans/limit'])
class LimitsController {
  @Get()
  limit(@Req() request: FastifyRequest): object {
    return { ms: request.routeOptions.handlerTimeout };
  }
}

@Controller('v1/undeclared')
class UndeclaredController {
  @Get()
  nobodySaidWhoMay(): object {
    return {};
  }
}

describe('an HTTP app of the platform', () => {
  const token = 'a-token-of-at-least-20-characters';
  const health = new HealthRegistry();
  const logged: object[] = [];
  let app: NestFastifyApplication;
  let url: string;

  beforeAll(async () => {
    app = await createHttpApp({ title: 'test', modules: [{ module: class ThingsModule {}, controllers: [LimitsController, ThingsController, UndeclaredController] }], health,
      tokens: administratorToken(new Secret(token)), metrics: new Metrics('test'), logger: { ...silentLogger, error: (fields, message) => void logged.push({ ...fields, message }) } });
    url = await listen(app, 0, '127.0.0.1');
  });
  afterAll(() => app.close());

  const post = (body: string | Uint8Array<ArrayBuffer> | undefined, type = 'application/json', authorization = `Bearer ${token}`): Promise<Response> =>
    fetch(`${url}/v1/things`, { method: 'POST', headers: { 'content-type': type, authorization }, ...(body === undefined ? {} : { body }) });
  const problem = async (response: Response): Promise<Record<string, unknown>> => {
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    return await response.json() as Record<string, unknown>;
  };

  it('takes a valid body from a caller with the token', async () => {
    const response = await post('{"name":"ann"}');
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ name: 'ann' });
  });

  it.each([['no token', ''], ['a wrong token', 'Bearer nope-nope-nope-nope-nope'], ['another scheme', `Basic ${token}`]])('answers 401 to %s', async (_name, authorization) => {
    const response = await post('{"name":"ann"}', 'application/json', authorization);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await problem(response)).toMatchObject({ code: 'Unauthenticated', status: 401, requestId: expect.stringMatching(/^req_/) });
  });

  it('ends what does not answer within 15 s, but for what may wait: no wait that somebody may ask for is cut off', async () => {
    const limitOf = async (path: string): Promise<number> => (await (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })).json() as { ms: number }).ms;
    expect([await limitOf('/v1/things/limit'), await limitOf('/v1/resources/limit'), await limitOf('/v1/plans/limit')]).toEqual([15_000, 2 ** 31 - 1, 2 ** 31 - 1]);
  });

  it('refuses a route to everyone that does not say whom it is for', async () => {
    const response = await fetch(`${url}/v1/undeclared`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(403);
    expect(await problem(response)).toMatchObject({ code: 'Forbidden', detail: expect.stringContaining('does not say whom it is for') });
  });

  it('says in its document whom each route is for, as the guard reads it', async () => {
    const { paths } = await (await fetch(`${url}/openapi.json`)).json() as { paths: Record<string, Record<string, Record<string, unknown>>> };
    expect(paths['/v1/things']?.['post']?.['x-wami-access']).toEqual({ permission: 'change', of: 'tenant' });
    expect(paths['/metrics']?.['get']?.['x-wami-access']).toEqual({ permission: 'read', of: 'installation' });
    expect(paths['/v1/undeclared']?.['get']).not.toHaveProperty('x-wami-access');
  });

  it('names every bad field at once, and unknown ones', async () => {
    const response = await post('{"name":"a","tags":{"x":1},"more":true}');
    expect(response.status).toBe(422);
    const { errors } = await problem(response) as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/more', '/name', '/tags/x']);
  });

  it.each([
    ['malformed JSON', '{"name":', 'application/json', 400, 'MalformedRequest'],
    ['invalid UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'application/json', 400, 'MalformedRequest'],
    ['no JSON media type', 'name=ann', 'application/x-www-form-urlencoded', 415, 'UnsupportedMediaType'],
    ['nesting without end', `${'['.repeat(100)}${']'.repeat(100)}`, 'application/json', 400, 'MalformedRequest'],
    ['a thousand and one keys', JSON.stringify(Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`k${i}`, 1]))), 'application/json', 400, 'MalformedRequest'],
    ['more than a mebibyte', JSON.stringify({ name: 'x'.repeat(1024 * 1024) }), 'application/json', 413, 'PayloadTooLarge'],
    ['no body', undefined, 'application/json', 422, 'ValidationFailed'],
  ])('refuses %s', async (_name, body, type, status, code) => {
    const response = await post(body as string | undefined, type);
    expect(response.status).toBe(status);
    expect(await problem(response)).toMatchObject({ code });
  });

  it('shows nothing of an unexpected error but its code and the request id', async () => {
    const response = await fetch(`${url}/v1/things/broken`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toContain('hunter2');
    const { code, requestId } = JSON.parse(text) as Record<string, unknown>;
    expect(code).toBe('Internal');
    expect(logged).toEqual([{ message: 'request failed', requestId, route: '/v1/things/broken', tenant: '', error: expect.any(String) as string }]);
  });

  it('answers 404 as a problem for what is not there', async () => {
    const response = await fetch(`${url}/v1/nothing`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(404);
    expect(await problem(response)).toMatchObject({ code: 'NotFound' });
  });

  it.each([['PUT', '/v1/things', 'POST'], ['QUERY', '/v1/things/broken', 'GET, HEAD'], ['POST', '/v1/things/broken?x', 'GET, HEAD'], ['DELETE', '/v1/whoami', 'GET, HEAD']])(
    'answers 405 with the methods that there are to %s %s', async (method, path, allow) => {
      const response = await fetch(url + path, { method, headers: { authorization: `Bearer ${token}` } });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe(allow);
      expect(await problem(response)).toMatchObject({ code: 'MethodNotAllowed', detail: `allowed here: ${allow}` });
    });

  it.each([['headers without end', `GET /health/live HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431, 'HeadersTooLarge'], ['what is not HTTP', 'hello\r\n\r\n', 400, 'MalformedRequest']])(
    'answers a problem to %s, and closes', async (_, request, status, code) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      let answer = '';
      socket.on('data', (chunk) => (answer += String(chunk)));
      socket.write(request);
      await once(socket, 'close');
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(answer).toMatch(/content-type: application\/problem\+json\r\n(.*\r\n)*x-request-id: req_/);
      expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ status, code });
    });

  it('says what is not ready', async () => {
    health.add('log', () => ({ ok: false, reason: 'no broker answers' }));
    const response = await fetch(`${url}/health/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ checks: { log: { ok: false, reason: 'no broker answers' } } });
  });

  it('describes itself in OpenAPI 3.1 and keeps metrics behind the token', async () => {
    const document = await (await fetch(`${url}/openapi.json`)).json() as { openapi: string; paths: object; components: { schemas: object } };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(['ThingDto', 'Tags', 'Problem']));
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
    expect(await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text()).toContain('wami_http_request_duration_seconds');
  });

  it('closes at once though somebody connected and never asked for anything', async () => {
    const other = await createHttpApp({ title: 'test', modules: [], health, tokens: administratorToken(new Secret(token)), metrics: new Metrics('test'), logger: silentLogger });
    const { port } = new URL(await listen(other, 0, '127.0.0.1'));
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    await fetch(`http://127.0.0.1:${port}/health/live`);
    const cut = once(socket, 'close');
    await other.close();
    await cut;
  });

  it('believes only trusted proxies where a caller is, and of their word only what they saw themselves', async () => {
    const refusals = async (trustedProxies: readonly string[]): Promise<number[]> => {
      const limits = { ...DEFAULT_HTTP_LIMITS, failedLoginsPerMinute: 1, trustedProxies };
      const other = await createHttpApp({ title: 'test', modules: [], health, limits, tokens: administratorToken(new Secret(token)), metrics: new Metrics('test'), logger: silentLogger });
      try {
        const origin = await listen(other, 0, '127.0.0.1');
        const from = async (forwarded: string): Promise<number> =>
          (await fetch(`${origin}/v1/whoami`, { headers: { authorization: 'Bearer guessed', 'x-forwarded-for': forwarded } })).status;
        return [await from('203.0.113.7'), await from('203.0.113.7'), await from('203.0.113.8'), await from('203.0.113.9, 203.0.113.7')];
      } finally {
        await other.close();
      }
    };
    expect(await refusals(['127.0.0.0/8'])).toEqual([401, 429, 401, 429]);
    expect(await refusals([])).toEqual([401, 401, 401, 401]);
    expect(await refusals(['192.0.2.1'])).toEqual([401, 401, 401, 401]);
  });
});

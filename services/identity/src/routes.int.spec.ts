import { Body, Controller, Get, Post } from '@nestjs/common';
import { administratorToken, createHttpApp, HealthRegistry, listen, Metrics, Needs, Public, Secret, silentLogger } from '@wami/platform';
import { probeRoutes, routesOf } from '@wami/testing';

const TOKEN = 'the-administrator-of-this-test';
/** All that is open to everyone. */
const PUBLIC = ['GET /health/live', 'GET /health/ready', 'GET /openapi.json', 'GET /openapi.yaml', 'GET /docs', 'GET /docs/*'];

@Controller('v1/planted')
class PlantedController {
  @Public()
  @Get('secrets')
  secrets(): object {
    return { secret: true };
  }

  @Needs('read')
  @Post('anything')
  anything(@Body() body: unknown): object {
    return { body };
  }
}

jest.setTimeout(60_000);

describe('assurance test 11: every route in every form', () => {
  it('control: catches a route that was opened by mistake, and a body that nobody checks', async () => {
    const app = await createHttpApp({
      title: 'planted', modules: [{ module: class PlantedModule {}, controllers: [PlantedController] }], tokens: administratorToken(new Secret(TOKEN)),
      health: new HealthRegistry(), metrics: new Metrics('planted'), logger: silentLogger,
    });
    const origin = await listen(app, 0, '127.0.0.1');
    try {
      const routes = routesOf(app.getHttpAdapter().getInstance()).filter(({ path }) => path.startsWith('/v1/planted'));
      const { bypasses } = await probeRoutes({ origin, routes, token: TOKEN, publicRoutes: PUBLIC });
      expect(bypasses.map(({ what, request }) => `${what}: ${request}`)).toEqual(expect.arrayContaining([
        'answered without a token: GET /v1/planted/secrets (plain, GET of GET)', expect.stringContaining('took an invalid body: POST /v1/planted/anything (application/json: {"no-such-field":1})'),
      ]));
      console.log(`control: caught (${bypasses.length})`);
    } finally {
      await app.close();
    }
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONSOLE_PAGES } from '@wami/console';
import { describeProbes, freePort, probeRoutes, routesOf } from '@wami/testing';
import { apiPage, type ApiDocument } from './docs/api-page';
import { standaloneForAll } from './testing/standalone-for-all';

const TOKEN = 'the-administrator-of-this-test';
/** All that is open to everyone. */
const PUBLIC = ['GET /health/live', 'GET /health/ready', 'GET /openapi.json', 'GET /openapi.yaml', 'GET /docs', 'GET /docs/*', ...CONSOLE_PAGES.map((page) => `GET ${page}`), 'GET /assets/*'];
const BODY_OPTIONAL = ['POST /v1/dead-letters/retry', 'POST /v1/event-replays/:id/cancel', 'POST /v1/projection/rebuild', 'POST /v1/projection/replay', 'POST /v1/projection/rollback', 'POST /v1/projection/verify'];

jest.setTimeout(180_000);

describe('assurance test 11: every route of npm start in every form', () => {
  let metricsPort = 0;
  const standalone = standaloneForAll({ name: 'routes', token: TOKEN, env: async () => ({ WAMI_METRICS_PORT: String(metricsPort = await freePort()) }) });

  it('metrics have a port of their own where one is named; the other asks for a token still', async () => {
    expect(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()).toContain('wami_build_info');
    expect((await fetch(`http://127.0.0.1:${metricsPort}/v1/users`)).status).toBe(404);
    expect((await fetch(`${standalone().url}/metrics`)).status).toBe(401);
  });

  it('are told in docs/api.md as they are (npm run docs:api writes it)', async () => {
    const document = await (await fetch(`${standalone().url}/openapi.json`)).json() as ApiDocument;
    expect(readFileSync(join(__dirname, '../../../docs/api.md'), 'utf8')).toBe(apiPage(document));
  });

  it('answers nothing without a token, takes no body unseen, and breaks nowhere', async () => {
    const routes = routesOf(standalone());
    const known = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    const { paths } = await (await fetch(`${standalone().url}/openapi.json`)).json() as { paths: Record<string, Record<string, object>> };
    const documented = Object.entries(paths).flatMap(([path, verbs]) => Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`));
    expect(documented.length).toBeGreaterThan(30);
    for (const route of documented) expect(known).toContain(route);
    const report = await probeRoutes({ origin: standalone().url, routes, token: TOKEN, publicRoutes: PUBLIC, bodyOptional: BODY_OPTIONAL });
    console.log(describeProbes(report));
    expect(report.bypasses).toEqual([]);
  });
});

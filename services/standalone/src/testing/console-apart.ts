import { CONSOLE_PAGES } from '@wami/console';
import { createLogger, readConfig } from '@wami/platform';
import type { ServicesApart } from '@wami/testing';
import { consoleConfigSchema } from '../console/console.config';
import { FILE_HEADERS, PAGE_HEADERS } from '../console/serve-console';
import { startConsole, type RunningConsole } from '../console/start-console';
import { describeInBrowser, openTab } from './browser';
import type { Proxy } from './careless-proxy';
import { startIngress } from './ingress';

/** Nobody listens there: what is asked of the issuer is answered without it. */
const ISSUER = 'http://127.0.0.1:9';

/** Part of the spec of the services apart, while they run and `acme` is synced to this target. */
export function describeConsoleApart(wami: () => ServicesApart, target: string): void {
  describeInBrowser('the console, a process of its own behind the ingress', (browser) => {
    let served: RunningConsole;
    let ingress: Proxy;
    beforeAll(async () => {
      const config = readConfig(consoleConfigSchema, { WAMI_HTTP_PORT: '0', WAMI_OIDC_ISSUER: ISSUER, WAMI_OIDC_AUDIENCE: 'wami', WAMI_OIDC_CLIENT_ID: 'wami-console' });
      served = await startConsole(config, createLogger('console', 'error'));
      ingress = await startIngress({ identity: wami().identity.url, projection: wami().projection.url, console: served.url });
    });
    afterAll(async () => {
      await ingress?.close();
      await served?.close();
    });
    const told = async (path: string): Promise<readonly [number, object]> => {
      const { status, headers } = await fetch(ingress.url + path);
      return [status, Object.fromEntries(headers)];
    };

    it('has its pages and files on the origin of the API, with the headers of `npm start`', async () => {
      for (const page of CONSOLE_PAGES) expect([page, ...await told(page.replace(':id', 'usr_1'))]).toEqual([page, 200, expect.objectContaining({ ...PAGE_HEADERS, 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' })]);
      const html = await (await fetch(`${ingress.url}/r/usr_1`)).text();
      const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
      expect(files.length).toBeGreaterThan(1);
      for (const file of files) expect(await told(file)).toEqual([200, expect.objectContaining(FILE_HEADERS)]);
      expect([(await told('/nowhere'))[0], (await told('/v1/resources'))[0], (await told('/console/sign-in'))[0]]).toEqual([404, 401, 404]);
    });

    it('asks the issuer for people who sign in there', async () => {
      const answer = await fetch(`${ingress.url}/console/oidc`);
      expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: 'Unavailable', detail: `${ISSUER} cannot be asked now` })]);
    });

    it('signs in with a token at a deep link, and shows what is there and what comes', async () => {
      const { page, context, complaints } = await openTab(browser(), ingress.url);
      const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) }).getByText(`${target} Synced`);
      const create = (groupName: string) => wami().call(wami().identity, 'POST', '/v1/groups', { tenant: 'acme', groupName });
      await create('seen');
      await page.goto(`${ingress.url}/r?q=seen`);
      await page.getByRole('button', { name: `Sign in with ${new URL(ISSUER).host}` }).waitFor();
      await page.getByLabel('Token').fill(wami().authorization.replace('Bearer ', ''));
      await page.keyboard.press('Enter');
      await row('seen').waitFor();
      await create('seen-too');
      await row('seen-too').waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    });
  });
}

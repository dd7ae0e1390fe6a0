import { startTestOidc, type TestOidc } from '@wami/testing';
import type { Browser, Page } from 'playwright-core';
import type { Standalone } from '../start-standalone';
import { axeFindings, openTab } from './browser';

const CLIENT = 'wami-console';
const AUDIENCE = 'urn:acme:wami';

/** An issuer that signs people in to the console, and the environment that names it. */
export function consoleIssuer(): { readonly env: () => Promise<Record<string, string>>; readonly issuer: () => TestOidc } {
  let oidc: TestOidc | undefined;
  afterAll(() => oidc?.stop());
  return {
    async env() {
      oidc = await startTestOidc({ audience: AUDIENCE, clients: [{ id: CLIENT, redirect: 'http://127.0.0.1/signed-in', claims: { wami_tenant: 'default', wami_role: 'viewer' } }] });
      return { WAMI_OIDC_ISSUER: oidc.issuer, WAMI_OIDC_AUDIENCE: AUDIENCE, WAMI_OIDC_CLIENT_ID: CLIENT, WAMI_OIDC_SCOPE: 'openid api', WAMI_OIDC_RESOURCE: AUDIENCE };
    },
    issuer() {
      if (!oidc) throw new Error('it has not started');
      return oidc;
    },
  };
}

interface World {
  readonly browser: () => Browser;
  readonly standalone: () => Standalone;
  readonly issuer: () => TestOidc;
}

/** Part of the console's spec: signing in elsewhere, in a browser of somebody who was never here. */
export function describeOidc({ browser, standalone, issuer }: World): void {
  const inTab = async (work: (page: Page) => Promise<void>): Promise<void> => {
    const { page, context } = await openTab(browser(), standalone().url);
    // The issuer's own page would ask somebody else for its letters.
    await page.route(/^https:/, (route) => route.abort());
    await work(page);
    await context.close();
  };
  const host = (): string => new URL(issuer().issuer).host;
  const signIn = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: `Sign in with ${host()}` }).click();
    await page.getByPlaceholder('Enter any login').fill('ann');
    await page.getByPlaceholder('and password').fill('of no interest');
    await page.getByRole('button', { name: 'Sign-in' }).click();
  };

  describe('signing in at an issuer', () => {
    it('comes back to where the address was going, as whom the issuer says, with a token that is in no address', () => inTab(async (page) => {
      await page.goto(`${standalone().url}/r?kind=group`);
      await page.getByRole('button', { name: `Sign in with ${host()}` }).waitFor();
      expect(await axeFindings(page, 'sign-in-issuer')).toEqual([]);
      await signIn(page);
      const asked = page.waitForRequest((request) => request.url().endsWith('/console/oidc/token'));
      const seen: string[] = [];
      page.on('framenavigated', (frame) => seen.push(frame.url()));
      await page.getByRole('button', { name: 'Continue' }).click();
      const body = (await asked).postDataJSON() as Record<string, string>;
      await page.getByRole('heading', { level: 1, name: 'Resources' }).waitFor();
      await page.getByText('oidc/ann (viewer of default)').waitFor();
      expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/r?kind=group');
      expect(Object.keys(body).sort()).toEqual(['code', 'redirectUri', 'verifier']);
      const kept = await page.evaluate<string[]>('Object.values(sessionStorage)');
      expect(kept).toHaveLength(1);
      for (const url of seen) expect(url).not.toContain(kept[0]);
      await page.getByRole('link', { name: 'Keys' }).click();
      await page.getByText('Your role does not allow this.').waitFor();

      const again = await fetch(`${standalone().url}/console/oidc/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      expect([again.status, await again.json()]).toEqual([401, expect.objectContaining({ detail: expect.stringContaining('did not take the code') as string })]);
    }));

    it('is worth nothing where it was begun elsewhere, or the issuer says no', () => inTab(async (page) => {
      await page.goto(`${standalone().url}/signed-in?code=stolen&state=of-somebody-else`);
      await page.getByText('This sign-in was not begun in this tab. Begin it again.').waitFor();
      expect(await page.evaluate('location.pathname + location.search')).toBe('/');
      await page.getByRole('button', { name: `Sign in with ${host()}` }).click();
      await page.getByRole('link', { name: 'Cancel' }).click();
      await page.getByText('The issuer signed nobody in: End-User aborted interaction').waitFor();
    }));
  });
}

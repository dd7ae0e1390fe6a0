import { patiently as eventually } from '@wami/testing';
import type { Page } from 'playwright-core';
import { axeFindings, describeInBrowser, openTab, outOfPlace } from '../testing/browser';
import { cloudIsLookedAt, describeConflictsAndDrift, describeDriftWays, describePlans } from '../testing/console-clouds';
import { describeHeld } from '../testing/console-held';
import { describeKeys, describeProviders, describeTenants } from '../testing/console-operate';
import { inlinePoliciesAreShown } from '../testing/console-inline';
import { consoleIssuer, describeOidc } from '../testing/console-oidc';
import { describeReports } from '../testing/console-reports';
import { eventsAreNarrowed } from '../testing/console-events';
import { describeEditing } from '../testing/console-editing';
import { describeKeyboard } from '../testing/console-keyboard';
import { describePalette } from '../testing/console-palette';
import { CONSOLE_ACCOUNT as ACCOUNT, consoleUserForAll } from '../testing/console-user';
import { describeViews } from '../testing/console-views';
import { cutOffFrom } from '../testing/cut-off';
import { standaloneForAll } from '../testing/standalone-for-all';

jest.setTimeout(120_000);

const TOKEN = 'the-administrator-of-this-test';
const MARKUP = '<img src=x onerror=alert(1)>';

describeInBrowser('the console', (browser) => {
  const { env, issuer } = consoleIssuer();
  const standalone = standaloneForAll({ name: 'console', token: TOKEN, env });
  const user = consoleUserForAll(browser, standalone, TOKEN);
  const { cloud, at, call, create, settled, heading, row, path } = user;
  let page: Page;
  let ann: string;
  beforeAll(() => {
    ({ page } = user.tab());
  });

  describe('signing in', () => {
    it('an address that was printed signs in, once, with another token than the administrator\'s', async () => {
      const code = standalone().newCode();
      await page.goto(at(`/r#code=${code}`));
      await heading('Resources').waitFor();
      expect(path()).toBe('/r');
      const [kept] = await page.evaluate<string[]>('Object.values(sessionStorage)');
      expect(kept).toMatch(/^wami_console_/);
      await page.reload();
      await heading('Resources').waitFor();

      const other = await openTab(browser(), standalone().url);
      await other.page.goto(at(`/#code=${code}`));
      await other.page.getByText('The one-time code of this address was used already').waitFor();
      expect(other.complaints).toEqual([]);
      await other.context.close();
    });

    it('a token signs in where the address was going, a wrong one is told to be, and neither is in an address', async () => {
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.goto(at('/r?kind=group'));
      await page.getByLabel('Token').fill('not-the-administrator-of-this');
      await page.keyboard.press('Enter');
      await page.getByText('This token is not valid.').waitFor();
      expect(await axeFindings(page, 'sign-in')).toEqual([]);
      await page.getByLabel('Token').fill(TOKEN);
      await page.getByRole('button', { name: 'Sign in with the token' }).click();
      await heading('Resources').waitFor();
      expect(path()).toBe('/r?kind=group');
      expect(await page.evaluate('document.cookie')).toBe('');
    });

    it('every page says that its clouds are sandboxes, and allows no script but its own', async () => {
      await page.getByText(`aws/${ACCOUNT}: a stand-in on this machine`).waitFor();
      for (const one of ['/', '/r', '/r/usr_1', '/drift', '/plans', '/plans/pln_1', '/events', '/reports', '/dead-letters', '/t', '/imports/job_1', '/tenants', '/keys', '/signed-in']) {
        const response = await fetch(at(one));
        expect([one, response.status, response.headers.get('content-security-policy')]).toEqual([one, 200, expect.stringContaining("default-src 'none'; script-src 'self'; style-src 'self'")]);
        expect(await response.text()).not.toMatch(/<script(?![^>]*src=)|<style|style=|https?:/);
      }
    });
  });

  describeOidc({ browser, standalone, issuer });

  describe('with nothing in it', () => {
    it('teaches the first step on each page, and says apart what filters hide', async () => {
      await page.getByText('Nothing fits these filters.').waitFor();
      await page.getByRole('link', { name: 'Clear the filters' }).click();
      await page.getByText('There are no resources yet.').waitFor();
      expect(await axeFindings(page, 'resources-empty')).toEqual([]);
      await page.getByRole('link', { name: 'Home' }).click();
      await heading('Nothing needs you').waitFor();
      await page.getByText('Nothing is synced yet.').waitFor();
      await page.getByRole('link', { name: 'Plans', exact: true }).click();
      await page.getByText('No plan waits to be applied.').waitFor();
      await page.goto(at('/nowhere'), { waitUntil: 'commit' });
      expect(await page.evaluate('document.body.textContent')).toContain('NotFound');
    });
  });

  describe('resources', () => {
    it('show what is made, and its state at each target, while somebody looks', async () => {
      await page.goto(at('/r'));
      await page.getByText('There are no resources yet.').waitFor();
      ann = await create('ann', { displayName: MARKUP, tags: { team: 'core' } });
      await row('ann').getByText(`aws/${ACCOUNT} Synced`).waitFor();
    });

    it('are found by filters that are the address: by a link as by hand, and back again', async () => {
      await cloud()('CreateUser', { UserName: 'bob' });
      const bob = await create('bob');
      await call('POST', '/v1/groups', { tenant: 'default', groupName: 'staff' });
      await settled(bob, 'Failed');
      await row('bob').waitFor();
      await page.getByLabel('Search').fill('AN');
      await row('bob').waitFor({ state: 'detached' });
      await row('ann').waitFor();
      expect(path()).toBe('/r?q=AN');
      await page.goto(at('/r?state=Failed'));
      await row('bob').waitFor();
      expect(await page.getByRole('row').count()).toBe(2);
      await page.getByLabel('Kind').selectOption('group');
      await page.getByText('Nothing fits these filters.').waitFor();
      await page.goBack();
      await row('bob').waitFor();
      await page.goto(at('/r?code=Conflict&tag=team'));
      await page.getByText('Nothing fits these filters.').waitFor();
      await page.getByRole('link', { name: 'Clear', exact: true }).click();
      await row('staff').waitFor();
      expect(await axeFindings(page, 'resources')).toEqual([]);
    });

    it('come page by page, however many there are', async () => {
      await call('POST', '/v1/batch', { operations: Array.from({ length: 60 }, (_, i) => ({ method: 'POST', path: '/v1/users', body: { tenant: 'default', userName: `many-${i}` } })) });
      await row('many-10').waitFor();
      await eventually(async () => expect(await page.getByRole('row').count()).toBe(51));
      await page.getByRole('link', { name: 'Next page' }).click();
      await page.getByRole('link', { name: 'First page' }).waitFor();
      await eventually(async () => expect(await page.getByRole('row').count()).toBe(14));
      await page.reload();
      await page.getByRole('link', { name: 'First page' }).click();
      await row('ann').waitFor();
    });
  });

  describe('home', () => {
    it('says in a sentence how much needs somebody, by its cause, and how much agrees', async () => {
      await page.getByRole('link', { name: 'Home' }).click();
      await heading('1 thing needs you').waitFor();
      await page.getByText('62 of 63 agree.').waitFor();
      await page.getByText(/^npx wami sync retry --code \w+$/).waitFor();
      expect(await axeFindings(page, 'home')).toEqual([]);
    });

    it('says it of one tenant alone, too, and the button is for what is shown', async () => {
      await page.getByLabel('Tenant, and below').fill('default/none');
      await page.getByText('Nothing of default/none is synced').waitFor();
      await page.goto(at('/?tenant=default'));
      await page.getByText('62 of 63 agree.').waitFor();
      const sent = page.waitForRequest((request) => request.method() === 'POST');
      await page.getByText(/^npx wami -t default sync retry --code Conflict$/).waitFor();
      await page.getByRole('button', { name: 'Retry it' }).click();
      expect((await sent).postDataJSON()).toEqual({ filter: { state: 'Failed', code: 'Conflict', tenant: 'default' } });
      await page.getByRole('link', { name: 'Tenant by tenant' }).click();
      await heading('Sync health').waitFor();
      expect(path()).toBe('/reports?name=sync-health&tenant=default');
      await page.goto(at('/'));
      await page.getByText('62 of 63 agree.').waitFor();
    });

    it('stands in its place in a window of 1,200 pixels and in a small one, however long the name of a target', async () => {
      await page.evaluate(`document.querySelector('.agreement h3').textContent = 'azure/72f988bf-86f1-41ef-91ab-2d7cd011db47/6f1b3d5c-0e4f-4a6b-9c1d-000000000001'`);
      expect(await outOfPlace(page, 1200, 'home-1200')).toEqual([]);
      expect((await outOfPlace(page, 360, 'home-360')).filter((one) => one.startsWith('over the edge'))).toEqual([]);
      await page.reload();
      await page.getByText('62 of 63 agree.').waitFor();
    });
  });

  describeConflictsAndDrift(user, () => ann);
  describePlans(user, () => ann);
  describeReports(user);

  describe('one resource', () => {
    it('says why it is as it is, what can be done, and the command that does the same', async () => {
      await page.goto(at('/r?q=bob'));
      await row('bob').getByRole('link', { name: 'bob' }).click();
      await heading('bob').waitFor();
      await page.getByRole('button', { name: 'Take over, make as here' }).waitFor();
      await page.getByText(/^npx wami sync resolve usr_\w+ --provider aws --account 000000000001 --strategy overwrite$/).waitFor();
      expect(await axeFindings(page, 'resource-conflict')).toEqual([]);
    });

    it('is seen to agree once somebody pressed the button', async () => {
      await page.getByRole('button', { name: 'Take over, make as here' }).click();
      await page.getByText(/^Asked for, as job_/).waitFor();
      await page.getByRole('region', { name: `aws/${ACCOUNT}` }).getByText('✓ Synced').waitFor();
      await page.getByText('sync succeeded').waitFor();
      expect(await page.getByRole('button', { name: 'Take over, make as here' }).count()).toBe(0);
    });

    cloudIsLookedAt(user);

    it('shows its fields and its history as they are, whatever stands in them, and what becomes of them', async () => {
      await page.goto(at(`/r/${ann}`));
      await page.getByText(MARKUP, { exact: true }).waitFor();
      await page.getByText('wami.user.created.v1', { exact: true }).waitFor();
      await call('PATCH', `/v1/users/${ann}`, { userName: 'anna' });
      await heading('anna').waitFor();
      await page.getByText('user renamed').waitFor();
      await page.getByText('wami.user.renamed.v1', { exact: true }).click();
      await page.getByText('"previousUserName": "ann"').waitFor();
      expect(await axeFindings(page, 'resource')).toEqual([]);
    });

    inlinePoliciesAreShown(user, () => ann);

    it('that was deleted keeps its history, and one that never was is told to be none', async () => {
      await call('DELETE', `/v1/users/${ann}`).catch(() => undefined);
      await page.getByText('user deleted').waitFor();
      await page.goto(at('/r/usr_NEVER'));
      await heading('No such resource').waitFor();
    });
  });

  describe('events', () => {
    it('are there with those before, come by themselves, and hold still while somebody reads', async () => {
      await page.goto(at('/events?type=wami.user.created.v1'));
      await page.getByText('wami.user.created.v1').first().waitFor();
      expect(await page.getByRole('listitem').filter({ hasText: 'sync succeeded' }).count()).toBe(0);
      const count = (): Promise<number> => page.getByRole('region', { name: 'Events' }).getByRole('listitem').count();
      expect(await count()).toBe(113);
      const carl = await create('carl');
      await page.getByRole('link', { name: carl }).waitFor();
      await page.getByRole('button', { name: 'Hold still' }).click();
      await create('dora');
      await page.getByRole('button', { name: 'Go on (1 new)' }).waitFor();
      expect(await count()).toBe(114);
      await page.getByRole('button', { name: 'Go on (1 new)' }).click();
      await eventually(async () => expect(await count()).toBe(115));
      await page.getByLabel('Type').fill('');
      await page.getByText('sync succeeded').first().waitFor();
      await page.goto(at('/events?type=wami.group.created.v1'));
      await page.getByText('wami.group.created.v1', { exact: true }).click();
      await page.getByText('"groupName": "staff"').waitFor();
      expect(await axeFindings(page, 'events')).toEqual([]);
    });

    eventsAreNarrowed(user);
  });

  describe('while the connection is away', () => {
    it('says that what is shown may be old, and has missed nothing when it is back', async () => {
      const way = await cutOffFrom(standalone().url);
      const other = await openTab(browser(), way.url);
      await other.page.goto(`${way.url}/r?q=em#code=${standalone().newCode()}`);
      await other.page.getByText('Nothing fits these filters.').waitFor();
      way.cut();
      await other.page.getByText('The connection broke off.').waitFor();
      expect(await axeFindings(other.page, 'away')).toEqual([]);
      await create('emil');
      await other.page.getByRole('link', { name: 'Home' }).click();
      await other.page.getByText('WAMI does not answer.').waitFor();
      await other.page.goBack();
      way.mend();
      await other.page.getByRole('link', { name: 'emil' }).waitFor();
      for (const gone of ['The connection broke off.', 'WAMI does not answer.']) await other.page.getByText(gone).waitFor({ state: 'detached' });
      await other.context.close();
      await way.close();
    });
  });

  describeKeyboard(user);
  describePalette(user);
  describeEditing(user);
  describeViews(user);
  describeTenants(user);
  describeKeys(user);
  describeDriftWays(user);
  describeHeld(user);
  describeProviders(user, () => standalone().sandboxes[`aws/${ACCOUNT}`] ?? '');

  it('never asked anybody else, broke its own policy, or failed unseen', () => expect(user.tab().complaints).toEqual([]));
});

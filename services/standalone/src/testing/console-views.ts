import type { Locator, Page } from 'playwright-core';
import { axeFindings } from './browser';
import type { ConsoleUser } from './console-user';

/** Part of the console's spec: filters of a page under a name. */
export function describeViews({ tab, at, path }: ConsoleUser): void {
  const page = (): Page => tab().page;
  const open = (): Promise<void> => page().getByText(/^Saved views/).click();
  const views = (): Locator => page().getByRole('list', { name: 'Saved views' }).getByRole('link');
  const save = async (name: string): Promise<void> => {
    await page().getByLabel('Save what is shown as').fill(name);
    await page().getByRole('button', { name: 'Save the view' }).click();
    await page().getByText(`Saved as ${name}.`).waitFor();
  };

  describe('a saved view', () => {
    it('is the filters of the page by a name, without what page of the list it was, and a link', async () => {
      await page().goto(at('/r?kind=user&state=Synced&cursor=none'));
      await open();
      await save('people that agree');
      await page().getByLabel('Kind').selectOption('group');
      await save('groups');
      expect(await views().allTextContents()).toEqual(['groups', 'people that agree']);
      expect(await axeFindings(page(), 'views')).toEqual([]);
      await page().getByRole('link', { name: 'people that agree' }).click();
      expect(path()).toBe('/r?kind=user&state=Synced');
      expect(await page().getByRole('link', { name: 'people that agree' }).getAttribute('aria-current')).toBe('page');
    });

    it('stays in this browser, for whoever saved it and on the page that it is of', async () => {
      await page().reload();
      await open();
      expect(await views().count()).toBe(2);
      await page().goto(at('/events?type=wami.user.created.v1'));
      await page().getByText('Saved views', { exact: true }).click();
      expect(await views().count()).toBe(0);
      await save('groups');
      expect(await page().evaluate('Object.keys(localStorage)')).toEqual(['wami.views.admin']);
      const other = await tab().context.newPage();
      await other.goto(at('/r'));
      await other.evaluate(`sessionStorage.setItem('wami.token', ${JSON.stringify(await page().evaluate<string>(`sessionStorage.getItem('wami.token')`))})`);
      await other.reload();
      await other.getByText('Saved views (2)').waitFor();
      await page().getByRole('button', { name: 'Delete groups' }).click();
      await other.getByText('Saved views (2)').click();
      await other.getByRole('button', { name: 'Delete groups' }).click();
      await other.getByText('Saved views (1)').waitFor();
      await page().getByRole('link', { name: 'Resources', exact: true }).first().click();
      await page().getByText('Saved views (1)').waitFor();
      await other.close();
    });

    it('is renamed, but not to what another is called', async () => {
      await page().goto(at('/r?kind=role'));
      await open();
      await save('roles');
      await page().getByRole('button', { name: 'Rename roles' }).click();
      await page().getByLabel('New name of roles').fill('people that agree');
      await page().getByRole('button', { name: 'Rename it' }).click();
      await page().getByText('There is another one called people that agree.').waitFor();
      await page().getByLabel('New name of roles').fill('all roles');
      await page().keyboard.press('Enter');
      await page().getByText('Renamed to all roles.').waitFor();
      expect(await views().allTextContents()).toEqual(['all roles', 'people that agree']);
    });
  });
}

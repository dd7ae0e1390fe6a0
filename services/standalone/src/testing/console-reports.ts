import type { Page } from 'playwright-core';
import { axeFindings } from './browser';
import { CONSOLE_ACCOUNT as ACCOUNT, type ConsoleUser } from './console-user';

/** Part of the console's spec: after somebody was made and failed. */
export function describeReports({ tab, at, heading, path }: ConsoleUser): void {
  const page = (): Page => tab().page;

  it('reports are tables, each by its link and its address', async () => {
    await page().getByRole('link', { name: 'Reports' }).click();
    await heading('Sync health').waitFor();
    await page().getByRole('row', { name: `default aws/${ACCOUNT} user` }).waitFor();
    await page().getByLabel('Tenant').fill('nobody');
    await page().getByText('Nothing is synced anywhere.').waitFor();
    await page().getByText('npx wami report sync-health --tenant nobody -o csv').waitFor();
    for (const [title, name, shows] of [['Drift', 'drift', `default aws/${ACCOUNT}`], ['Service level', 'sla', '99 %'], ['Credentials', 'credentials', 'arn:aws:'], ['Access', 'access', 'Nobody has a policy.']] as const) {
      await page().getByRole('navigation', { name: 'Reports' }).getByRole('link', { name: title }).click();
      await heading(title).waitFor();
      expect(path()).toBe(`/reports?name=${name}`);
      await page().getByText(shows).first().waitFor();
      expect(await axeFindings(page(), `report-${name}`)).toEqual([]);
    }
    await page().goto(at('/reports?name=sla'));
    await heading('Service level').waitFor();
  });
}

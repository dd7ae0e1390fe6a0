import { patiently as eventually } from '@wami/testing';
import type { Locator, Page } from 'playwright-core';
import { axeFindings } from './browser';
import type { ConsoleUser } from './console-user';

/** Part of the console's spec: everything here is done by keys alone. */
export function describePalette({ tab, at, call, create, settled, heading, path }: ConsoleUser): void {
  const page = (): Page => tab().page;
  const palette = (): Locator => page().getByRole('dialog', { name: 'Palette' });
  const option = (name: string): Locator => palette().getByRole('option', { name, exact: true });
  const active = (): Promise<string> => page().evaluate<string>('document.getElementById(document.activeElement.getAttribute("aria-activedescendant"))?.textContent');
  const press = (key: string): Promise<void> => page().keyboard.press(key);

  describe('the palette', () => {
    it('goes to a page by a part of its name, wherever somebody is, and back to where they were', async () => {
      await page().goto(at('/r'));
      await page().getByLabel('Search').focus();
      await press('Control+k');
      await option('Plans /plans').waitFor();
      expect(await active()).toBe('Home /');
      await press('ArrowUp');
      expect(await active()).toBe('Dead letters /dead-letters');
      await press('ArrowDown');
      await press('ArrowDown');
      expect(await active()).toBe('Resources /r');
      expect(await axeFindings(page(), 'palette')).toEqual([]);
      await press('Escape');
      await palette().waitFor({ state: 'hidden' });
      expect(await page().evaluate('document.activeElement.id')).toBe('search');
      await press('Control+k');
      await page().keyboard.type('drift CONF');
      await eventually(async () => expect(await palette().getByRole('option').count()).toBe(1));
      await press('Enter');
      await heading('Conflicts and drift').waitFor();
      expect(path()).toBe('/drift');
    });

    it('finds a resource by its name, and says where there is none', async () => {
      const zoe = await create('zoe');
      await settled(zoe, 'Synced');
      await press('Control+k');
      await page().keyboard.type('nobody is called so');
      await palette().getByText('Nothing has this name.').waitFor();
      expect(await axeFindings(page(), 'palette-nothing')).toEqual([]);
      await press('Control+a');
      await page().keyboard.type('zoe');
      await option('zoe user of default').waitFor();
      expect(await axeFindings(page(), 'palette-found')).toEqual([]);
      await press('Enter');
      await heading('zoe').waitFor();
      expect(path()).toBe(`/r/${zoe}`);
    });

    it('presses a button of the page at hand, and nothing that has become another one', async () => {
      const asked = { POST: 0 };
      const count = (request: { method(): string }): void => void (request.method() === 'POST' && asked.POST++);
      page().on('request', count);
      await page().getByRole('button', { name: 'Sync now' }).waitFor();
      await press('Control+k');
      await page().keyboard.type('sync now aws');
      await option('Sync now aws/000000000001').waitFor();
      await page().evaluate('[...document.querySelectorAll("main button")].find((one) => one.textContent === "Sync now").ariaLabel = "Another"');
      await press('Enter');
      await palette().waitFor({ state: 'hidden' });
      await page().reload();
      await page().getByRole('button', { name: 'Sync now' }).waitFor();
      await press('Control+k');
      await page().keyboard.type('sync now aws');
      await option('Sync now aws/000000000001').waitFor();
      await press('Enter');
      await page().getByText(/^Asked for, as job_/).waitFor();
      expect(asked.POST).toBe(1);
      page().off('request', count);
    });

    it('offers nobody what they may not', async () => {
      const { id, secret } = await call<{ id: string; secret: string }>('POST', '/v1/api-keys', { tenant: 'default', role: 'viewer', name: 'looks' });
      const other = await tab().context.newPage();
      await other.goto(at('/r'));
      await other.getByLabel('Token').fill(secret);
      await other.keyboard.press('Enter');
      await other.getByRole('heading', { level: 1, name: 'Resources' }).waitFor();
      await other.keyboard.press('Control+k');
      await other.getByRole('option', { name: 'Plans /plans' }).waitFor();
      expect(await other.getByRole('option', { name: /Dead letters/ }).count()).toBe(0);
      await other.close();
      await call('DELETE', `/v1/api-keys/${id}`).catch(() => undefined);
    });
  });
}

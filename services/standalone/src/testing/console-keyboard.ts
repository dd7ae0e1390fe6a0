import { patiently as eventually } from '@wami/testing';
import type { Page } from 'playwright-core';
import { axeFindings } from './browser';
import type { ConsoleUser } from './console-user';

/** Part of the console's spec, with `bob` among the resources. */
export function describeKeyboard({ tab, heading, row, path }: ConsoleUser): void {
  const page = (): Page => tab().page;

  describe('by keyboard', () => {
    it('goes to pages, to the search, along rows and into one', async () => {
      await page().getByRole('heading', { level: 1 }).click();
      await page().keyboard.press('g');
      await page().keyboard.press('p');
      await heading('Plans').waitFor();
      await page().keyboard.press('g');
      await page().keyboard.press('r');
      await heading('Resources').waitFor();
      await row('bob').waitFor();
      await page().keyboard.press('j');
      await page().keyboard.press('Enter');
      await page().getByRole('heading', { level: 2, name: 'History' }).waitFor();
      await page().keyboard.press('/');
      await page().keyboard.type('bo');
      await eventually(() => expect(path()).toBe('/r?q=bo'));
      await page().keyboard.press('Tab');
      await page().getByRole('heading', { level: 1 }).click();
      await page().keyboard.press('?');
      await page().getByRole('dialog', { name: 'Keys' }).waitFor();
      expect(await axeFindings(page(), 'keys')).toEqual([]);
      await page().keyboard.press('Escape');
      await page().getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
    });

    it('skips to the content', async () => {
      await page().reload();
      await heading('Resources').waitFor();
      await page().keyboard.press('Tab');
      await page().keyboard.press('Enter');
      expect(await page().evaluate('document.activeElement.id')).toBe('main');
    });
  });
}

import { patiently as eventually } from '@wami/testing';
import type { Locator, Page } from 'playwright-core';
import { axeFindings } from './browser';
import { CONSOLE_ACCOUNT as ACCOUNT, type ConsoleUser } from './console-user';

/** Part of a spec of the console, where nothing else stands at the cloud that nobody manages: of two users one is managed by others. */
export function describeImports({ tab, cloud, at, call, heading, row, path }: ConsoleUser): void {
  const page = (): Page => tab().page;
  const target = (): Locator => page().getByRole('article', { name: `aws/${ACCOUNT}` });
  const done = (): Promise<void> => page().getByRole('main').getByText('✓ done').waitFor();

  describe('an import', () => {
    it('is begun at a target, and tells what stands there that nobody manages, and what stands in the way', async () => {
      await cloud()('CreateUser', { UserName: 'wild' });
      await cloud()('CreateUser', { UserName: 'terraformed', 'Tags.member.1.Key': 'managed-by', 'Tags.member.1.Value': 'terraform' });
      await page().goto(at(`/t?provider=aws&account=${ACCOUNT}`));
      await target().getByLabel('For tenant').fill('nobody');
      await target().getByRole('button', { name: 'Look what is there' }).click();
      await target().getByText('ValidationFailed').or(target().getByText('NotFound')).first().waitFor();
      await target().getByLabel('For tenant').fill('default');
      await target().getByLabel('Kind').selectOption('user');
      await target().getByText(`npx wami -t default sync import --provider aws --account ${ACCOUNT} --kinds user`, { exact: true }).waitFor();
      await target().getByRole('button', { name: 'Look what is there' }).click();
      await heading(`Import from aws/${ACCOUNT}`).waitFor();
      await done();
      await page().getByRole('cell', { name: 'wild' }).or(page().getByRole('rowheader', { name: 'wild' })).first().waitFor();
      await page().getByRole('row', { name: /^wild user ▸ can be imported/ }).waitFor();
      await page().getByRole('row', { name: /^terraformed user ! cannot be imported tags/ }).waitFor();
      expect(path()).toMatch(/^\/imports\/job_\w+$/);
      expect(await axeFindings(page(), 'import')).toEqual([]);
      await page().getByLabel('Outcome').selectOption('obstacle');
      await page().getByRole('row', { name: /^wild/ }).waitFor({ state: 'detached' });
      await page().getByLabel('Outcome').selectOption('refused');
      await page().getByText('Nothing came to this.').waitFor();
      await page().getByRole('link', { name: 'All that was found' }).click();
    });

    it('makes resources of what can be, after a second thought, and shows each', async () => {
      await page().getByRole('button', { name: 'Manage what was found' }).click();
      await page().getByText('In the cloud nothing of it changes but its marks.').waitFor();
      expect(await axeFindings(page(), 'import-adopt')).toEqual([]);
      await page().getByRole('button', { name: 'Manage it from now on' }).click();
      await page().getByText(/ imported, 0 refused\.$/).waitFor();
      await done();
      await row('wild').getByText('✓ imported').waitFor();
      await page().getByRole('row', { name: /^terraformed/ }).waitFor();
      expect(await page().getByRole('button', { name: 'Manage what was found' }).count()).toBe(0);
      expect(await axeFindings(page(), 'import-done')).toEqual([]);
      await page().getByRole('link', { name: 'wild' }).click();
      await heading('wild').waitFor();
      await eventually(async () => expect(await call('GET', '/v1/resources?q=wild')).toMatchObject({ items: [{ name: 'wild', kind: 'user' }] }));
    });

    it('of which there is none by this name is told to be none', async () => {
      await page().goto(at('/imports/job_NEVER'));
      await heading('No such import').waitFor();
    });
  });
}

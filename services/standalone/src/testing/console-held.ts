import type { ApprovalView } from '@wami/contracts';
import { patiently as eventually } from '@wami/testing';
import type { Locator, Page } from 'playwright-core';
import { axeFindings } from './browser';
import type { ConsoleUser } from './console-user';

/** Part of the console's spec: what is paused; and more of the many that agree are deleted at once than the guard allows. */
export function describeHeld({ tab, at, call, heading }: ConsoleUser): void {
  const page = (): Page => tab().page;
  const button = (name: string): Locator => page().getByRole('button', { name });
  const listed = async <T>(path: string): Promise<T[]> => (await call<{ items: T[] }>('GET', path)).items;

  it('a pause is said on every page, with who made it and why, and ended by a button', async () => {
    await call('POST', '/v1/sync/pause', { tenant: 'default', provider: 'aws', reason: 'change freeze' });
    await page().goto(at('/r'));
    await page().getByText('Nothing is called for default at aws/*.').waitFor();
    await page().getByRole('link', { name: 'See the pauses' }).click();
    await page().getByText('change freeze').waitFor();
    await page().getByText('npx wami sync resume --tenant default --provider aws', { exact: true }).waitFor();
    expect(await axeFindings(page(), 'paused')).toEqual([]);
    await button('Resume, with all within it').click();
    await page().getByText('Nothing is called for default at aws/*.').waitFor({ state: 'detached' });
    expect(await listed('/v1/pauses')).toEqual([]);
  });

  it('removals that the guard holds are what needs somebody; they are listed one by one, kept held, and let go after all', async () => {
    const all = await listed<{ id: string }>('/v1/resources?q=many-&limit=1000');
    const many = all.slice(0, 30);
    const standing = async (): Promise<number> => (await listed('/v1/sync-states?q=many-&limit=1000')).length - (all.length - many.length);
    await call('POST', '/v1/batch', { operations: many.map(({ id }) => ({ method: 'DELETE', path: `/v1/users/${id}` })) });
    const { id, held, hash } = await eventually(async () => {
      const [list] = await listed<ApprovalView>('/v1/approvals?state=open');
      // What is not on the list went, or was not looked at yet.
      expect(await standing()).toBe(list?.held);
      return list as ApprovalView;
    });
    await page().goto(at('/?tenant=default'));
    await page().getByRole('link', { name: `${held} removals wait for approval` }).click();
    await page().getByRole('region', { name: 'Removals that wait for approval' }).getByRole('link', { name: id }).click();
    await heading(id).waitFor();
    await eventually(async () => expect(await page().getByRole('region', { name: 'Removals' }).getByText('is deleted').count()).toBe(held));
    expect(await axeFindings(page(), 'held')).toEqual([]);
    await button('Keep all of it held').click();
    await page().getByText('✗ kept held').waitFor();
    const sent = page().waitForRequest((request) => request.method() === 'POST');
    await button(`Let these ${held} removals go`).click();
    expect((await sent).postDataJSON()).toEqual({ hash });
    await page().getByText('✓ approved').waitFor();
    await eventually(async () => expect(await standing()).toBe(0));
    await page().goto(at('/plans/apr_NEVER'));
    await heading('No such list of removals').waitFor();
  });
}

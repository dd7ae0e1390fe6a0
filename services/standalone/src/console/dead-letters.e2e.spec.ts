import { patiently as eventually, startTestPostgres, type TestPostgres } from '@wami/testing';
import { axeFindings, describeInBrowser } from '../testing/browser';
import { describeImports } from '../testing/console-imports';
import { answersAmongMany } from '../testing/console-many';
import { consoleUserForAll } from '../testing/console-user';
import { standaloneForAll } from '../testing/standalone-for-all';

jest.setTimeout(120_000);

const TOKEN = 'the-administrator-of-this-test';

describeInBrowser('the console, with little in it, and with much', (browser) => {
  let postgres: TestPostgres;
  const env = async (): Promise<Record<string, string>> => {
    postgres = await startTestPostgres();
    return { WAMI_DATABASE_URL: postgres.url };
  };
  const standalone = standaloneForAll({ name: 'console-dead-letters', token: TOKEN, env });
  const user = consoleUserForAll(browser, standalone, TOKEN);
  const { tab, at, call, create, settled, heading } = user;
  afterAll(() => postgres?.stop());

  it('shows those of the read models and of each sync service, tries them again, and leaves one out with the reason', async () => {
    const { page } = tab();
    await page.goto(at('/dead-letters'));
    await page.getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await heading('Dead letters').waitFor();
    await page.getByText('No event is parked.').waitFor();
    expect(await axeFindings(page, 'dead-letters-empty')).toEqual([]);

    const ann = await create('ann');
    await settled(ann, 'Synced');
    await postgres.query(`INSERT INTO identity.events (tenant, stream_id, version, event_id, type, schema_v, key, subject, data, personal, meta, recorded_at)
      SELECT tenant, stream_id, version + 1, 'evt_of_ann', 'wami.user.blessed.v7', schema_v, key, subject, '{"tags": {"blessed": "yes"}}', '{}', meta, now() FROM identity.events WHERE stream_id = $1`, [ann]);
    const of = (consumer: string) => page.getByRole('article', { name: `wami.user.blessed.v7 at ${consumer}` });
    await of('sync-aws').getByText('does not know the event type').waitFor();
    await eventually(async () => expect((await call<{ items: object[] }>('GET', '/v1/dead-letters')).items).toHaveLength(2));
    await page.goto(at('/'));
    await heading('1 thing needs you').waitFor();
    await page.getByRole('link', { name: '1 event was not taken in' }).click();
    await heading('Dead letters').waitFor();
    await of('projection').getByText('npx wami dead-letters retry evt_of_ann').waitFor();
    expect(await axeFindings(page, 'dead-letters')).toEqual([]);

    await of('sync-aws').getByRole('button', { name: 'Try again' }).click();
    await of('sync-aws').getByText('tried 2 times').waitFor();
    await of('projection').getByRole('button', { name: 'Try again' }).click();
    await of('projection').getByText('tried 2 times').waitFor();
    for (const consumer of ['sync-aws', 'projection']) {
      await of(consumer).getByLabel('Why it is left out for good').fill('nobody needs it');
      await of(consumer).getByRole('button', { name: 'Skip' }).click();
      await of(consumer).waitFor({ state: 'detached' });
    }
    await page.getByText('No event is parked.').waitFor();
    await page.getByLabel('Show').selectOption('skipped');
    await of('sync-aws').getByText('Skipped by admin').waitFor();
    await of('projection').getByText('nobody needs it').waitFor();
  });

  describeImports(user);
  answersAmongMany(user, () => postgres);
});

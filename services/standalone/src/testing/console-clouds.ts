import { MAX_TAGS } from '@wami/contracts';
import { patiently as eventually } from '@wami/testing';
import type { Page } from 'playwright-core';
import { axeFindings } from './browser';
import { CONSOLE_ACCOUNT as ACCOUNT, type ConsoleUser } from './console-user';

/** Part of the console's spec: after `bob` stands in the way, and many that agree. Leaves `ann` as it is wanted. */
export function describeConflictsAndDrift({ tab, cloud, at, call, heading, path }: ConsoleUser, ann: () => string): void {
  const page = (): Page => tab().page;

  describe('conflicts and drift', () => {
    const drifted = () => page().getByRole('article', { name: `ann at aws/${ACCOUNT}` });

    it('stand side by side, where one can be settled', async () => {
      await page().getByRole('link', { name: '1 resource fails with Conflict' }).click();
      await heading('Conflicts and drift').waitFor();
      const bob = page().getByRole('article', { name: `bob at aws/${ACCOUNT}` });
      await bob.getByRole('row', { name: `nativeArn nothing arn:aws:iam::${ACCOUNT}:user/bob` }).waitFor();
      await bob.getByRole('button', { name: 'Leave both alone' }).waitFor();
      await page().getByText('No drift was found.').waitFor();
      expect(await axeFindings(page(), 'conflicts')).toEqual([]);
    });

    it('come by themselves, with what was found and what was left', async () => {
      await cloud()('TagUser', { UserName: 'ann', 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'edge' });
      await call('POST', '/v1/sync', { resources: [ann()] });
      await drifted().getByRole('row', { name: 'tags/team core edge' }).waitFor();
      await drifted().getByText('✓ agrees again').waitFor();
      expect(await axeFindings(page(), 'drift')).toEqual([]);
    });

    it('come page by page, each list by itself, and the address says which', async () => {
      const names = Array.from({ length: 51 }, (_, i) => `taken-${i}`);
      const { items: many } = await call<{ items: { id: string; name: string }[] }>('GET', '/v1/resources?q=many-&limit=51');
      await Promise.all(names.map((name) => cloud()('CreateUser', { UserName: name })));
      await Promise.all(many.map(({ name }) => cloud()('TagUser', { UserName: name, 'Tags.member.1.Key': 'by', 'Tags.member.1.Value': 'hand' })));
      await call('POST', '/v1/batch', { operations: names.map((userName) => ({ method: 'POST', path: '/v1/users', body: { tenant: 'default', userName } })) });
      await call('POST', '/v1/sync', { resources: many.map(({ id }) => id) });
      const listed = async (list: string): Promise<number> => (await call<{ items: object[] }>('GET', `/v1/${list}?limit=1000`)).items.length;
      await eventually(async () => expect([await listed('conflicts'), await listed('drift')]).toEqual([52, 52]));

      await page().goto(at('/drift'));
      const list = (name: string) => page().getByRole('region', { name, exact: true });
      const shown = (...counts: number[]) => eventually(async () => expect([await list('Conflicts').getByRole('article').count(), await list('Drift').getByRole('article').count()]).toEqual(counts));
      await shown(50, 50);
      await list('Conflicts').getByRole('link', { name: 'Next page' }).click();
      await shown(2, 50);
      await page().getByRole('article', { name: `bob at aws/${ACCOUNT}` }).waitFor();
      await list('Drift').getByRole('link', { name: 'Next page' }).click();
      await shown(2, 2);
      await drifted().waitFor();
      await page().reload();
      await shown(2, 2);
      await list('Conflicts').getByRole('link', { name: 'First page' }).click();
      await shown(50, 2);
      expect(path()).toMatch(/^\/drift\?drift=[^&]+$/);
    });
  });
}

/** Part of the console's spec: what is done about drift where the tenant takes over what others change. */
export function describeDriftWays({ tab, cloud, at, call, create, settled }: ConsoleUser): void {
  const page = (): Page => tab().page;

  it('drift that is open says what becomes of it as the direction has it, and one button is for all of them', async () => {
    await call('POST', '/v1/tenants', { id: 'default/both', name: 'Both ways' });
    await call('PUT', '/v1/tenants/default%2Fboth/sync-config', { direction: 'bidirectional' });
    const ids = await Promise.all(['kim', 'lou'].map((name) => create(name, { tenant: 'default/both' })));
    for (const id of ids) await settled(id, 'Synced');
    // More than are allowed here: they cannot be taken over.
    const keys = Array.from({ length: MAX_TAGS + 1 }, (_, n) => `key-${n}`);
    const tags = Object.fromEntries(keys.flatMap((key, n) => [[`Tags.member.${n + 1}.Key`, key], [`Tags.member.${n + 1}.Value`, 'theirs']]));
    for (const UserName of ['kim', 'lou']) await cloud()('TagUser', { UserName, ...tags });
    await call('POST', '/v1/sync', { resources: ids });
    await page().goto(at('/drift?tenant=default%2Fboth'));
    const kim = page().getByRole('article', { name: `kim at aws/${ACCOUNT}` });
    await kim.getByRole('row', { name: 'tags/key-40 nothing theirs' }).waitFor();
    await kim.getByText(ids[0] ?? '', { exact: true }).waitFor();
    await kim.getByRole('link', { name: 'Direction of default/both: bidirectional' }).waitFor();
    const all = page().getByRole('button', { name: 'Sync the 2 that are open here' });
    await all.waitFor();
    expect(await axeFindings(page(), 'drift-open')).toEqual([]);
    await kim.getByRole('button', { name: 'Take it over' }).click();
    await kim.getByText(/^Asked for, as job_/).waitFor();
    for (const UserName of ['kim', 'lou']) await cloud()('UntagUser', { UserName, ...Object.fromEntries(keys.map((key, n) => [`TagKeys.member.${n + 1}`, key])) });
    await all.click();
    await kim.getByText('✓ agrees again').waitFor();
    await all.waitFor({ state: 'detached' });
  });
}

/** Part of the console's spec: a plan for `ann`, from when it is made until it was applied. */
export function describePlans({ tab, cloud, at, call, heading, row, path }: ConsoleUser, ann: () => string): void {
  const page = (): Page => tab().page;

  describe('plans', () => {
    let plan: string;
    const state = (text: string) => page().getByRole('main').getByText(text, { exact: true });

    it('appear as they are made, and tell what would be done, field by field, who asked, and until when', async () => {
      await page().goto(at('/plans'));
      await page().getByText('No plan waits to be applied.').waitFor();
      await cloud()('TagUser', { UserName: 'ann', 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'edge' });
      ({ plan } = await call<{ plan: string }>('POST', '/v1/sync/plan', { resources: [ann()] }));
      await row(plan).getByText('▸ may be applied').waitFor();
      await row(plan).getByText('1 to update').waitFor();
      await row(plan).getByText('by admin').waitFor();
      await row(plan).getByText(/^in \d+ min$/).waitFor();
      expect(await axeFindings(page(), 'plans')).toEqual([]);
      await page().getByRole('link', { name: plan }).click();
      await heading(plan).waitFor();
      await page().getByRole('article', { name: `update ann at aws/${ACCOUNT}` }).getByRole('row', { name: 'tags.team edge core' }).waitFor();
      await page().getByText(`npx wami sync apply ${plan}`, { exact: true }).waitFor();
      expect(await axeFindings(page(), 'plan')).toEqual([]);
      await page().getByLabel('Only').selectOption('delete');
      await page().getByText('Nothing of this kind.').waitFor();
      expect(path()).toBe(`/plans/${plan}?action=delete`);
      await page().goBack();
    });

    it('that are approved do just that, and are seen to', async () => {
      const sent = page().waitForRequest((request) => request.method() === 'POST');
      const { hash } = await call<{ hash: string }>('GET', `/v1/plans/${plan}`);
      await page().getByRole('button', { name: 'Approve and apply this change' }).click();
      expect((await sent).postDataJSON()).toEqual({ hash });
      await state('✓ applied').waitFor();
      await page().getByText(/^1 of 1 done\./).waitFor();
      expect(await page().getByRole('button', { name: /^Approve/ }).count()).toBe(0);
      expect(await axeFindings(page(), 'plan-applied')).toEqual([]);
      await page().getByRole('link', { name: 'All plans' }).click();
      await page().getByText('No plan waits to be applied.').waitFor();
      await page().getByLabel('State').selectOption('applied');
      await row(plan).getByText('✓ applied').waitFor();
      await page().getByLabel('State').selectOption('expired');
      await page().getByText('No plan is in this state.').waitFor();
    });

    it('of which there are none by this name are told to be none', async () => {
      await page().goto(at('/plans/pln_NEVER'));
      await heading('No such plan').waitFor();
      await page().getByRole('link', { name: 'All plans' }).click();
      await heading('Plans').waitFor();
    });
  });
}

/** Part of the console's spec, on the page of `bob`, which agrees. */
export function cloudIsLookedAt({ tab, cloud }: ConsoleUser): void {
  it('shows what stands at the cloud now beside what was last synced and what is wanted, once it is looked at', async () => {
    const page = tab().page;
    const target = page.getByRole('region', { name: `aws/${ACCOUNT}`, exact: true });
    await cloud()('TagUser', { UserName: 'bob', 'Tags.member.1.Key': 'by', 'Tags.member.1.Value': 'hand' });
    await target.getByText(/^npx wami sync explain usr_\w+ --provider aws --fresh$/).waitFor();
    await target.getByRole('button', { name: 'Look at the cloud now' }).click();
    await target.getByRole('row', { name: 'tags.by nothing hand nothing' }).waitFor();
    expect(await axeFindings(page, 'resource-looked')).toEqual([]);
  });
}

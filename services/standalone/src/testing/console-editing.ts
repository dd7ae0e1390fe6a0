import { patiently as eventually } from '@wami/testing';
import type { Locator, Page } from 'playwright-core';
import { axeFindings } from './browser';
import type { ConsoleUser } from './console-user';

const TRUST = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }] };

/** Part of the console's spec: resources are made and changed by hand. */
export function describeEditing({ tab, at, call, heading, path }: ConsoleUser): void {
  const page = (): Page => tab().page;
  const field = (label: string): Locator => page().getByLabel(label, { exact: true });
  const named = async (name: string): Promise<readonly { id: string }[]> => (await call<{ items: { id: string }[] }>('GET', `/v1/resources?q=${name}`)).items;
  const button = (name: string): Locator => page().getByRole('button', { name, exact: true });
  const save = (): Promise<void> => button('Save the changes').click();

  describe('a new resource', () => {
    it('is made from the list, with what the API says of each field where it is typed', async () => {
      await page().goto(at('/r'));
      await page().getByRole('link', { name: 'Create', exact: true }).click();
      await heading('New resource').waitFor();
      await field('Mail address').fill('not one');
      await field('Tags').fill('team=core');
      await button('Create the user').click();
      await page().getByText('a name has 1 to 128 printable characters').waitFor();
      expect(await page().evaluate('document.activeElement.id')).toBe('set-userName');
      expect([await field('Mail address').getAttribute('aria-invalid'), await field('Tags').getAttribute('aria-invalid')]).toEqual(['true', 'false']);
      expect(await axeFindings(page(), 'new-refused')).toEqual([]);
    });

    it('is one however often the button is pressed, also where the first answer was lost', async () => {
      await field('Name').fill('yara');
      await field('Mail address').fill('yara@acme.test');
      await page().getByText('npx wami -t default user create yara --email yara@acme.test --tag team=core', { exact: true }).waitFor();
      let asked = 0;
      await page().route('**/v1/users', async (route) => {
        if (++asked > 1) return route.continue();
        await route.fetch();
        return route.fulfill({ status: 201, body: '' });
      });
      await page().evaluate('[1, 2].forEach(() => [...document.querySelectorAll("button.main")].find((one) => one.textContent === "Create the user").click())');
      await page().getByText('The answer could not be read.').waitFor();
      expect(asked).toBe(1);
      await button('Create the user').click();
      await heading('yara').waitFor();
      expect(asked).toBe(2);
      await page().unroute('**/v1/users');
      const [yara, ...more] = await named('yara');
      expect([path(), more]).toEqual([`/r/${yara?.id}`, []]);
    });

    it('of another kind has other fields; what is refused as a whole is said, too', async () => {
      await page().goto(at('/new?kind=role&tenant=default'));
      await field('Name').fill('keeper');
      await field('Trust policy').fill('{"Version"');
      await button('Create the role').click();
      await page().getByText('This is no JSON object.').waitFor();
      await field('Trust policy').fill('{}');
      await button('Create the role').click();
      await eventually(async () => expect(await field('Trust policy').getAttribute('aria-invalid')).toBe('true'));
      await field('Trust policy').fill(JSON.stringify(TRUST));
      await field('Longest session').fill('7200');
      await page().getByText('npx wami -t default role create keeper --trust trust.json --max-session 7200', { exact: true }).waitFor();
      expect(await axeFindings(page(), 'new-role')).toEqual([]);
      await button('Create the role').click();
      await heading('keeper').waitFor();
      await page().goto(at('/new?kind=user'));
      await page().getByLabel('Kind').selectOption('service account');
      await field('Name').fill('deployer');
      await button('Create the service account').click();
      await heading('deployer').waitFor();
      await page().goto(at('/new?kind=identity-provider'));
      await field('Name').fill('pipelines');
      await field('OpenID Connect').fill(JSON.stringify({ url: 'https://tokens.acme.test', clientIds: ['sts.amazonaws.com'] }));
      await page().getByText('npx wami -t default identity-provider create pipelines --oidc-url https://tokens.acme.test --client-id sts.amazonaws.com', { exact: true }).waitFor();
      await button('Create the identity provider').click();
      await heading('pipelines').waitFor();
      await page().getByRole('link', { name: 'Edit', exact: true }).click();
      await eventually(async () => expect(JSON.parse(await field('OpenID Connect').inputValue())).toEqual({ url: 'https://tokens.acme.test', clientIds: ['sts.amazonaws.com'] }));
      await field('OpenID Connect').fill(JSON.stringify({ url: 'https://tokens.acme.test', clientIds: ['sts.amazonaws.com', 'builds'] }));
      const sent = page().waitForRequest((request) => request.method() === 'PATCH');
      await save();
      expect((await sent).postDataJSON()).toEqual({ oidc: { clientIds: ['sts.amazonaws.com', 'builds'] } });
      await page().getByRole('row', { name: /^oidc .*builds/ }).waitFor();
      await page().goto(at('/new?kind=role'));
      await field('Name').fill('keeper');
      await field('Trust policy').fill(JSON.stringify(TRUST));
      await button('Create the role').click();
      await page().getByText('NameTaken').waitFor();
    });
  });

  describe('a resource that is edited', () => {
    it('is changed by what was typed, and by nothing else', async () => {
      const [yara] = await named('yara');
      await page().goto(at(`/r/${yara?.id}`));
      await page().getByRole('link', { name: 'Edit', exact: true }).click();
      await eventually(async () => expect(await field('Tags').inputValue()).toBe('team=core'));
      await field('Tags').fill('team=edge');
      await field('Mail address').fill('');
      await page().getByText(/^curl -X PATCH /).waitFor();
      expect(await axeFindings(page(), 'edit')).toEqual([]);
      const sent = page().waitForRequest((request) => request.method() === 'PATCH');
      await save();
      expect((await sent).postDataJSON()).toEqual({ email: null, tags: { team: 'edge' } });
      await page().getByRole('row', { name: 'tags team = edge' }).waitFor();
      expect(path()).toBe(`/r/${yara?.id}`);
    });

    it('is not overwritten where somebody else changed it: what was typed is kept, beside what they made of it', async () => {
      const [{ id } = { id: '' }] = await named('yara');
      await page().goto(at(`/r/${id}?edit=fields`));
      await field('Display name').fill('Yara of mine');
      await call('PATCH', `/v1/users/${id}`, { displayName: 'Yara of theirs', path: '/theirs/' });
      await save();
      await page().getByText('VersionConflict').waitFor();
      expect(await field('Display name').inputValue()).toBe('Yara of mine');
      await save();
      await page().getByText('VersionConflict').waitFor();
      await button('Take what holds now, and keep what I typed').click();
      await page().getByText('somebody else made it Yara of theirs').waitFor();
      expect([await field('Display name').inputValue(), await field('Path').inputValue()]).toEqual(['Yara of mine', '/theirs/']);
      expect(await axeFindings(page(), 'edit-stale')).toEqual([]);
      await save();
      await page().getByRole('row', { name: 'displayName Yara of mine' }).waitFor();
      expect(await call('GET', `/v1/users/${id}`)).toMatchObject({ displayName: 'Yara of mine', path: '/theirs/' });
    });
  });
}

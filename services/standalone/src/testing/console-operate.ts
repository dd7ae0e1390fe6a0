import type { ApiKeyView } from '@wami/contracts';
import { patiently as eventually } from '@wami/testing';
import type { Locator, Page } from 'playwright-core';
import { axeFindings } from './browser';
import { CONSOLE_ACCOUNT as ACCOUNT, type ConsoleUser } from './console-user';

const TARGET = `aws/${ACCOUNT}`;

/** Part of the console's spec: what the operator of an installation looks at and sets. */
export function describeProviders({ tab, at, create, heading, path }: ConsoleUser, sandbox: () => string): void {
  const page = (): Page => tab().page;
  const target = (): Locator => page().getByRole('article', { name: TARGET });
  const standing = async (): Promise<Record<string, unknown>> => await (await fetch(`${sandbox()}/_sandbox/faults`)).json() as Record<string, unknown>;

  describe('providers', () => {
    it('say whether each can be called, with whose credentials, how fast, what it can hold, and apart from that how much agrees', async () => {
      await page().goto(at('/t'));
      await target().getByText('✓ can be called').waitFor();
      await target().getByText(/^\d+ of \d+ agree \(/).waitFor();
      await target().getByText(/^\d+ at a time/).waitFor();
      await target().getByText(`arn:aws:iam::${ACCOUNT}:`, { exact: false }).first().waitFor();
      await target().getByText('not that it is known').waitFor();
      expect(await target().getByRole('row', { name: /^user ✓ yes/ }).count()).toBe(0);
      await target().getByRole('link', { name: TARGET }).click();
      await target().getByRole('row', { name: /^user ✓ yes/ }).waitFor();
      expect(path()).toBe(`/t?provider=aws&account=${ACCOUNT}`);
      await target().getByText(`npx wami provider check ${TARGET}`, { exact: true }).waitFor();
      await target().getByRole('button', { name: 'Check', exact: true }).click();
      await target().getByText(`✓ Our credentials are taken: we are arn:aws:iam::${ACCOUNT}:`, { exact: false }).waitFor();
      expect(await axeFindings(page(), 'provider')).toEqual([]);
    });

    it('are held back with a reason and let go, and all that is there is compared after a second thought', async () => {
      await target().getByLabel('Why it is paused').fill('an audit');
      await target().getByLabel('Until').selectOption('8');
      await target().getByText(`npx wami sync pause --provider aws --account ${ACCOUNT} --reason 'an audit' --until 8h --yes`, { exact: true }).waitFor();
      await target().getByRole('button', { name: 'Pause', exact: true }).click();
      await target().getByRole('heading', { name: 'Nothing is called there' }).waitFor();
      await page().getByText(`Nothing is called for everything at ${TARGET}.`).waitFor();
      expect(await axeFindings(page(), 'provider-paused')).toEqual([]);
      await target().getByRole('button', { name: 'Resume, with all within it' }).click();
      await target().getByRole('heading', { name: 'Holding it back for a while' }).waitFor();
      await target().getByRole('button', { name: 'Resync', exact: true }).click();
      await target().getByText(/^All \d+ that you may sync at aws/).waitFor();
      expect(await axeFindings(page(), 'provider-resync')).toEqual([]);
      const sent = page().waitForRequest((request) => request.method() === 'POST');
      await target().getByRole('button', { name: 'Resync all of it' }).click();
      expect((await sent).postDataJSON()).toEqual({ providers: ['aws'] });
      await target().getByText(/^Asked for, as job_/).waitFor();
    });

    it('that are sandboxes are broken and mended there, and the command that does the same stands beside', async () => {
      const throttle = target().getByRole('button', { name: 'Throttle 3 of 10 calls' });
      await throttle.click();
      await target().getByText(`npx wami sandbox fault ${TARGET} --throttle 0`, { exact: true }).waitFor();
      expect([await throttle.getAttribute('aria-pressed'), await standing()]).toEqual(['true', expect.objectContaining({ throttle: 0.3, errors: 0 })]);
      await target().getByRole('button', { name: 'Be slow' }).click();
      await target().getByText('--latency 0', { exact: false }).waitFor();
      await throttle.click();
      await target().getByText(`npx wami sandbox fault ${TARGET} --throttle 0.3`, { exact: true }).waitFor();
      expect(await standing()).toMatchObject({ throttle: 0, latencyMs: [200, 800] });
      await target().getByRole('button', { name: 'All well again' }).click();
      await target().getByText('--latency 200-800', { exact: false }).waitFor();
      expect(await standing()).toMatchObject({ latencyMs: [0, 0] });
      await page().goto(at('/t?provider=nimbus'));
      await page().getByText('There is no such target').waitFor();
    });

    it('that refuse us are what needs somebody first, with the way to them', async () => {
      await page().goto(at(`/t?provider=aws&account=${ACCOUNT}`));
      await target().getByRole('button', { name: 'Reject our credentials' }).click();
      await create('refused');
      await page().getByRole('link', { name: 'Home' }).click();
      await page().getByRole('link', { name: `${TARGET}: rejects our credentials` }).click();
      await target().getByText('✗ rejects our credentials').waitFor();
      await target().getByRole('button', { name: 'Check', exact: true }).click();
      await target().getByText('✗ AuthExpired:', { exact: false }).waitFor();
      await target().getByText('Renew the credentials in the connections file', { exact: false }).waitFor();
      expect(await axeFindings(page(), 'provider-refused')).toEqual([]);
      await page().getByRole('link', { name: 'Home' }).click();
      await heading(/^\d+ things? needs? you$/).waitFor();
      expect(await axeFindings(page(), 'home-refused')).toEqual([]);
    });
  });
}

/** Part of the console's spec: the settings of a tenant below `default`. */
export function describeTenants({ tab, at, call, heading, path }: ConsoleUser): void {
  const page = (): Page => tab().page;
  const setting = (name: string): Locator => page().getByRole('row', { name: new RegExp(`^${name} `) });

  describe('tenants', () => {
    it('show what holds for each, and who says so', async () => {
      await page().goto(at('/tenants'));
      await page().getByRole('link', { name: 'default', exact: true }).click();
      await page().getByText('No tenant is below it.').waitFor();
      await call('POST', '/v1/tenants', { id: 'default/lab', name: 'The lab' });
      await page().getByRole('link', { name: 'lab', exact: true }).click();
      await heading('default/lab').waitFor();
      expect(path()).toBe('/tenants?tenant=default%2Flab');
      await page().getByRole('row', { name: `Synced to ${TARGET} default`, exact: true }).waitFor();
      await page().getByRole('row', { name: 'Direction push nobody: it is so by default', exact: true }).waitFor();
      expect(await setting('Synced to').getByRole('link', { name: 'default' }).count()).toBe(1);
      expect(await setting('Direction').getByRole('link', { name: 'default' }).count()).toBe(0);
      expect(await axeFindings(page(), 'tenant')).toEqual([]);
    });

    it('are changed field by field: what makes no sense is told there, and what would hold is shown before it does', async () => {
      await page().getByRole('button', { name: 'Change the settings' }).click();
      await page().getByLabel('Direction').selectOption('pull');
      await page().getByLabel('Tries again at most').fill('often');
      await page().getByRole('button', { name: 'See what would hold' }).click();
      await page().getByText('must be a number').waitFor();
      expect(await axeFindings(page(), 'tenant-change')).toEqual([]);
      await page().getByLabel('Tries again at most').fill('3');
      await page().getByRole('button', { name: 'See what would hold' }).click();
      await page().getByRole('row', { name: 'Direction push pull' }).waitFor();
      await page().getByRole('row', { name: 'Tries again at most 8 3' }).waitFor();
      expect(await call('GET', '/v1/tenants/default%2Flab/sync-config')).toMatchObject({ own: {} });
      expect(await axeFindings(page(), 'tenant-would')).toEqual([]);
      await page().getByRole('button', { name: 'Save the settings' }).click();
      await page().getByRole('row', { name: 'Direction pull own' }).waitFor();
      expect(await call('GET', '/v1/tenants/default%2Flab/sync-config')).toMatchObject({ own: { direction: 'pull', retry: { maxRetries: 3 } } });
    });

    it('that somebody else changed meanwhile are not overwritten', async () => {
      await page().getByRole('button', { name: 'Change the settings' }).click();
      await page().getByLabel('Direction').selectOption('bidirectional');
      await page().getByRole('button', { name: 'See what would hold' }).click();
      await page().getByRole('row', { name: 'Direction pull bidirectional' }).waitFor();
      await call('PUT', '/v1/tenants/default%2Flab/sync-config', { deletionPolicy: 'orphan' });
      await page().getByRole('button', { name: 'Save the settings' }).click();
      await page().getByText('VersionConflict').waitFor();
      expect(await call('GET', '/v1/tenants/default%2Flab/sync-config')).toMatchObject({ own: { deletionPolicy: 'orphan' }, direction: 'push' });
      await page().getByRole('button', { name: 'Begin again with what holds now' }).click();
      await eventually(async () => expect(await page().getByLabel('What is deleted here').inputValue()).toBe('orphan'));
      await page().getByRole('button', { name: 'Leave them as they are' }).click();
      await page().goto(at('/tenants?tenant=nobody'));
      await heading('No such tenant').waitFor();
    });
  });
}

/** Part of the console's spec: a key, from when it is made until it is refused. */
export function describeKeys({ tab, at, call }: ConsoleUser): void {
  const page = (): Page => tab().page;
  const secret = (): Promise<string> => page().getByLabel('Secret of dashboard').inputValue();
  const row = (): Locator => page().getByRole('row').filter({ hasText: 'dashboard' });
  const statusWith = async (token: string): Promise<number> => (await fetch(at('/v1/whoami'), { headers: { authorization: `Bearer ${token}` } })).status;

  describe('keys', () => {
    let first: string;
    it('are made here, and their secret is shown once', async () => {
      await page().goto(at('/keys'));
      await page().getByText('There are no API keys yet.').waitFor();
      await page().getByLabel('What it is for').fill('dashboard');
      await page().getByLabel('Good for').selectOption('30');
      await page().getByText('npx wami key create dashboard --role viewer --tenant default --expires 30d', { exact: true }).waitFor();
      await page().getByRole('button', { name: 'Make the key' }).click();
      await row().getByText('in 29 d').waitFor();
      first = await secret();
      await eventually(async () => expect(await statusWith(first)).toBe(200));
      expect(await axeFindings(page(), 'keys-made')).toEqual([]);
      await page().getByRole('button', { name: 'I have it' }).click();
      expect(await page().content()).not.toContain(first);
      expect(await page().evaluate('JSON.stringify([{...sessionStorage}, {...localStorage}, location.href])')).not.toContain(first);
    });

    it('get another secret, and are refused once revoked, each only after a second thought', async () => {
      await page().getByRole('button', { name: 'rotate dashboard' }).click();
      await page().getByRole('button', { name: 'Leave it' }).click();
      await page().getByRole('button', { name: 'rotate dashboard' }).click();
      await page().getByRole('button', { name: 'Rotate it' }).click();
      await row().getByText('The secret before ends in').waitFor();
      const second = await secret();
      expect(second).not.toBe(first);
      await page().getByRole('button', { name: 'revoke dashboard' }).click();
      const [{ id = '' } = {}] = (await call<{ items: ApiKeyView[] }>('GET', '/v1/api-keys')).items;
      await page().getByText(`npx wami key revoke ${id}`, { exact: true }).waitFor();
      expect(await axeFindings(page(), 'keys-revoke')).toEqual([]);
      await page().getByRole('button', { name: 'Revoke it' }).click();
      await page().getByText('There are no API keys yet.').waitFor();
      expect(await page().content()).not.toContain(second);
      await eventually(async () => expect([await statusWith(first), await statusWith(second)]).toEqual([401, 401]));
    });
  });
}

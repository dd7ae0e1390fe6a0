import { patiently as eventually } from '@wami/testing';
import type { Page } from 'playwright-core';
import { axeFindings } from './browser';
import { CONSOLE_ACCOUNT as ACCOUNT, type ConsoleUser } from './console-user';

/** Part of the console's spec, on the page of `ann`, who is called anna by now. */
export function inlinePoliciesAreShown({ tab, cloud, call }: ConsoleUser, ann: () => string): void {
  const page = (): Page => tab().page;

  it('shows inline policies by name, which of them wait to be synced, and what somebody else made of them', async () => {
    const allowing = (action: string): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
    const patch = (action: string): Promise<unknown> => call('PATCH', `/v1/users/${ann()}`, { inlinePolicies: { reads: allowing(action) } });
    const stands = (action: string): Promise<void> => eventually(async () => {
      const [text = ''] = (await cloud()('GetUserPolicy', { UserName: 'anna', PolicyName: 'reads' })).texts('PolicyDocument');
      expect(decodeURIComponent(text)).toContain(action);
    });
    const target = page().getByRole('region', { name: `aws/${ACCOUNT}`, exact: true });
    await patch('s3:GetObject');
    await stands('s3:GetObject');
    await page().getByRole('region', { name: 'reads' }).getByText('"Action": "s3:GetObject"').waitFor();

    await call('POST', '/v1/sync/pause', { resource: ann(), reason: 'looked at' });
    await patch('s3:ListBucket');
    const waiting = target.getByRole('row', { name: /^inlinePolicies\/reads/ });
    await waiting.getByText('"Action": "s3:GetObject"').waitFor();
    await waiting.getByText('"Action": "s3:ListBucket"').waitFor();
    await call('POST', '/v1/sync/resume', { resource: ann() });
    await stands('s3:ListBucket');
    await waiting.waitFor({ state: 'detached' });

    await cloud()('PutUserPolicy', { UserName: 'anna', PolicyName: 'reads', PolicyDocument: JSON.stringify(allowing('iam:PassRole')) });
    await call('POST', '/v1/sync', { resources: [ann()] });
    const found = target.getByRole('region', { name: `Found at aws/${ACCOUNT}` });
    await found.getByRole('row', { name: /^fields\/inlinePolicies\/reads .*s3:ListBucket.*iam:PassRole/i }).waitFor();
    await found.getByText('✓ agrees again').waitFor();
    await stands('s3:ListBucket');
    await found.evaluate((one) => one.scrollIntoView({ block: 'center' }));
    expect(await axeFindings(page(), 'resource-inline')).toEqual([]);
  });
}

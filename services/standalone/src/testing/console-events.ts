import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { axeFindings } from './browser';
import type { ConsoleUser } from './console-user';

/** Part of the console's spec: events of one resource and of one request. */
export function eventsAreNarrowed({ tab, at, call, create, settled, path }: ConsoleUser): void {
  const page = (): Page => tab().page;
  const entry = (what: string): Locator => page().getByRole('region', { name: 'Events' }).getByRole('listitem').filter({ hasText: what });

  it('are narrowed to one resource and to what came of one request, and are downloaded as they are shown', async () => {
    const eve = await create('eve');
    await settled(eve, 'Synced');
    await page().goto(at('/events'));
    await page().getByLabel('Resource', { exact: true }).fill(eve);
    await page().getByText(`npx wami events export --resource ${eve}`, { exact: true }).waitFor();
    await entry('sync succeeded').waitFor();
    await call('PATCH', `/v1/users/${eve}`, { userName: 'eva' });
    await entry('user renamed').getByRole('link', { name: /^req_/ }).click();
    await entry('user created').waitFor({ state: 'detached' });
    await entry('sync succeeded').waitFor();
    expect(path()).toMatch(new RegExp(`^/events\\?resource=${eve}&correlation=req_\\w+$`));
    expect(await axeFindings(page(), 'events-request')).toEqual([]);
    const shown = await entry('').count();
    const [saved] = await Promise.all([page().waitForEvent('download'), page().getByRole('button', { name: `Download the ${shown} shown` }).click()]);
    const lines = readFileSync(await saved.path(), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    const correlationid = new URLSearchParams(path().split('?')[1]).get('correlation');
    expect([saved.suggestedFilename(), lines.length]).toEqual(['wami-events.ndjson', shown]);
    expect(lines).toContainEqual(expect.objectContaining({ specversion: '1.0', type: 'wami.user.renamed.v1', source: 'identity' }));
    expect(new Set(lines.map((line) => line['correlationid']))).toEqual(new Set([correlationid]));
  });
}

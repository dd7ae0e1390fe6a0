import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { source as axeSource, type AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const inCi = /^(1|true)$/i.test(process.env['CI'] ?? '');
export const THEMES = ['light', 'dark'] as const;

function executable(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path));
}

/**
 * A jest block that needs a real browser. Where this machine has none it is named in the file that WAMI_LEFT_OUT_FILE names; where CI is set, it fails.
 */
export function describeInBrowser(title: string, tests: (browser: () => Browser) => void): void {
  const path = executable();
  if (path === undefined && !inCi) return leftOut(title);
  describe(title, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      if (path === undefined) throw new Error('there is no Chromium on this machine: apt-get install --no-install-recommends chromium');
      browser = await chromium.launch({ executablePath: path, args: FLAGS });
    });
    afterAll(() => browser?.close());
    tests(() => {
      if (!browser) throw new Error('it has not started');
      return browser;
    });
  });
}

function leftOut(title: string): void {
  const file = process.env['WAMI_LEFT_OUT_FILE'];
  const line = `${title}: there is no Chromium on this machine\n`;
  it('is left out, and said to be', () => {
    if (file) appendFileSync(file, line);
    else process.stderr.write(`LEFT OUT: ${line}`);
  });
}

export interface Tab {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained of: errors of scripts, breaches of the page's policy, and requests to anybody else. That something was refused, not found or out of date is none. */
  readonly complaints: readonly string[];
}

/** A browser of somebody who was never here, with axe at hand. */
export async function openTab(browser: Browser, origin: string): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  // Beside the page's policy, as the tools of a developer are.
  await context.addInitScript({ content: axeSource });
  const complaints: string[] = [];
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (said) => said.type() === 'error' && !/status of 4(01|04|09|12|22)/.test(said.text()) && complaints.push(said.text()));
  page.on('request', (request) => !request.url().startsWith(origin) && complaints.push(`asked ${request.url()}`));
  return { page, context, complaints };
}

/** What differs between themes. */
const OF_THEMES = { runOnly: ['color-contrast', 'link-in-text-block'] };

/** What axe finds on the page as it is, in both themes, each with where it is. WAMI_SCREENSHOTS names a folder for pictures of it. */
export async function axeFindings(page: Page, name: string): Promise<readonly string[]> {
  const all: string[] = [];
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme });
    const { violations } = await page.evaluate((rules) => (globalThis as unknown as { axe: { run(rules: object): Promise<AxeResults> } }).axe.run(rules), theme === 'light' ? {} : OF_THEMES);
    all.push(...violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${name} ${theme}: ${id} at ${html} ${failureSummary}`)));
    await picture(page, `${name}-${theme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return all;
}

/** Text that runs over the edge of what holds it, and links of the bar that do not stand in one line. */
const OUT_OF_PLACE = `[
  ...[...document.querySelectorAll('.agreement > li, .needs > li, header > .bar, main')].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => 'over the edge: ' + one.textContent.slice(0, 80)),
  ...[...document.querySelectorAll('header > .bar a, header > .bar button')].filter((one) => one.getBoundingClientRect().bottom > document.querySelector('header > .bar').getBoundingClientRect().top + 60).map((one) => 'below the line: ' + one.textContent),
]`;

/** What is out of its place in a window that is so wide. */
export async function outOfPlace(page: Page, width: number, name: string): Promise<readonly string[]> {
  const before = page.viewportSize();
  await page.setViewportSize({ width, height: 900 });
  const found = await page.evaluate<string[]>(OUT_OF_PLACE);
  await picture(page, name);
  if (before) await page.setViewportSize(before);
  return found;
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['WAMI_SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

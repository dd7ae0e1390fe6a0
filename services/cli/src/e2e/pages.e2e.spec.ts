import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { patiently, removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import { constant, fits, rewrite, stepsOf, Terminal } from '../testing/transcript';
import { WamiHost } from '../testing/wami-host';

const ROOT = join(__dirname, '..', '..', '..', '..');
const EXAMPLES = ['1-create', '2-retry', '3-several-clouds', '4-status', '5-conflict'].map((name) => `examples/provider-sync/${name}/README.md`);
/** First of all: it counts what is there. */
const FIRST = 'README.md';
/** In this order: an import finds what others left behind in the account. */
const GUIDES = ['first-sync', 'existing', 'several-clouds', 'conflicts', 'drift', 'gitops', 'connect', 'operate', 'upgrade', 'troubleshoot', 'install'].map((name) => `docs/guides/${name}.md`);
/** What may be typed again until the read models have it, as a person would. */
const LOOKS = /^npx wami (?:-t \S+ )?(?:\w+ (?:get|list|show|history|status)|status|conflicts|drift|dead-letters)\b/;
/** `WAMI_REWRITE_PAGES=1` writes what came into the pages instead of comparing. */
const REWRITES = process.env['WAMI_REWRITE_PAGES'] === '1';

jest.setTimeout(120_000);

describe('what README, examples and guides show is what comes, typed into one npm start', () => {
  const dataDir = temporaryDirectory('pages');
  const host = new WamiHost();
  const terminal = new Terminal(host, dataDir);
  let server: WamiProcess;

  beforeAll(async () => {
    server = await startWamiProcess({ dataDir, env: { WAMI_SANDBOXES: 'aws,gcp,azure' } });
  });
  afterAll(async () => {
    await host.close();
    await server?.stop();
    removeDirectory(dataDir);
  });

  async function expectStep(command: string, shown: string): Promise<void> {
    const look = async (): Promise<void> => {
      const came = await terminal.type(command);
      if (!fits(shown, came)) expect(`$ ${command}\n${constant(came)}`).toBe(`$ ${command}\n${constant(shown)}`);
    };
    await (LOOKS.test(command) ? patiently(look) : look());
  }

  /** What comes once the read models have had a moment. */
  async function settled(command: string, shown: string): Promise<string> {
    const came = await terminal.type(command);
    if (fits(shown, came) || !LOOKS.test(command)) return came;
    await sleep(2_000);
    return terminal.type(command);
  }

  it('leaves out no page that shows commands', () => {
    const pages = [FIRST, ...['docs/guides', 'examples'].flatMap((folder) => (readdirSync(join(ROOT, folder), { recursive: true }) as string[]).filter((name) => name.endsWith('.md') && !name.includes('node_modules')).map((name) => `${folder}/${name}`))];
    expect(pages.filter((page) => stepsOf(readFileSync(join(ROOT, page), 'utf8')).length > 0).sort()).toEqual([FIRST, ...EXAMPLES, ...GUIDES].sort());
  });

  it.each([FIRST, ...EXAMPLES, ...GUIDES])('%s', async (page) => {
    const file = join(ROOT, page);
    const steps = stepsOf(readFileSync(file, 'utf8'));
    expect(steps.length).toBeGreaterThan(0);
    const came: string[] = [];
    for (const { command, shown } of steps) {
      if (!REWRITES) await expectStep(command, shown);
      else came.push(await settled(command, shown));
    }
    if (REWRITES) rewrite(file, came);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { patiently, removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import { constant, fits, rewrite, stepsOf, Terminal } from '../testing/transcript';
import { WamiHost } from '../testing/wami-host';

const ROOT = join(__dirname, '..', '..', '..', '..');
const EXAMPLES = ['1-create', '2-retry', '4-status', '5-conflict'].map((name) => `examples/provider-sync/${name}/README.md`);
/** In this order: an import finds what others left behind in the account. */
const GUIDES = ['first-sync', 'existing', 'several-clouds', 'conflicts', 'drift', 'gitops', 'connect', 'operate', 'upgrade', 'troubleshoot', 'install'].map((name) => `docs/guides/${name}.md`);
/** What may be typed again until the read models have it, as a person would. */
const LOOKS = /^npx wami (?:-t \S+ )?(?:\w+ (?:get|list|show|history|status)|status|conflicts|drift|dead-letters)\b/;
/** `WAMI_REWRITE_PAGES=1` writes what came into the pages instead of comparing. */
const REWRITES = process.env['WAMI_REWRITE_PAGES'] === '1';

jest.setTimeout(120_000);

describe('what the examples and guides show is what comes, typed into one npm start', () => {
  const dataDir = temporaryDirectory('pages');
  const host = new WamiHost();
  const terminal = new Terminal(host, dataDir);
  let server: WamiProcess;

  beforeAll(async () => {
    server = await startWamiProcess({ dataDir });
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

  it.each([...EXAMPLES, ...GUIDES])('%s', async (page) => {
    const file = join(ROOT, page);
    const steps = stepsOf(readFileSync(file, 'utf8'));
    expect(steps.length).toBeGreaterThan(0);
    const came: string[] = [];
    for (const { command, shown } of steps) {
      if (REWRITES) came.push(await terminal.type(command));
      else await expectStep(command, shown);
    }
    if (REWRITES) rewrite(file, came);
  });
});

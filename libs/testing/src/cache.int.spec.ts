import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtOnce } from './cache';
import { runTool } from './run-tool';

describe('builtOnce', () => {
  let parent: string;
  let folder: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'wami-cache-'));
    folder = join(parent, 'tools');
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  it('builds once for all who ask at the same time and for all who ask later', async () => {
    let builds = 0;
    const build = async (target: string): Promise<void> => {
      builds += 1;
      await new Promise((resolve) => setImmediate(resolve));
      writeFileSync(join(target, 'tool'), '');
    };
    await Promise.all([builtOnce(folder, build), builtOnce(folder, build)]);
    await builtOnce(folder, build);
    expect(builds).toBe(1);
  });

  it('builds anew what a failure left half done', async () => {
    const failing = builtOnce(folder, async (target) => {
      writeFileSync(join(target, 'half'), '');
      throw new Error('no network');
    });
    await expect(failing).rejects.toThrow('no network');
    await builtOnce(folder, async (target) => writeFileSync(join(target, 'tool'), ''));
    expect([existsSync(join(folder, 'half')), existsSync(join(folder, 'tool'))]).toEqual([false, true]);
  });
});

describe('runTool', () => {
  it('names the missing tool and how to get it', async () => {
    await expect(runTool('wami-no-such-tool', [], 'install it')).rejects.toThrow('"wami-no-such-tool" is not installed: install it');
  });

  it('fails with what the tool said', async () => {
    await expect(runTool('sh', ['-c', 'echo useful >&2; exit 3'], '')).rejects.toThrow('sh failed: useful');
  });
});

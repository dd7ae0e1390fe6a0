import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopLeftOver } from './left-over';
import { isAlive } from './processes';

const WAIT_FOR_INPUT = 'echo up; read -r _';

describe('stopLeftOver', () => {
  let dataDir: string;
  let pidFile: string;
  let other: ChildProcess | undefined;

  /** A process that works in `cwd`, names it in its arguments, and is recorded as the server of the data directory. */
  async function recordServer(cwd: string): Promise<number> {
    const child = spawn('/bin/sh', ['-c', WAIT_FOR_INPUT, cwd], { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
    other = child;
    await once(child.stdout, 'data');
    writeFileSync(pidFile, `${child.pid}\n${dataDir}\n`);
    return child.pid ?? 0;
  }

  beforeEach(() => {
    dataDir = mkdtempSync(join(realpathSync(tmpdir()), 'wami-left-over-'));
    pidFile = join(dataDir, 'postmaster.pid');
  });
  afterEach(() => {
    other?.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('ends a server that still runs on the directory', async () => {
    const pid = await recordServer(dataDir);
    const lines: string[] = [];
    await stopLeftOver(dataDir, (line) => lines.push(line));
    expect(isAlive(pid)).toBe(false);
    expect(lines).toEqual([`stopping the left-over server of ${dataDir}, process ${pid}`]);
  });

  it('leaves a process alone that merely got the recorded id after a crash of the machine', async () => {
    const pid = await recordServer(realpathSync(tmpdir()));
    await stopLeftOver(dataDir, () => undefined);
    expect(isAlive(pid)).toBe(true);
    expect(existsSync(pidFile)).toBe(process.platform !== 'linux');
  });
});

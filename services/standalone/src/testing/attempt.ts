import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnTied, type ProcessExit, type TiedProcess } from '@wami/embedded-postgres';

const ROOT = join(__dirname, '..', '..', '..', '..');
const LIMIT_MS = 60_000;

/** A built service started as a process of its own, whether or not that works. Only what is given of WAMI's settings reaches it. */
export class Attempt {
  out = '';
  err = '';
  private readonly tied: TiedProcess;

  constructor(env: NodeJS.ProcessEnv, service = 'standalone') {
    const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('WAMI_')));
    this.tied = spawnTied({
      command: process.execPath, args: [join(ROOT, 'services', service, 'dist', 'main.js')], cwd: ROOT, onParentDeath: 'kill',
      env: { ...clean, WAMI_HTTP_PORT: '0', ...env },
    });
    this.tied.child.stdout?.on('data', (chunk) => (this.out += String(chunk)));
    this.tied.child.stderr?.on('data', (chunk) => (this.err += String(chunk)));
  }

  get pid(): number {
    return this.tied.pid;
  }

  /** The address that it prints when everything answers. */
  async ready(): Promise<string> {
    for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline && !this.tied.hasExited(); await sleep(20)) {
      const url = /^WAMI (?:\w+ )?ready (\S+)$/m.exec(this.out)?.[1];
      if (url !== undefined) return url;
    }
    throw new Error(`it did not get ready. stdout: ${this.out} stderr: ${this.err}`);
  }

  /** Sends the signal, where one is given and it runs, and waits until it is gone. */
  async end(signal?: NodeJS.Signals): Promise<ProcessExit> {
    if (signal && !this.tied.hasExited()) this.tied.child.kill(signal);
    const late = sleep(LIMIT_MS, undefined, { ref: false });
    const exit = await Promise.race([this.tied.exited, late]);
    if (exit) return exit;
    process.kill(-this.tied.pid, 'SIGKILL');
    throw new Error(`it did not end. stdout: ${this.out} stderr: ${this.err}`);
  }
}

/** Command lines of the processes that work in a folder. */
export function processesIn(folder: string): string[] {
  return spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout.split('\n').filter((line) => line.includes(folder));
}

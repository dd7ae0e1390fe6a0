import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Arming } from './kill-points';

const ROOT = join(__dirname, '..', '..', '..', '..');
const READY_MS = 60_000;
const KEPT_CHARACTERS = 8_000;

/** The process that is killed again and again: everything in one, run from the sources. */
export class Victim {
  private child: ChildProcess | undefined;
  private ready: Promise<string> = Promise.reject(new Error('not started'));
  private said = '';
  private isOver = false;

  private constructor(private readonly dataDir: string, private readonly env: NodeJS.ProcessEnv) {
    this.ready.catch(() => undefined);
  }

  /** Starts it, and resolves when everything answers. `env` is added to this process's own. */
  static async start(dataDir: string, env: NodeJS.ProcessEnv): Promise<Victim> {
    const victim = new Victim(dataDir, env);
    await victim.restart();
    return victim;
  }

  /** Where it answers, once it does. Rejects when it is given up. */
  url(): Promise<string> {
    return this.ready;
  }

  get token(): string {
    return readFileSync(join(this.dataDir, 'admin.token'), 'utf8').trim();
  }

  /** True once `stop` was called: nobody should wait for it any more. */
  get over(): boolean {
    return this.isOver;
  }

  /** What it said last, for a failure's message. */
  get lastWords(): string {
    return this.said;
  }

  /** Resolves with its signal or exit code when the process is gone. */
  async gone(): Promise<string> {
    const { child } = this;
    if (!child) return 'not started';
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.signalCode ?? `exit code ${String(child.exitCode)}`;
  }

  arm(arming: Arming): void {
    this.child?.send(arming);
  }

  /** SIGKILL to its process group. Its database ends by itself unless that is killed too. */
  async kill(withDatabase = false): Promise<void> {
    if (this.child?.pid === undefined) return;
    // Who asks for it from now on waits for the next one.
    this.ready = new Promise(() => undefined);
    if (withDatabase) this.killDatabase();
    signalGroup(this.child.pid);
    await this.gone();
  }

  /** SIGKILL to the embedded PostgreSQL's first process; the others of it end with that. */
  killDatabase(): void {
    const pid = Number(readFileSync(join(this.dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGKILL');
  }

  async restart(): Promise<void> {
    this.said = '';
    const child = spawn(process.execPath, ['-C', '@wami/source', '-r', join(ROOT, 'tools', 'swc-hook.cjs'), join(__dirname, 'chaos-main.ts')], {
      cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, WAMI_HTTP_PORT: '0', WAMI_LOG_LEVEL: 'error', WAMI_DATA_DIR: this.dataDir, ...this.env },
    });
    this.child = child;
    this.ready = this.untilReady(child);
    await this.ready;
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.kill();
  }

  private untilReady(child: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`the process did not get ready: ${why}. It said: ${this.said}`));
      const late = setTimeout(() => fail(`not within ${READY_MS} ms`), READY_MS);
      child.once('exit', (code, signal) => fail(`it ended with ${signal ?? String(code)}`));
      const take = (chunk: Buffer): void => {
        this.said = (this.said + chunk.toString()).slice(-KEPT_CHARACTERS);
        const url = /^WAMI ready (\S+)$/m.exec(this.said)?.[1];
        if (url === undefined) return;
        clearTimeout(late);
        resolve(url);
      };
      child.stdout?.on('data', take);
      child.stderr?.on('data', take);
      child.once('exit', () => clearTimeout(late));
    });
  }
}

function signalGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

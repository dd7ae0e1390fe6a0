import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Arming } from './kill-points';

const ROOT = join(__dirname, '..', '..', '..', '..');
const READY_MS = 60_000;
const END_MS = 30_000;
const KEPT_CHARACTERS = 8_000;

/** The process that is killed again and again: everything in one, by the sources of this project over the built ones of all others. Call `start` before anything else. */
export class Victim {
  private child: ChildProcess | undefined;
  private address: string | undefined;
  private said = '';
  private isOver = false;

  constructor(private readonly dataDir: string, private readonly env: NodeJS.ProcessEnv) {}

  /** Where it answers; undefined while it is down. */
  get url(): string | undefined {
    return this.address;
  }

  get token(): string {
    return readFileSync(join(this.dataDir, 'admin.token'), 'utf8').trim();
  }

  /** True once it was ended for good: nobody should wait for it any more. */
  get over(): boolean {
    return this.isOver;
  }

  /** What it said last, for a failure's message. */
  get lastWords(): string {
    return this.said;
  }

  /** Resolves when everything answers; rejects where it ends before. */
  start(): Promise<void> {
    this.said = '';
    const child = spawn(process.execPath, ['-r', join(ROOT, 'tools', 'swc-hook.cjs'), join(__dirname, 'chaos-main.ts')], {
      cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, WAMI_HTTP_PORT: '0', WAMI_LOG_LEVEL: 'error', WAMI_DATA_DIR: this.dataDir, ...this.env },
    });
    this.child = child;
    child.once('exit', () => (this.address = undefined));
    return this.untilReady(child);
  }

  /** Resolves with its signal or exit code when the process is gone; rejects after `timeoutMs`. */
  async gone(timeoutMs: number): Promise<string> {
    const { child } = this;
    if (!child) return 'not started';
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit', { signal: AbortSignal.timeout(timeoutMs) });
    return child.signalCode ?? `exit code ${String(child.exitCode)}`;
  }

  arm(arming: Arming): void {
    this.child?.send(arming);
  }

  /** SIGKILL to its process group, and to the one of its database. Rejects where it had ended by itself. */
  async kill({ withDatabase = false } = {}): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined) return;
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended by itself (${await this.gone(END_MS)}): ${this.said}`);
    if (withDatabase) this.killDatabase();
    process.kill(-child.pid, 'SIGKILL');
    await this.gone(END_MS);
  }

  /** SIGTERM. Rejects where it does not end well. */
  async end(): Promise<void> {
    this.isOver = true;
    this.child?.kill('SIGTERM');
    const how = await this.gone(END_MS);
    if (how !== 'exit code 0') throw new Error(`after SIGTERM it ended with ${how}: ${this.said}`);
  }

  /** However it stands. */
  async dispose(): Promise<void> {
    this.isOver = true;
    if (this.child?.exitCode === null && this.child.signalCode === null) await this.kill();
  }

  /** The embedded PostgreSQL's first process; the others of it end with that. Only while the victim is ready is the number its own. */
  private killDatabase(): void {
    const pid = Number(readFileSync(join(this.dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGKILL');
  }

  private untilReady(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`the process did not get ready: ${why}. It said: ${this.said}`));
      const late = setTimeout(() => fail(`not within ${READY_MS} ms`), READY_MS);
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        fail(`it ended with ${signal ?? String(code)}`);
      });
      const take = (chunk: Buffer): void => {
        this.said = (this.said + chunk.toString()).slice(-KEPT_CHARACTERS);
        this.address ??= /^WAMI ready (\S+)$/m.exec(this.said)?.[1];
        if (this.address === undefined) return;
        clearTimeout(late);
        resolve();
      };
      child.stdout?.on('data', take);
      child.stderr?.on('data', take);
    });
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BIN = join(__dirname, '..', '..', 'bin', 'wami.cjs');
const LIMIT_MS = 60_000;

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** What it reads on stdin; nothing where it is left out. */
  readonly input?: string;
}

/** Nothing of WAMI but what is given. */
export function cleanEnvironment(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(WAMI_|XDG_|NO_COLOR|FORCE_COLOR)/.test(key)));
  return { ...clean, XDG_CONFIG_HOME: '/nonexistent', ...given };
}

/** The command as a person runs it: the built one, in a process of its own, with nothing of WAMI in its environment but what is given. */
export class RunningWami {
  out = '';
  err = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<Ran>;

  constructor(args: readonly string[], { env = {}, cwd, input }: RunOptions = {}) {
    this.child = spawn(process.execPath, [BIN, ...args], {
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'], timeout: LIMIT_MS, env: cleanEnvironment(env), ...(cwd === undefined ? {} : { cwd }),
    });
    this.child.stdin?.end(input);
    this.child.stdout?.on('data', (chunk) => (this.out += String(chunk)));
    this.child.stderr?.on('data', (chunk) => (this.err += String(chunk)));
    this.ended = new Promise((resolve) => this.child.once('close', (code) => resolve({ code, out: this.out, err: this.err })));
  }

  end(): Promise<Ran> {
    return this.ended;
  }

  /** Ctrl-C. */
  interrupt(): Promise<Ran> {
    this.child.kill('SIGINT');
    return this.ended;
  }

  /** Resolves when it has printed this. Rejects, with all it said, where it ends before or takes longer than a minute. */
  async prints(what: RegExp): Promise<string> {
    for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline && this.child.exitCode === null; await sleep(20)) {
      const found = what.exec(this.out + this.err);
      if (found) return found[0];
    }
    const found = what.exec(this.out + this.err);
    if (found) return found[0];
    throw new Error(`wami did not print ${String(what)}. stdout: ${this.out} stderr: ${this.err}`);
  }
}

export function runWami(args: readonly string[], options?: RunOptions): Promise<Ran> {
  return new RunningWami(args, options).end();
}

import { join } from 'node:path';
import { spawnTied, waitForExit, type TiedProcess } from '@wami/embedded-postgres';
import { eventually } from '../eventually';
import { freePort } from '../free-port';

const ROOT = join(__dirname, '..', '..', '..', '..');
const READY_TIMEOUT_MS = 60_000;
const ASK_TIMEOUT_MS = 5_000;
/** Longer than a service gives itself. */
const STOP_TIMEOUT_MS = 30_000;
const KILL_TIMEOUT_MS = 10_000;
const KEPT_CHARACTERS = 6_000;

export interface ServiceReadiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly reason?: string }>>;
}

/** One service as a process of its own: its built `main`, told by its environment alone. It cannot outlive this process. */
export interface ServiceProcess {
  readonly name: string;
  /** The same over restarts. */
  readonly url: string;
  /** Where its metrics are answered without a token. */
  readonly metrics: string;
  /** Returns at once; `ready` tells when it works. */
  start(): void;
  /** What it says of itself. Rejects where nothing answers. */
  readiness(): Promise<ServiceReadiness>;
  ready(timeoutMs?: number): Promise<void>;
  /** SIGKILL where it runs; `start` brings it back. */
  kill9(): Promise<void>;
  /** SIGTERM; resolves with the milliseconds that it took to exit 0. Rejects, with the last it said, where it did not. */
  stop(): Promise<number>;
  /** The end of what it said on stderr since its start. */
  said(): string;
}

/** Gets all that a service says on stdout and stderr, as it comes. */
export type OnOutput = (service: string, text: string) => void;

/**
 * A service of `services/`, which must have been built, on a free port of 127.0.0.1; call `start`. Of this process's environment it
 * gets PATH only.
 */
export async function serviceProcess(name: string, env: Readonly<Record<string, string>>, onOutput: OnOutput = () => undefined): Promise<ServiceProcess> {
  const [port, metrics] = [await freePort(), await freePort()];
  const own = { WAMI_HTTP_PORT: String(port), WAMI_METRICS_PORT: String(metrics) };
  return new Running(name, `http://127.0.0.1:${port}`, `http://127.0.0.1:${metrics}/metrics`, { PATH: process.env['PATH'], WAMI_GRPC_PORT: '0', ...env, ...own }, onOutput);
}

class Running implements ServiceProcess {
  private tied: TiedProcess | undefined;
  private heard = '';

  constructor(readonly name: string, readonly url: string, readonly metrics: string, private readonly env: NodeJS.ProcessEnv, private readonly onOutput: OnOutput) {}

  start(): void {
    if (this.tied && !this.tied.hasExited()) throw new Error(`${this.name} runs already`);
    this.heard = '';
    const main = join(ROOT, 'services', this.name, 'dist', 'main.js');
    this.tied = spawnTied({ command: process.execPath, args: [main], cwd: ROOT, onParentDeath: 'kill', env: this.env });
    this.tied.child.stdout?.on('data', (chunk) => this.onOutput(this.name, String(chunk)));
    this.tied.child.stderr?.on('data', (chunk) => {
      this.heard = (this.heard + String(chunk)).slice(-KEPT_CHARACTERS);
      this.onOutput(this.name, String(chunk));
    });
  }

  said(): string {
    return this.heard;
  }

  async readiness(): Promise<ServiceReadiness> {
    const response = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    const { checks } = await response.json() as Pick<ServiceReadiness, 'checks'>;
    return { ready: response.status === 200, checks };
  }

  async ready(timeoutMs = READY_TIMEOUT_MS): Promise<void> {
    let ended = false;
    let last = '';
    await eventually(async () => {
      ended = this.running().hasExited();
      if (ended) return true;
      const { ready, checks } = await this.readiness();
      last = JSON.stringify(checks);
      return ready;
    }, { timeoutMs, intervalMs: 50, describe: `${this.name} is ready` }).catch((error: unknown) => {
      throw new Error(`${this.name} did not get ready (${last}): ${this.heard}`, { cause: error });
    });
    if (ended) throw new Error(`${this.name} ended before it was ready: ${this.heard}`);
  }

  async kill9(): Promise<void> {
    const { tied } = this;
    if (!tied) return;
    if (!tied.hasExited()) tied.child.kill('SIGKILL');
    if (!(await waitForExit(tied, KILL_TIMEOUT_MS))) throw new Error(`${this.name} (${tied.pid}) does not end, even by SIGKILL`);
  }

  async stop(): Promise<number> {
    const tied = this.running();
    const before = Date.now();
    tied.child.kill('SIGTERM');
    if (!(await waitForExit(tied, STOP_TIMEOUT_MS))) {
      await this.kill9();
      throw new Error(`${this.name} did not end within ${STOP_TIMEOUT_MS / 1000} s of SIGTERM: ${this.heard}`);
    }
    const { code, signal } = await tied.exited;
    if (code !== 0) throw new Error(`${this.name} ended with ${signal ?? code}: ${this.heard}`);
    return Date.now() - before;
  }

  private running(): TiedProcess {
    if (!this.tied) throw new Error(`${this.name} was not started`);
    return this.tied;
  }
}

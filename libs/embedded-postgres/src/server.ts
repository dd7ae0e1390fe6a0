import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import type { Account } from './account';
import type { Binaries } from './binaries';
import { EmbeddedPostgresError } from './errors';
import { freePort } from './free-port';
import { spawnTied, waitForExit, type TiedProcess } from './tied-process';

const ATTEMPTS = 20;
const BACKOFF_MS = 100;
const READY_TIMEOUT_MS = 60_000;
const KEPT_LINES = 20;
// Another process was faster with the port, or a server that was killed a moment ago is not quite gone.
const WORTH_ANOTHER_ATTEMPT = /address already in use|could not bind|lock file .* already exists|pre-existing shared memory|still in use/i;

export interface ServerOptions {
  readonly dataDir: string;
  /** Where its Unix domain socket lies; none where the system has none. */
  readonly sockets: string | undefined;
  readonly binaries: Binaries;
  readonly account: Account;
  readonly settings: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly log: (line: string) => void;
}

export interface Server {
  readonly port: number;
  readonly process: TiedProcess;
}

function onLines(stream: Readable | null, take: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(take);
  });
}

function spawnServer(options: ServerOptions, port: number): TiedProcess {
  const flags = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return spawnTied({
    command: options.binaries.postgres,
    args: ['-D', options.dataDir, '-p', String(port), '-h', '127.0.0.1', '-k', options.sockets ?? '', ...flags],
    ...options.account,
    env: { ...process.env, LC_ALL: 'C' },
    onParentDeath: 'interrupt',
  });
}

type Attempt = { readonly ready: true; readonly process: TiedProcess } | { readonly ready: false; readonly output: readonly string[] };

async function attemptStart(options: ServerOptions, port: number): Promise<Attempt> {
  const tied = spawnServer(options, port);
  const recent: string[] = [];
  const ready = new Promise<boolean>((resolve) => {
    const take = (line: string): void => {
      options.log(line);
      recent.push(line);
      if (recent.length > KEPT_LINES) recent.shift();
      if (line.includes('database system is ready to accept connections')) resolve(true);
    };
    onLines(tied.child.stdout, take);
    onLines(tied.child.stderr, take);
    tied.child.once('close', () => resolve(false));
  });
  const deadline = new AbortController();
  const timeout = sleep(READY_TIMEOUT_MS, false, { signal: deadline.signal }).catch(() => false);
  const isReady = await Promise.race([ready, timeout]);
  deadline.abort();
  if (isReady) return { ready: true, process: tied };
  if (!tied.hasExited()) recent.push(`not ready within ${READY_TIMEOUT_MS / 1000} s`);
  await stopServer(tied, 'immediate');
  return { ready: false, output: recent };
}

function causeIn(output: readonly string[]): string {
  const telling = output.filter((line) => /FATAL|PANIC|ERROR|HINT|cannot|not ready/.test(line));
  return (telling.length > 0 ? telling : output.slice(-2)).join(' ') || 'it ended without a message';
}

/** Starts on the given port, else on a free one; up to 20 attempts when the obstacle may pass. */
export async function startServer(options: ServerOptions): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const result = await attemptStart(options, port);
    if (result.ready) return { port, process: result.process };
    const cause = causeIn(result.output);
    if (attempt >= ATTEMPTS || !WORTH_ANOTHER_ATTEMPT.test(cause)) {
      throw new EmbeddedPostgresError('start-failed', `PostgreSQL does not start on ${options.dataDir}: ${cause}`);
    }
    await sleep(BACKOFF_MS * attempt);
  }
}

/** `fast` ends sessions and writes a checkpoint; `immediate` leaves recovery to the next start; `killed` is a SIGKILL. */
export type StopMode = 'fast' | 'immediate' | 'killed';

const STEPS: Record<StopMode, readonly (readonly [NodeJS.Signals, number])[]> = {
  fast: [['SIGINT', 60_000], ['SIGQUIT', 10_000], ['SIGKILL', 10_000]],
  immediate: [['SIGQUIT', 10_000], ['SIGKILL', 10_000]],
  killed: [['SIGKILL', 10_000]],
};

/** Escalates until the server is gone. */
export async function stopServer(tied: TiedProcess, mode: StopMode): Promise<void> {
  for (const [signal, timeoutMs] of STEPS[mode]) {
    if (!tied.hasExited()) tied.child.kill(signal);
    if (await waitForExit(tied, timeoutMs)) return;
  }
  throw new EmbeddedPostgresError('start-failed', `PostgreSQL process ${tied.pid} does not end, even by SIGKILL`);
}

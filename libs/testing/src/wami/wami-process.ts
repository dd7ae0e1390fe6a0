import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawnTied, waitForExit, type ProcessExit, type TiedProcess } from '@wami/embedded-postgres';
import { eventually } from '../eventually';
import { newDataDirectory } from '../postgres-template';

const ROOT = join(__dirname, '..', '..', '..', '..');
const MAIN = join('services', 'standalone', 'dist', 'main.js');
const READY_TIMEOUT_MS = 60_000;
/** Longer than it gives itself. */
const STOP_TIMEOUT_MS = 30_000;
const CALL_TIMEOUT_MS = 120_000;
const KEPT_CHARACTERS = 4_000;

export interface WamiAnswer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** The standalone process as `npm start` runs it, built, on a free port, but with the sandbox of AWS alone where nothing else is said. It cannot outlive this process. */
export interface WamiProcess {
  readonly url: string;
  /** The administrator's header, for requests that `call` does not fit. */
  readonly authorization: string;
  /** As the administrator. Rejects where the answer is no 2xx. */
  call<Body>(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<WamiAnswer<Body>>;
  /** SIGTERM; rejects, with the last it said, where that is not heeded (then it is killed) or it ended badly before. */
  stop(): Promise<void>;
}

export interface WamiProcessOptions {
  /** Made where it does not exist; holds the database. A server run by root needs a way into it. */
  readonly dataDir: string;
  readonly env?: NodeJS.ProcessEnv;
  /** For Node itself, such as `--cpu-prof`. */
  readonly nodeArguments?: readonly string[];
}

/** Resolves when it said that everything answers. The project `standalone` must have been built. */
export async function startWamiProcess({ dataDir, env = {}, nodeArguments = [] }: WamiProcessOptions): Promise<WamiProcess> {
  if (env['WAMI_DATABASE_URL'] === undefined) await prepareDatabase(join(dataDir, 'postgres'));
  const tied = spawnTied({
    command: process.execPath, args: [...nodeArguments, join(ROOT, MAIN)], cwd: ROOT, onParentDeath: 'kill',
    env: { ...process.env, WAMI_HTTP_PORT: '0', WAMI_DATA_DIR: dataDir, WAMI_SANDBOXES: 'aws', ...env },
  });
  const said = keepOutput(tied);
  try {
    const url = await untilReady(tied, said);
    const authorization = `Bearer ${readFileSync(join(dataDir, 'admin.token'), 'utf8').trim()}`;
    return { url, authorization, call: (method, path, body, headers) => call(url + path, method, body, { authorization, ...headers }), stop: () => stop(tied, said) };
  } catch (error) {
    await stop(tied, said).catch(() => undefined); // what kept it from starting is the better message
    throw error;
  }
}

/** Saves the second that making one takes. */
async function prepareDatabase(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
  await newDataDirectory(folder);
}

interface Said {
  out: string;
  err: string;
}

/** Stops it after the work. Where both fail, the error is that of the work, with what came of stopping in its cause. */
export async function withWami<T>(starting: Promise<WamiProcess>, work: (wami: WamiProcess) => Promise<T>): Promise<T> {
  const wami = await starting;
  const outcome = await work(wami).then((value) => ({ value }), (error: unknown) => ({ error }));
  const stopped = await wami.stop().then(() => undefined, (error: unknown) => ({ error }));
  if ('value' in outcome && !stopped) return outcome.value;
  if ('value' in outcome) throw stopped?.error;
  throw stopped ? new Error(`${String(outcome.error)}; ${String(stopped.error)}`, { cause: outcome.error }) : outcome.error;
}

function keepOutput(tied: TiedProcess): Said {
  const said = { out: '', err: '' };
  tied.child.stdout?.on('data', (chunk) => (said.out = (said.out + String(chunk)).slice(-KEPT_CHARACTERS)));
  tied.child.stderr?.on('data', (chunk) => (said.err = (said.err + String(chunk)).slice(-KEPT_CHARACTERS)));
  return said;
}

async function untilReady(tied: TiedProcess, said: Said): Promise<string> {
  const url = await eventually(() => tied.hasExited() ? 'exited' : /^WAMI ready (\S+)$/m.exec(said.out)?.[1] ?? false, {
    timeoutMs: READY_TIMEOUT_MS, describe: 'standalone is ready',
  }).catch((error: unknown) => Promise.reject(new Error(`standalone did not get ready: ${said.err}`, { cause: error })));
  if (url === false || url === 'exited') throw new Error(`standalone ended before it was ready: ${said.err}`);
  return url;
}

async function call<Body>(url: string, method: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<WamiAnswer<Body>> {
  const request = body === undefined ? { headers } : { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
  const response = await fetch(url, { method, ...request, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname} was answered ${response.status}: ${text.slice(0, 500)}`);
  return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as Body };
}

async function stop(tied: TiedProcess, said: Said): Promise<void> {
  if (tied.hasExited()) return endedWell(await tied.exited, said);
  tied.child.kill('SIGTERM');
  if (await waitForExit(tied, STOP_TIMEOUT_MS)) return endedWell(await tied.exited, said);
  process.kill(-tied.pid, 'SIGKILL');
  throw new Error(`standalone did not end within ${STOP_TIMEOUT_MS / 1000} s of SIGTERM: ${said.err}`);
}

function endedWell({ code, signal }: ProcessExit, { err }: Said): void {
  if (code !== 0) throw new Error(`standalone ended with ${signal ?? code}: ${err}`);
}

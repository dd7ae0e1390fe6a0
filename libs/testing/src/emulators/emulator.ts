import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnTied, waitForExit, type TiedProcess } from '@wami/embedded-postgres';
import { freePort } from '../free-port';
import { removeDirectory, temporaryDirectory } from '../temporary-directory';

const ATTEMPTS = 3;
const READY_TIMEOUT_MS = 90_000;
const REQUEST_TIMEOUT_MS = 5_000;
const POLL_MS = 50;
const KILL_TIMEOUT_MS = 10_000;
const KEPT_LINES = 8;

export interface Emulator {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  stop(): Promise<void>;
}

export interface EmulatorCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** The whole group: a server may have worker processes. */
async function killGroup(tied: TiedProcess): Promise<void> {
  if (!tied.hasExited()) process.kill(-tied.pid, 'SIGKILL');
  if (!(await waitForExit(tied, KILL_TIMEOUT_MS))) throw new Error(`process ${tied.pid} does not end, even by SIGKILL`);
}

async function waitUntilReady(name: string, tied: TiedProcess, endpoint: string, logFile: string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  // An answer of somebody else on this port does not count: then ours has ended, or is about to.
  while (!(await answers(endpoint)) || tied.hasExited()) {
    if (tied.hasExited() || Date.now() > deadline) {
      const output = readFileSync(logFile, 'utf8').trim().split('\n').slice(-KEPT_LINES).join('\n');
      throw new Error(`${name} ${tied.hasExited() ? 'ended' : `was not ready within ${READY_TIMEOUT_MS / 1000} s`}:\n${output}`);
    }
    await sleep(POLL_MS);
  }
}

async function startOnce(name: string, directory: string, commandFor: (port: number) => EmulatorCommand): Promise<Emulator> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const { command, args, env } = commandFor(port);
  const logFile = join(directory, 'log');
  const output = openSync(logFile, 'a');
  const tied = spawnTied({ command, args, cwd: directory, env: { ...process.env, ...env }, onParentDeath: 'kill', output });
  closeSync(output);
  try {
    await waitUntilReady(name, tied, endpoint, logFile);
  } catch (error) {
    await killGroup(tied);
    throw error;
  }
  return {
    endpoint,
    stop: async () => {
      await killGroup(tied);
      removeDirectory(directory);
    },
  };
}

/** Starts a server program on a free port of 127.0.0.1 and resolves when it answers HTTP; it ends with this process. */
export async function startEmulator(name: string, commandFor: (port: number, directory: string) => EmulatorCommand): Promise<Emulator> {
  const directory = temporaryDirectory(name);
  let last: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      return await startOnce(name, directory, (port) => commandFor(port, directory));
    } catch (error) {
      last = error;
    }
  }
  removeDirectory(directory);
  throw last;
}

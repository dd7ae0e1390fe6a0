import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(__dirname, '..', '..', '..', '..');

/** The service as its operator starts it: a process that can be killed. */
export interface IdentityProcess {
  readonly url: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  terminate(): Promise<number | null>;
}

export async function spawnIdentity(env: Readonly<Record<string, string>>): Promise<IdentityProcess> {
  const child = spawn(process.execPath, ['-C', '@wami/source', '-r', join(ROOT, 'tools', 'swc-hook.cjs'), join(__dirname, '..', 'main.ts')],
    { cwd: ROOT, env: { PATH: process.env['PATH'], WAMI_HTTP_PORT: '0', WAMI_LOG_LEVEL: 'error', ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const url = await readyUrl(child);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    await exited;
    return child.exitCode;
  };
  return { url, kill: async () => void await end('SIGKILL'), terminate: () => end('SIGTERM') };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the process has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^WAMI identity answers at (\S+)$/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('identity ended before it was ready');
}

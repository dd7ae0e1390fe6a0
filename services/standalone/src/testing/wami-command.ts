import { execFile } from 'node:child_process';
import { join } from 'node:path';

const BIN = join(__dirname, '..', '..', '..', 'cli', 'bin', 'wami.cjs');
const LIMIT_MS = 120_000;

export interface WamiRan {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The built `wami` in a process of its own, with nothing of WAMI in its environment but what is given. */
export function wamiCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<WamiRan> {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('WAMI_')));
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [BIN, ...args], { env: { ...clean, XDG_CONFIG_HOME: '/nonexistent', ...env }, timeout: LIMIT_MS, maxBuffer: 2 ** 26 }, (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }));
  });
}

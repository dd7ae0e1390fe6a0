import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface RunningStart {
  readonly address: string;
  readonly token: string;
  readonly origin: string;
  /** Addresses of its sandbox clouds, by target. */
  readonly sandboxes: Readonly<Record<string, string>>;
}

/** A running `npm start`: its data directory (`WAMI_DATA_DIR`, else `.wami` here or above) names the address and holds the token. */
export function findRunningStart(cwd: string, env: NodeJS.ProcessEnv): RunningStart | undefined {
  for (const folder of candidates(cwd, env)) {
    const server = join(folder, 'server.json');
    const token = join(folder, 'admin.token');
    if (!existsSync(server) || !existsSync(token)) continue;
    const { url, pid, sandboxes = {} } = JSON.parse(readFileSync(server, 'utf8')) as { url: string; pid: number; sandboxes?: Readonly<Record<string, string>> };
    if (isAlive(pid)) return { address: url, token: readFileSync(token, 'utf8').trim(), origin: `npm start (${folder})`, sandboxes };
  }
  return undefined;
}

function candidates(cwd: string, env: NodeJS.ProcessEnv): string[] {
  if (env['WAMI_DATA_DIR']) return [resolve(cwd, env['WAMI_DATA_DIR'])];
  const folders: string[] = [];
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    folders.push(join(folder, '.wami'));
    if (dirname(folder) === folder) return folders;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

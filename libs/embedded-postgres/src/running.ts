import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readPassword, SUPERUSER } from './data-directory';
import { isAlive, servesDirectory } from './processes';

/** `postgres://...` of the server that another process runs on the data directory; undefined where none does. Contains the password: never log it. */
export function runningPostgres(dataDir: string, database = 'wami'): string | undefined {
  const folder = resolve(dataDir);
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const [pid = '', , , port = ''] = readFileSync(file, 'utf8').split('\n');
  if (!/^\d+$/.test(port) || !isAlive(Number(pid)) || !servesDirectory(Number(pid), folder)) return undefined;
  return `postgres://${SUPERUSER}:${readPassword(folder)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

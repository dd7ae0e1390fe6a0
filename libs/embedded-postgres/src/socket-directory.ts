import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of the longest path of a socket that every system takes: `sun_path` of macOS has 104 with the zero at its end. */
const LONGEST = 103;
const PREFIX = '.s.PGSQL.';

/** Where the server of a data directory has its socket: in the directory, which nobody else may enter. Undefined where there can be none. */
export function socketDirectory(dataDir: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  return Buffer.byteLength(join(dataDir, `${PREFIX}65535.lock`)) <= LONGEST ? dataDir : undefined;
}

/** A server that was killed leaves its socket there, and the next has another port. Call it only where no server runs on the directory. */
export function removeSockets(dataDir: string): void {
  for (const name of readdirSync(dataDir)) if (name.startsWith(PREFIX)) rmSync(join(dataDir, name), { force: true });
}

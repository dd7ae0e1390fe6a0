import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Secret, StartupError } from '@wami/platform';

const TOKEN_FILE = 'admin.token';
const SERVER_FILE = 'server.json';

/** Where one machine keeps everything: database, token, sandbox clouds. Traversable by all, because the database runs as another user. */
export function openDataDirectory(path: string): string {
  const folder = resolve(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw new StartupError(`The data directory ${folder} cannot be made (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). Set WAMI_DATA_DIR.`);
  }
  return folder;
}

/** The administrator's token: given, or made at the first start and kept in a file that only this user can read. */
export function administratorTokenOf(folder: string, given: Secret | undefined): Secret {
  const file = join(folder, TOKEN_FILE);
  if (given !== undefined) {
    writeFileSync(file, `${given.reveal()}\n`, { mode: 0o600 });
    return given;
  }
  if (!existsSync(file)) writeFileSync(file, `wami_admin_${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  const token = readFileSync(file, 'utf8').trim();
  if (token.length < 20) throw new StartupError(`${file} holds no usable token. Delete the file; the next start makes a new one.`);
  return new Secret(token);
}

/** Lets the CLI find this process. */
export function announce(folder: string, url: string): void {
  writeFileSync(join(folder, SERVER_FILE), `${JSON.stringify({ url, pid: process.pid })}\n`);
}

export function withdraw(folder: string): void {
  rmSync(join(folder, SERVER_FILE), { force: true });
}

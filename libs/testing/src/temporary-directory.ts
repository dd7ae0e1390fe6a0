import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '@wami/embedded-postgres';

const ABANDONED_AFTER_MS = 60 * 60 * 1000;
const PREFIX = 'wami-test-';

/** Removes what test runs of this kind left that were killed more than an hour ago. */
function sweep(kind: string): void {
  const pattern = new RegExp(`^${PREFIX}${kind}-(\\d+)-`);
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(pattern.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    const path = join(tmpdir(), name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** A fresh directory outside the repository that other accounts may enter (a server started by root runs as one of them). */
export function temporaryDirectory(kind: string): string {
  sweep(kind);
  const directory = mkdtempSync(join(tmpdir(), `${PREFIX}${kind}-${process.pid}-`));
  chmodSync(directory, 0o755);
  return directory;
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { isAlive, startTimeOf } from './processes';

const ATTEMPTS = 20;

export interface PidLock {
  release(): void;
}

export type LockResult = { readonly lock: PidLock } | { readonly heldBy: number };

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** False when the file is there already. The link makes name and content appear in one step. */
function createExclusively(path: string, content: string): boolean {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, content, { mode: 0o644 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The living process that a lock's content names; the start time tells a reused process id apart. */
function livingHolder(content: string): number | undefined {
  const [id, startTime = ''] = content.trim().split(' ');
  const pid = Number(id);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  return startTime === startTimeOf(pid) ? pid : undefined;
}

/** Moves the file away first, so that of several processes which saw the same dead holder only one removes that very file. */
function removeStale(path: string, seen: string): void {
  const moved = `${path}.${randomBytes(6).toString('hex')}.stale`;
  try {
    renameSync(path, moved);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const content = readFileSync(moved, 'utf8');
  if (content !== seen) createExclusively(path, content);
  rmSync(moved, { force: true });
}

/**
 * Takes the lock file `path` for this process, or tells which living process holds it (this one included). The lock of a dead
 * process is taken over, so nothing has to be cleaned up after a SIGKILL.
 */
export function tryPidLock(path: string): LockResult {
  const mine = `${process.pid} ${startTimeOf(process.pid)}\n`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (createExclusively(path, mine)) return { lock: { release: () => rmSync(path, { force: true }) } };
    const content = readIfPresent(path);
    if (content === undefined) continue;
    const holder = livingHolder(content);
    if (holder !== undefined) return { heldBy: holder };
    removeStale(path, content);
  }
  throw new Error(`lock file ${path} keeps changing; remove it when nothing runs`);
}

import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

const ZOMBIE = 'Z';

interface ProcStat {
  readonly state: string;
  readonly startTime: string;
}

/** Undefined where there is no /proc (macOS) or no such process. */
function procStat(pid: number): ProcStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name in parentheses may contain blanks and parentheses itself; field 3 follows the last of them, field 22 is the start.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTime: fields[19] ?? '' };
}

/** A zombie counts as dead: it holds nothing any more. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return procStat(pid)?.state !== ZOMBIE;
}

/** Distinguishes a process from a later one with the same id; empty where the system does not tell. */
export function startTimeOf(pid: number): string {
  return procStat(pid)?.startTime ?? '';
}

/** Whether the living process `pid` is a server of `dataDir`: its working directory, or else its command line, says so. */
export function servesDirectory(pid: number, dataDir: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === dataDir;
    } catch {
      return false;
    }
  }
  return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout.includes(dataDir);
}

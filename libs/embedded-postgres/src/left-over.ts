import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './errors';
import { isAlive, servesDirectory } from './processes';

const PATIENCE_MS = 30_000;
const POLL_MS = 25;

function readPid(pidFile: string): number | undefined {
  if (!existsSync(pidFile)) return undefined;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function anyServerProcess(dataDir: string): boolean {
  return readdirSync('/proc').some((entry) => /^\d+$/.test(entry) && servesDirectory(Number(entry), dataDir));
}

async function waitForEnd(pid: number, dataDir: string): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; isAlive(pid); ) {
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresError('start-failed', `the previous server of ${dataDir} (process ${pid}) does not stop: end it by hand`);
    }
    await sleep(POLL_MS);
  }
}

/**
 * Stops the server of a dead parent that still runs on `dataDir`. Call it only while holding the directory's lock. After a
 * crash of the machine the recorded process id may be anybody's: such a process is left alone, and its record is removed when
 * no server process is left, because PostgreSQL would refuse to start beside it.
 */
export async function stopLeftOver(dataDir: string, log: (line: string) => void): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  const pid = readPid(pidFile);
  if (pid === undefined || !isAlive(pid)) return;
  if (servesDirectory(pid, dataDir)) {
    log(`stopping the left-over server of ${dataDir}, process ${pid}`);
    process.kill(pid, 'SIGINT');
    return waitForEnd(pid, dataDir);
  }
  if (process.platform === 'linux' && !anyServerProcess(dataDir)) rmSync(pidFile, { force: true });
}

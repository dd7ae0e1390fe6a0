import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryPidLock } from '@wami/embedded-postgres';

const POLL_MS = 200;
const PATIENCE_MS = 15 * 60_000;
const COMPLETE = '.complete';

/** `~/.cache/wami/<name>`; the environment variable WAMI_TEST_CACHE replaces `~/.cache/wami`. */
export function cacheFolder(name: string): string {
  return join(process.env['WAMI_TEST_CACHE'] ?? join(homedir(), '.cache', 'wami'), name);
}

/**
 * Lets `build` fill `folder` once per machine: parallel processes wait for the first one, and what a killed one left is built
 * anew. `build` gets the final path, because a Python environment cannot be moved afterwards.
 */
export async function builtOnce(folder: string, build: (folder: string) => Promise<void>): Promise<string> {
  const marker = join(folder, COMPLETE);
  mkdirSync(dirname(folder), { recursive: true });
  for (const deadline = Date.now() + PATIENCE_MS; !existsSync(marker); ) {
    const result = tryPidLock(`${folder}.lock`);
    if ('lock' in result) {
      try {
        if (!existsSync(marker)) await rebuild(folder, build);
      } finally {
        result.lock.release();
      }
    } else {
      if (Date.now() > deadline) throw new Error(`process ${result.heldBy} has been filling ${folder} for too long`);
      await sleep(POLL_MS);
    }
  }
  return folder;
}

async function rebuild(folder: string, build: (folder: string) => Promise<void>): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build(folder);
  writeFileSync(join(folder, COMPLETE), '');
}

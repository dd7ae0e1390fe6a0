const { accessSync, chmodSync, constants, mkdtempSync, rmSync, statfsSync } = require('node:fs');
const { freemem, tmpdir } = require('node:os');
const { join } = require('node:path');

const MEMORY = '/dev/shm';
const GiB = 2 ** 30;
/** What the servers of a whole run may come to hold at once, twice; and memory that is left for what runs. */
const ROOM = 6 * GiB;
const LEFT = 6 * GiB;

/** Whether the file system in memory is there, may be written, and is large enough. */
function memoryHasRoom() {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM && freemem() >= ROOM + LEFT;
  } catch {
    return false;
  }
}

/**
 * A folder for the temporary files of a test run: in memory where there is enough of it, since the tests make some hundred database clusters and
 * kill processes, never the machine. `remove` it after the run.
 */
function makeScratch() {
  const folder = mkdtempSync(join(memoryHasRoom() ? MEMORY : tmpdir(), 'wami-'));
  // A server started by root runs as somebody else.
  chmodSync(folder, 0o755);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }) };
}

module.exports = { makeScratch };

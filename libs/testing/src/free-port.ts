import { isFree } from '@wami/embedded-postgres';

/** Below those that databases take. */
const LOWEST = 10_000;
const EACH = 600;
const WORKERS = 8;

let next = Math.floor(Math.random() * EACH);

/** A port of 127.0.0.1 that nobody else takes while no server is on it yet, or while that is down: no other worker of the tests, no database, no client. */
export async function freePort(): Promise<number> {
  const lowest = LOWEST + (Number(process.env['JEST_WORKER_ID'] ?? 0) % WORKERS) * EACH;
  for (let tried = 0; tried < EACH; tried++) {
    const port = lowest + (next++ % EACH);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port on 127.0.0.1 between ${lowest} and ${lowest + EACH}`);
}

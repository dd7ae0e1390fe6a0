// @ts-check
import { readFileSync } from 'node:fs';

/** Where WAMI is and who asks, from the environment. */
export function wami() {
  const { WAMI_ADDRESS: address = 'http://127.0.0.1:8080', WAMI_TOKEN, WAMI_TOKEN_FILE, WAMI_EVENTS_QUERY: query = '' } = process.env;
  const token = WAMI_TOKEN ?? (WAMI_TOKEN_FILE === undefined ? undefined : readFileSync(WAMI_TOKEN_FILE, 'utf8').trim());
  if (!token) throw new Error('set WAMI_TOKEN, or WAMI_TOKEN_FILE (npm start writes .wami/admin.token)');
  return { address, token, query };
}

/** Aborted when this process is asked to end. @returns {AbortSignal} */
export function untilAskedToEnd() {
  const end = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => end.abort());
  return end.signal;
}

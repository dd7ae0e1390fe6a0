// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { framesOf } from './event-stream.mjs';

/** @typedef {{ id: string, type: string, data: { data: object, personal: object } } & Record<string, unknown>} CloudEvent */
/**
 * @typedef {object} FollowOptions
 * @property {string} address   such as http://127.0.0.1:8080
 * @property {string} token     of anybody who may read
 * @property {{ read(): string | undefined, write(position: string): void }} position
 * @property {AbortSignal} signal
 * @property {string} [query]   `type=...&tenant=...`
 */

/** The server says something every 15 s; a connection that is silent for longer is dead. */
const SILENCE_MS = 45_000;
const LONGEST_PAUSE_MS = 30_000;

/** Trying again would not help. */
class Refused extends Error {}

/**
 * Calls `handle` with every event, one after the other, and resumes after whatever breaks; what was handled is not asked for again. Where the
 * program is killed between `handle` and the write of the position, that one event comes twice: drop it by its `id`.
 * Resolves when `signal` is aborted; rejects where `handle` does, or where WAMI refuses.
 * @param {FollowOptions} options
 * @param {(event: CloudEvent) => void | Promise<void>} handle
 */
export async function followEvents(options, handle) {
  for (let failures = 0; !options.signal.aborted; ) {
    const outcome = await readOnce(options, handle);
    failures = outcome.gotSome ? 0 : failures + 1;
    if (outcome.error) console.error(`${outcome.error}; reading on in a moment`);
    // Full jitter: a thousand subscribers do not come back at once.
    const pause = outcome.retryAfterMs ?? Math.random() * Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures);
    await sleep(pause, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/**
 * @param {FollowOptions} options
 * @param {(event: CloudEvent) => void | Promise<void>} handle
 * @returns {Promise<{ gotSome: boolean, error?: string, retryAfterMs?: number }>}
 */
async function readOnce({ address, token, position, signal, query = '' }, handle) {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error('nothing was heard for too long')), SILENCE_MS);
  let gotSome = false;
  try {
    const last = position.read();
    const response = await fetch(`${address}/v1/events?${query}`, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) },
      signal: AbortSignal.any([signal, silence.signal]), redirect: 'error',
    });
    if (!response.ok || !response.body) return await refusal(response);
    for await (const frame of framesOf(alive(response.body, timer))) {
      try {
        await handle(JSON.parse(frame.data));
      } catch (error) {
        throw new Refused('an event could not be handled', { cause: error });
      }
      if (frame.id !== undefined) position.write(frame.id);
      gotSome = true;
      if (signal.aborted) break;
    }
    return { gotSome };
  } catch (error) {
    if (error instanceof Refused) throw error.cause ?? error;
    return signal.aborted ? { gotSome } : { gotSome, error: String(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Response} response */
async function refusal(response) {
  const said = (await response.text()).slice(0, 500);
  // 400: not our position; 401 and 403: not our token. The rest passes: a restart, too many streams, a slow proxy.
  if ([400, 401, 403, 404].includes(response.status)) throw new Refused(`WAMI refuses (${response.status}): ${said}`);
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return { gotSome: false, error: `WAMI answered ${response.status}`, ...(seconds >= 0 ? { retryAfterMs: Math.min(seconds * 1000, LONGEST_PAUSE_MS) } : {}) };
}

/**
 * @param {AsyncIterable<Uint8Array>} body
 * @param {NodeJS.Timeout} timer
 */
async function* alive(body, timer) {
  for await (const part of body) {
    timer.refresh();
    yield part;
  }
}

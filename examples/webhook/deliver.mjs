// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

/** @typedef {import('../sse/follow-events.mjs').CloudEvent} CloudEvent */
/**
 * @typedef {object} Endpoint
 * @property {string} url
 * @property {readonly string[]} secrets   `whsec_...`; while one is being replaced both sign, and the receiver may know either
 * @property {number} attempts             tries before an event is a dead letter
 * @property {number} baseDelayMs
 * @property {AbortSignal} signal
 */
/** @typedef {{ delivered: true } | { delivered: false, attempts: number, reason: string }} Outcome */

const LONGEST_PAUSE_MS = 60_000;
const ANSWER_MS = 15_000;

/** The receiver answered 410: it wants nothing more. */
export class EndpointGone extends Error {}

/**
 * Sends the event until it is taken (any 2xx), at most `attempts` times, with full jitter between. Rejects where the receiver is gone, and where
 * this process is asked to end: then the event counts as not handled and comes again.
 * @param {Endpoint} endpoint
 * @param {CloudEvent} event
 * @returns {Promise<Outcome>}
 */
export async function deliver(endpoint, event) {
  const { attempts, baseDelayMs, signal } = endpoint;
  let reason = '';
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const answer = await send(endpoint, event);
    if (answer.status >= 200 && answer.status < 300) return { delivered: true };
    if (answer.status === 410) throw new EndpointGone('the receiver answered 410');
    reason = answer.reason;
    if (attempt === attempts) break;
    const pause = answer.retryAfterMs ?? Math.random() * Math.min(LONGEST_PAUSE_MS, baseDelayMs * 2 ** attempt);
    await sleep(pause, undefined, { signal });
  }
  return { delivered: false, attempts, reason };
}

/**
 * Standard Webhooks: the id stays the same over all tries, the timestamp is that of this try.
 * @param {Endpoint} endpoint
 * @param {CloudEvent} event
 * @returns {Promise<{ status: number, reason: string, retryAfterMs?: number }>}
 */
async function send({ url, secrets, signal }, event) {
  const body = JSON.stringify(event);
  const now = new Date();
  const signatures = secrets.map((secret) => new Webhook(secret).sign(event.id, now, body));
  try {
    const response = await fetch(url, {
      method: 'POST', body, redirect: 'error', signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      headers: {
        'content-type': 'application/cloudevents+json', 'webhook-id': event.id, 'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': signatures.join(' '),
      },
    });
    await response.body?.cancel();
    const seconds = Number(response.headers.get('retry-after') ?? NaN);
    return { status: response.status, reason: `answered ${response.status}`, ...(seconds >= 0 ? { retryAfterMs: Math.min(seconds * 1000, LONGEST_PAUSE_MS) } : {}) };
  } catch (error) {
    signal.throwIfAborted();
    const { message, cause } = /** @type {Error} */ (error);
    return { status: 0, reason: cause instanceof Error ? cause.message : message };
  }
}

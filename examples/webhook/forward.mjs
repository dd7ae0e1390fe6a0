// @ts-check
// Forwards every event to a webhook, in order; `--redrive` sends the dead letters once more. README.md says what to set.
import { followEvents } from '../sse/follow-events.mjs';
import { PositionFile } from '../sse/position-file.mjs';
import { untilAskedToEnd, wami } from '../sse/settings.mjs';
import { DeadLetters } from './dead-letters.mjs';
import { deliver } from './deliver.mjs';

const { WEBHOOK_URL: url, WEBHOOK_SECRETS: secrets, WEBHOOK_ATTEMPTS = '8', WEBHOOK_BASE_DELAY_MS = '500', DEAD_LETTER_FILE, POSITION_FILE } = process.env;
if (!url || !secrets) throw new Error('set WEBHOOK_URL and WEBHOOK_SECRETS (whsec_...; two with a space between while one is being replaced)');

const signal = untilAskedToEnd();
const endpoint = { url, secrets: secrets.split(' '), attempts: Number(WEBHOOK_ATTEMPTS), baseDelayMs: Number(WEBHOOK_BASE_DELAY_MS), signal };
const deadLetters = new DeadLetters(DEAD_LETTER_FILE ?? 'dead-letters.jsonl');

async function forward() {
  const position = new PositionFile(POSITION_FILE ?? 'webhook-position.txt');
  await followEvents({ ...wami(), position, signal }, async (event) => {
    const outcome = await deliver(endpoint, event);
    if (outcome.delivered) return;
    // On disk before the position moves on, so no event is in neither place.
    deadLetters.add({ event, attempts: outcome.attempts, reason: outcome.reason });
    console.error(`dead letter ${event.id}: ${outcome.reason}`);
  });
}

async function redrive() {
  const letters = deadLetters.all();
  const left = [];
  for (const letter of letters) {
    const outcome = await deliver(endpoint, letter.event);
    if (!outcome.delivered) left.push({ ...letter, reason: outcome.reason });
  }
  deadLetters.keep(left);
  console.error(`${letters.length - left.length} of ${letters.length} dead letters were taken`);
  if (left.length > 0) process.exitCode = 1;
}

try {
  await (process.argv.includes('--redrive') ? redrive() : forward());
} catch (error) {
  if (!signal.aborted) throw error;
}

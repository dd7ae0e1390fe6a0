import { setTimeout as pause } from 'node:timers/promises';
import type { DeadLetter, DeadLettersTried } from '@wami/contracts';
import { CliError, EXIT } from '../exit-codes';
import type { Client } from './client';
import { readAll } from './pages';

const LOOK_AGAIN_MS = 200;
const ANSWER_MS = 30_000;
const OWN = 'projection';

/** Where a dead letter of a sync service stands: its provider and the event. Undefined for one of the read models. */
export function ofSyncService(id: string): { readonly provider: string; readonly event: string } | undefined {
  const found = /^sync-([a-z0-9-]+):(.+)$/.exec(id);
  return found ? { provider: found[1] ?? '', event: found[2] ?? '' } : undefined;
}

/** What sync services have parked: all, or one line. */
export async function parkedElsewhere(client: Client, line: { readonly consumer?: string; readonly resource?: string } = {}): Promise<DeadLetter[]> {
  return (await readAll<DeadLetter>(client, '/v1/dead-letters', line)).filter(({ consumer }) => consumer !== OWN);
}

/** Asks, and waits until the first of each line was tried. `skipped`: which of them is to be gone by then. @throws CliError where a service does not answer */
export async function asked(client: Client, verb: 'retry' | 'skip', body: object, before: readonly DeadLetter[], skipped?: string): Promise<DeadLettersTried> {
  const tried = new Map(before.map(({ id, attempts }) => [id, attempts]));
  await client.call('POST', `/v1/dead-letter-requests/${verb}`, { body });
  for (const deadline = Date.now() + ANSWER_MS; ; await pause(LOOK_AGAIN_MS)) {
    const left = (await parkedElsewhere(client)).filter(({ id }) => tried.has(id));
    const open = left.filter(({ id, waiting, attempts }) => id === skipped || (!waiting && attempts <= (tried.get(id) ?? 0)));
    if (open.length === 0) return { takenIn: before.length - left.length - (skipped === undefined ? 0 : 1), parked: left.length };
    if (Date.now() >= deadline) {
      const silent = [...new Set(open.map(({ consumer }) => consumer))].join(', ');
      throw new CliError(EXIT.waitRanOut, `${silent} has not answered yet.`, 'It does what was asked once it runs; `wami dead-letters` tells.');
    }
  }
}

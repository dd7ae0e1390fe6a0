import { randomUUID } from 'node:crypto';
import type { Seams } from './seams';

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** The real clock, randomness and ids. The only file of the engine that touches them. */
export const systemSeams: Seams = {
  clock: { now: () => Date.now(), sleep },
  random: { next: () => Math.random() },
  ids: { next: () => randomUUID() },
};

import { setTimeout as pause } from 'node:timers/promises';
import type { JobView } from '@wami/contracts';
import { STRONG, type Client } from './client';

const LOOK_AGAIN_MS = 300;

export interface JobWait {
  readonly timeoutMs: number;
  /** `Wami-Position` of the request that started it. */
  readonly after?: string | undefined;
  /** What is thrown when the time is up. */
  readonly late: (job: JobView) => Error;
}

/** The job once it is done. */
export async function jobDone(client: Client, job: string, { timeoutMs, after, late }: JobWait): Promise<JobView> {
  const headers: Readonly<Record<string, string>> = after === undefined ? STRONG : { 'wami-after': after };
  for (const deadline = Date.now() + timeoutMs; ;) {
    const { body } = await client.call<JobView>('GET', `/v1/jobs/${encodeURIComponent(job)}`, { headers });
    if (body.state === 'done') return body;
    if (Date.now() >= deadline) throw late(body);
    await pause(LOOK_AGAIN_MS);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchResult, Problem } from '@wami/contracts';
import type { Client } from '../api/client';
import { AwayError } from '../exit-codes';
import type { Operation } from './operations';

export type Result = BatchResult['results'][number];

const MOST = 100;
const ATTEMPTS = 3;
const PAUSE_MS = 1000;
const TIMEOUT_MS = 120_000;

/** Sends many writes, some at a time, in order. What WAMI could not answer is asked again: each of them may be done twice without harm. @throws CliError */
export async function send(client: Client, operations: readonly Operation[], options: { readonly correlation?: string; readonly dryRun?: boolean } = {}): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < operations.length; at += MOST) results.push(...await patiently(client, operations.slice(at, at + MOST), options));
  return results;
}

async function patiently(client: Client, operations: readonly Operation[], options: { readonly correlation?: string; readonly dryRun?: boolean }): Promise<readonly Result[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(client, operations, options);
    } catch (error) {
      if (!(error instanceof AwayError) || attempt === ATTEMPTS) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

async function once(client: Client, operations: readonly Operation[], { correlation, dryRun }: { readonly correlation?: string; readonly dryRun?: boolean }): Promise<readonly Result[]> {
  const { body } = await client.call<BatchResult>('POST', '/v1/batch', {
    body: { operations }, timeoutMs: TIMEOUT_MS, query: { dryRun: dryRun ? 'true' : undefined }, headers: correlation === undefined ? {} : { 'x-correlation-id': correlation },
  });
  const busy = body.results.find(({ status }) => status === 429 || status === 503);
  if (busy) throw new AwayError(1, `WAMI is busy: ${problemOf(busy)?.detail ?? busy.status}`);
  return body.results;
}

/** Undefined where it was done. */
export function problemOf({ status, body }: Result): Problem | undefined {
  if (status < 300) return undefined;
  const problem = body as Problem | null;
  return problem?.code === undefined ? { type: 'about:blank', title: `WAMI answered ${status}`, status, code: 'Internal', instance: '', requestId: '' } as Problem : problem;
}

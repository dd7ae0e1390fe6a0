import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { assertHost, guardedLookup, type AddressRule } from './addresses';

const TIMEOUT_MS = 5000;
const MOST_BYTES = 512 * 1024;

export interface FetchOptions {
  readonly rule: AddressRule;
  readonly lookup?: LookupFunction;
  /** Sent by POST, as a form is; else it is asked by GET. */
  readonly form?: URLSearchParams;
}

/** It was reached and said no. */
export class AnsweredOtherwise extends Error {
  constructor(readonly status: number) {
    super(`it answered ${status}`);
  }
}

/**
 * Reads a small JSON document: only from an address that the rule allows, no redirect is followed, nothing large is taken in.
 * @throws Error that names the address and what was wrong; its cause is AnsweredOtherwise where it was reached
 */
export async function fetchJson(address: string, { rule, lookup = guardedLookup(rule), form }: FetchOptions): Promise<unknown> {
  try {
    const url = new URL(address);
    assertHost(url, rule);
    const response = await answerOf(url, lookup, form?.toString());
    if (response.statusCode !== 200) {
      response.destroy();
      throw new AnsweredOtherwise(response.statusCode ?? 0);
    }
    return JSON.parse(await boundedText(response)) as unknown;
  } catch (error) {
    throw new Error(`${address} cannot be read: ${error instanceof Error ? error.message : 'no reason given'}`, { cause: error });
  }
}

function answerOf(url: URL, lookup: LookupFunction, form: string | undefined): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    // An agent of its own: no connection is kept, and none of somebody else is used.
    const sent = form === undefined ? { method: 'GET', headers: { accept: 'application/json' } } : { method: 'POST', headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' } };
    const request = send(url, { agent: false, lookup, signal: AbortSignal.timeout(TIMEOUT_MS), ...sent }, resolve);
    request.on('error', reject);
    request.end(form);
  });
}

async function boundedText(response: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

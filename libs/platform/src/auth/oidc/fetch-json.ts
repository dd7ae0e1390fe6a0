import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { assertHost, guardedLookup, type AddressRule } from './addresses';

const TIMEOUT_MS = 5000;
const MOST_BYTES = 512 * 1024;

export interface FetchOptions {
  readonly rule: AddressRule;
  readonly lookup?: LookupFunction;
}

/**
 * Reads a small JSON document: only from an address that the rule allows, no redirect is followed, nothing large is taken in.
 * @throws Error that names the address and what was wrong
 */
export async function fetchJson(address: string, { rule, lookup = guardedLookup(rule) }: FetchOptions): Promise<unknown> {
  try {
    const url = new URL(address);
    assertHost(url, rule);
    const response = await answerOf(url, lookup);
    if (response.statusCode !== 200) {
      response.destroy();
      throw new Error(`it answered ${response.statusCode}`);
    }
    return JSON.parse(await boundedText(response)) as unknown;
  } catch (error) {
    throw new Error(`${address} cannot be read: ${error instanceof Error ? error.message : 'no reason given'}`);
  }
}

function answerOf(url: URL, lookup: LookupFunction): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    // An agent of its own: no connection is kept, and none of somebody else is used.
    const request = send(url, { agent: false, lookup, signal: AbortSignal.timeout(TIMEOUT_MS), headers: { accept: 'application/json' } }, resolve);
    request.on('error', reject);
    request.end();
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

import { API_VERSIONS } from './query-protocol';
import type { Service } from './query-protocol';

export interface QueryAnswer {
  readonly status: number;
  /** The error's code; absent on success. */
  readonly code?: string;
  readonly xml: string;
  readonly requestId: string | null;
  /** The texts of all elements of this name, in order. */
  texts(element: string): readonly string[];
}
export interface QueryClientOptions {
  readonly service?: Service;
  readonly accessKeyId?: string;
  readonly timeoutMs?: number;
}
export type QueryClient = (action: string, params?: Readonly<Record<string, string | number>>) => Promise<QueryAnswer>;

/**
 * A caller without an SDK, for tests that make entities behind WAMI's back. Never retries; rejects when the connection breaks or
 * nothing came for `timeoutMs` (10 000). The signature is of the right form only.
 */
export function queryClient(url: string, options: QueryClientOptions = {}): QueryClient {
  const { service = 'iam', accessKeyId = 'AKIASANDBOXSANDBOX22', timeoutMs = 10_000 } = options;
  const scope = `${accessKeyId}/20300101/us-east-1/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
  return async (action, params = {}) => {
    const named = Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]);
    const body = new URLSearchParams([['Action', action], ['Version', API_VERSIONS[service]], ...named]);
    const response = await fetch(url, { method: 'POST', body, headers: { authorization }, signal: AbortSignal.timeout(timeoutMs) });
    return readAnswer(response.status, response.headers.get('x-amzn-requestid'), await response.text());
  };
}

function readAnswer(status: number, requestId: string | null, xml: string): QueryAnswer {
  const texts = (element: string): readonly string[] =>
    [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map((found) => unescapeXml(found[1] ?? ''));
  const code = status < 300 ? undefined : texts('Code')[0];
  return { status, requestId, xml, texts, ...(code === undefined ? {} : { code }) };
}

function unescapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(?:#x([0-9A-F]+)|(\w+));/g, (_all, hex: string | undefined, name: string | undefined) =>
    (hex === undefined ? named[name ?? ''] ?? '' : String.fromCodePoint(Number.parseInt(hex, 16))));
}

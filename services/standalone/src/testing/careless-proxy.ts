import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a service might forget: for these requests it is asked as somebody else, or answers another status. */
export interface Carelessness {
  readonly method: string;
  readonly path: RegExp;
  readonly asToken?: string;
  readonly status?: { readonly from: number; readonly to: number };
}

export interface Proxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Passes everything on, carelessly: the control of a test that must find it. */
export const startCarelessProxy = (target: string, careless: readonly Carelessness[]): Promise<Proxy> => startProxy(() => target, careless);

/** Passes each request on to whom it is for, and what comes back as it comes, for as long as the caller is there. */
export async function startProxy(targetOf: (method: string, url: string) => string, careless: readonly Carelessness[] = []): Promise<Proxy> {
  const server = createServer((request, response) => {
    forward(targetOf(request.method ?? 'GET', request.url ?? '/'), careless, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}

async function forward(target: string, careless: readonly Carelessness[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const forgets = careless.find((one) => one.method === method && one.path.test(url));
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const skipped = ['host', 'connection', 'content-length', 'transfer-encoding'];
  const headers = Object.fromEntries(Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' && !skipped.includes(name) ? [[name, value]] : [])));
  if (forgets?.asToken !== undefined) headers['authorization'] = `Bearer ${forgets.asToken}`;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const answer = await fetch(target + url, { method, headers, signal: gone.signal, redirect: 'manual', ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}) });
  const status = forgets?.status?.from === answer.status ? forgets.status.to : answer.status;
  const told = [...answer.headers].filter(([name]) => !['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-encoding'].includes(name));
  response.writeHead(status, Object.fromEntries(told));
  response.flushHeaders();
  for await (const part of (answer.body ?? []) as AsyncIterable<Uint8Array>) response.write(part);
  response.end();
}

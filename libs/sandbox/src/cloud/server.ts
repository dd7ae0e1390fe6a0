import { setMaxListeners } from 'node:events';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { control, CONTROL_PREFIX } from './control-api';
import type { Controlled } from './control-api';

const MAX_BODY_BYTES = 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than clients keep idle connections, so that the server does not close one that is about to be used. */
const KEEP_ALIVE_MS = 75_000;
const WITHHOLD_AT_MOST_MS = 30_000;

export interface SandboxRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly requestId: string;
}
export interface SandboxAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `lost`: break the connection instead; `withheld`: send nothing until the client gives up. */
  readonly delivery: 'sent' | 'lost' | 'withheld';
}
export const CONNECTION_LOST: SandboxAnswer = { status: 0, headers: {}, body: '', delivery: 'lost' };

/** A cloud's own protocol on top of HTTP. */
export interface CloudProtocol {
  answer(request: SandboxRequest, stopped: AbortSignal): Promise<SandboxAnswer>;
  /** What a request over the limit is told. */
  refuseLargeBody(requestId: string): SandboxAnswer;
}
export interface Served {
  /** As messages name it: `AWS`. */
  readonly cloud: string;
  readonly protocol: CloudProtocol;
  readonly controlled: Controlled;
}

export interface RunningServer {
  readonly port: number;
  /** Breaks all connections; what waits is given up without being executed. */
  close(): Promise<void>;
}

/** Listens; rejects with the address and the remedy when it cannot. */
export async function listen(served: Served, host: string, port: number): Promise<RunningServer> {
  const stop = new AbortController();
  // Every call that waits listens.
  setMaxListeners(0, stop.signal);
  const inFlight = new Set<Promise<void>>();
  const timeouts = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS };
  const server = createServer(timeouts, (request, response) => {
    const answered = serve(served, request, response, stop.signal)
      .catch((error: unknown) => breakOff(served.cloud, response, error))
      .finally(() => inFlight.delete(answered));
    inFlight.add(answered);
  });
  await bind(served.cloud, server, host, port);
  return { port: (server.address() as AddressInfo).port, close: () => shutDown(server, stop, inFlight) };
}

function bind(cloud: string, server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new Error(`the ${cloud} sandbox cannot listen on ${host}:${port} (${cause.message}); choose another port`, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

async function shutDown(server: Server, stop: AbortController, inFlight: ReadonlySet<Promise<void>>): Promise<void> {
  stop.abort();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
  await Promise.all(inFlight);
}

async function serve(served: Served, request: IncomingMessage, response: ServerResponse, stopped: AbortSignal): Promise<void> {
  const url = new URL(`http://${request.headers.host ?? 'sandbox'}${request.url ?? '/'}`);
  const body = await readBody(request);
  const requestId = randomUUID();
  if (body === undefined) return refuseLargeBody(served.protocol, response, requestId);
  if (url.pathname.startsWith(CONTROL_PREFIX)) return sendControl(served.controlled, request, response, url.pathname, body);
  deliver(response, await served.protocol.answer({ method: request.method ?? 'GET', url, headers: request.headers, body, requestId }, stopped));
}

/** The body, or nothing when it is over the limit. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks).toString('utf8') : undefined;
}

function deliver(response: ServerResponse, answer: SandboxAnswer): void {
  switch (answer.delivery) {
    case 'lost': response.destroy(); return;
    case 'withheld': withhold(response); return;
    case 'sent': send(response, answer); return;
  }
}

function withhold(response: ServerResponse): void {
  const giveUp = setTimeout(() => response.destroy(), WITHHOLD_AT_MOST_MS);
  response.once('close', () => clearTimeout(giveUp));
}

function send(response: ServerResponse, { status, headers, body }: SandboxAnswer): void {
  response.writeHead(status, { ...headers, ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }) }).end(body);
}

function refuseLargeBody(protocol: CloudProtocol, response: ServerResponse, requestId: string): void {
  response.setHeader('connection', 'close');
  send(response, protocol.refuseLargeBody(requestId));
}

/** Changes need a JSON content type: a web page of another origin cannot send one without asking, and is not allowed to. */
function sendControl(controlled: Controlled, request: IncomingMessage, response: ServerResponse, path: string, body: string): void {
  const foreignForm = request.method === 'POST' && !(request.headers['content-type'] ?? '').startsWith('application/json');
  const result = foreignForm ? { status: 415, body: { error: 'send application/json' } } : control(controlled, request.method ?? 'GET', path, body);
  const json = result.body === undefined ? '' : JSON.stringify(result.body);
  response.writeHead(result.status, json === '' ? {} : { 'content-type': 'application/json' }).end(json);
}

/** Reached when the client went away in the middle or this server has a defect; the latter must be seen. */
function breakOff(cloud: string, response: ServerResponse, error: unknown): void {
  if (!isDisconnect(error)) process.stderr.write(`${cloud} sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
  response.destroy();
}

function isDisconnect(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ECONNRESET';
}

import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ProxyFault = 'lost-request' | 'lost-answer' | 'timeout';

/** Where calls go: all to one server, or each by its path. */
export type Upstream = string | ((path: string) => string);

/** Stands before a witness that never goes wrong and loses what passes when told to; what was done behind it is the witness's own doing. */
export interface FaultProxy {
  readonly url: string;
  /** The n-th call from now (1 is the next) goes wrong. */
  at(call: number, fault: ProxyFault): void;
  heal(): void;
  /** Calls that arrived since the start. */
  calls(): number;
  close(): Promise<void>;
}

/** A call that was answered, as it went over the wire. */
export interface Exchange {
  readonly request: string;
  readonly status: number;
  readonly answer: string;
}

interface Answer {
  readonly response: IncomingMessage;
  readonly body: Buffer;
}

/** `heard`: told of each call that the witness answered, whatever became of the answer. */
export async function startFaultProxy(upstream: Upstream, heard: (exchange: Exchange) => void = () => undefined): Promise<FaultProxy> {
  let arrived = 0;
  let faults = new Map<number, ProxyFault>();
  const server = createServer((incoming, outgoing) => {
    const fault = faults.get(++arrived);
    pass(upstream, incoming, outgoing, heard, fault).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    at: (call, fault) => void faults.set(arrived + call, fault),
    heal: () => {
      faults = new Map();
    },
    calls: () => arrived,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function pass(upstream: Upstream, incoming: IncomingMessage, outgoing: ServerResponse, heard: (exchange: Exchange) => void, fault: ProxyFault | undefined): Promise<void> {
  const body = await bytesOf(incoming);
  if (fault === 'lost-request') return void outgoing.destroy();
  const answer = await forward(upstream, incoming, body);
  const { statusCode: status = 502, headers } = answer.response;
  heard({ request: body.toString('utf8'), status, answer: answer.body.toString('utf8') });
  switch (fault) {
    case 'lost-answer':
      return void outgoing.destroy();
    case 'timeout':
      return;
    case undefined:
      outgoing.writeHead(status, passedOn(headers));
      outgoing.end(answer.body);
  }
}

/** All but what is about the one connection. */
function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !['connection', 'keep-alive', 'transfer-encoding', 'content-length'].includes(name)));
}

function forward(upstream: Upstream, { method = 'POST', url = '/', headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(url, typeof upstream === 'string' ? upstream : upstream(url)), { method, headers }, (response) => {
      bytesOf(response).then((bytes) => resolve({ response, body: bytes }), reject);
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

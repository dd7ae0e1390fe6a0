import { createServer, request, Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Refusal } from './quota';

export interface CountingProxy {
  readonly url: string;
  /** Calls by operation since the last `reset`. */
  calls(): Readonly<Record<string, number>>;
  reset(): void;
  close(): Promise<void>;
}

/** Stands before a cloud of AWS's query protocol and counts what comes; `refuse` may answer in the cloud's place. */
export async function startCountingProxy(
  upstream: string, refuse: (operation: string, parameters: URLSearchParams) => Refusal | undefined = () => undefined,
): Promise<CountingProxy> {
  const counts = new Map<string, number>();
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    const judge = (operation: string, parameters: URLSearchParams): Refusal | undefined => {
      counts.set(operation, (counts.get(operation) ?? 0) + 1);
      return refuse(operation, parameters);
    };
    pass(upstream, agent, incoming, outgoing, judge).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => Object.fromEntries(counts),
    reset: () => counts.clear(),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

type Judge = (operation: string, parameters: URLSearchParams) => Refusal | undefined;

async function pass(upstream: string, agent: Agent, incoming: IncomingMessage, outgoing: ServerResponse, judge: Judge): Promise<void> {
  const body = await bytesOf(incoming);
  const parameters = new URLSearchParams(body.toString());
  const refusal = judge(parameters.get('Action') ?? 'unknown', parameters);
  if (refusal) return void outgoing.writeHead(refusal.status, refusal.headers).end(refusal.body);
  const { method = 'POST', url = '/', headers } = incoming;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(new URL(url, upstream), { method, headers, agent }, resolve).once('error', reject).end(body);
  });
  outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? 'text/xml' });
  outgoing.end(await bytesOf(answer));
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

import { createServer, request, Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CountingProxy {
  readonly url: string;
  /** Calls by operation since the last `reset`. */
  calls(): Readonly<Record<string, number>>;
  reset(): void;
  close(): Promise<void>;
}

/** Stands before a cloud of AWS's query protocol and counts what passes. */
export async function startCountingProxy(upstream: string): Promise<CountingProxy> {
  const counts = new Map<string, number>();
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    pass(upstream, agent, incoming, outgoing, (operation) => void counts.set(operation, (counts.get(operation) ?? 0) + 1)).catch(() => outgoing.destroy());
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

async function pass(upstream: string, agent: Agent, incoming: IncomingMessage, outgoing: ServerResponse, count: (operation: string) => void): Promise<void> {
  const body = await bytesOf(incoming);
  count(new URLSearchParams(body.toString()).get('Action') ?? 'unknown');
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

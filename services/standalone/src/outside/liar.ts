import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A service that has the document of a real one and keeps none of its promises: the judge's control. */
export interface Liar {
  readonly origin: string;
  close(): Promise<void>;
}

export async function startLiar(document: string): Promise<Liar> {
  const server = createServer((request, response) => answer(request, response, document));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closed(server) };
}

function answer(request: IncomingMessage, response: ServerResponse, document: string): void {
  request.resume();
  const { pathname } = new URL(request.url ?? '/', 'http://liar');
  const send = (status: number, body: unknown, headers = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  if (pathname === '/openapi.json') return send(200, document);
  if (pathname === '/v1/whoami') return send(200, { actor: 1 }, { 'x-request-id': 'req_1' });
  if (pathname === '/v1/sync-summary') return send(418, {}, { 'x-request-id': 'req_1' });
  if (pathname === '/v1/tenants') return send(201, {}, { 'x-request-id': 'req_1', etag: '"1"' });
  return send(500, {});
}

async function closed(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

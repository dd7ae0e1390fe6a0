import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange } from './discovery';

export type Respond = (method: string, url: string, body: unknown, headers: Readonly<Record<string, string>>) => Promise<{ readonly status: number; readonly body: unknown }>;

export interface RecordingServer {
  readonly url: string;
  /** What passed, in order. */
  readonly exchanges: Exchange[];
  close(): Promise<void>;
}

/** Answers as told, and keeps what passed. */
export async function startRecordingServer(respond: Respond): Promise<RecordingServer> {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const [method, url, requestBody] = [request.method ?? '', request.url ?? '', text === '' ? undefined : JSON.parse(text)];
      respond(method, url, requestBody, { authorization: request.headers.authorization ?? '' }).then(
        ({ status, body }) => {
          exchanges.push({ method, url, ...(requestBody === undefined ? {} : { requestBody }), status, responseBody: body });
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        },
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

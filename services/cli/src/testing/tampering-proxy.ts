import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to one request: before it is handed on, and whether its answer gets lost. */
export interface Tampering {
  readonly when: (request: { readonly method: string; readonly url: string }) => boolean;
  readonly before?: () => Promise<unknown>;
  /** When WAMI has answered. */
  readonly after?: () => void;
  readonly losesAnswer?: boolean;
}

/** Stands between a client and WAMI and does something to the requests that it is told to, each tampering once. */
export class TamperingProxy {
  private readonly pending: Tampering[] = [];
  /** Paths of all requests so far. */
  readonly seen: string[] = [];

  private constructor(private readonly server: Server, readonly url: string) {}

  static async start(target: () => string): Promise<TamperingProxy> {
    const holder: { proxy?: TamperingProxy } = {};
    const server = createServer((request, response) => {
      holder.proxy?.handle(target(), request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    holder.proxy = new TamperingProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return holder.proxy;
  }

  tamper(tampering: Tampering): void {
    this.pending.push(tampering);
  }

  get left(): number {
    return this.pending.length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [method = 'GET', url = '/'] = [request.method, request.url];
    const index = this.pending.findIndex(({ when }) => when({ method, url }));
    this.seen.push(url);
    const tampering = index < 0 ? undefined : this.pending.splice(index, 1)[0];
    await tampering?.before?.();
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
    const answer = await fetch(target + url, {
      method, headers: headers as Record<string, string>, signal: AbortSignal.timeout(30_000), ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    tampering?.after?.();
    if (tampering?.losesAnswer) return void request.socket.destroy();
    const kept = [...answer.headers].filter(([name]) => !['transfer-encoding', 'connection', 'content-encoding', 'content-length'].includes(name));
    response.writeHead(answer.status, Object.fromEntries(kept)).end(body);
  }
}

import { request } from 'node:http';

export interface RawRequest {
  readonly method: string;
  /** As it goes into the request line, unchanged. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends exactly this request and resolves with the status; 0 where the server closed the connection without an answer. */
export function rawStatus(origin: string, { method, target, headers = {}, body }: RawRequest, timeoutMs = 10_000): Promise<number> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path: target, headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) }, timeout: timeoutMs },
      (response) => {
        // A stream that would stay open is let go: its status is what was asked for.
        response.on('error', () => undefined).resume();
        resolve(response.statusCode ?? 0);
        outgoing.destroy();
      });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${target} was not answered in ${timeoutMs} ms`)));
    outgoing.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve(0) : reject(error)));
    outgoing.end(body);
  });
}

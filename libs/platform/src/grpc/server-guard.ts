import type { Http2Server, ServerHttp2Session } from 'node:http2';
import { constants } from 'node:http2';
import type { Server } from '@grpc/grpc-js';

/** A peer that pings more often than that, and has nothing else to say, is sent away. */
const LEAST_PING_MS = 10_000;
const STRIKES = 10;

/**
 * Limits that grpc-js does not have: connections, and pings (as the keepalive enforcement of other servers). It keeps its HTTP/2 servers to
 * itself; the version is pinned, and a test fails where this does nothing any more.
 */
export function guardServer(server: Server, connections: number): void {
  const { http2Servers } = server as unknown as { readonly http2Servers: ReadonlyMap<Http2Server, unknown> };
  for (const http2Server of http2Servers.keys()) {
    http2Server.maxConnections = connections;
    http2Server.on('session', guardSession);
  }
}

function guardSession(session: ServerHttp2Session): void {
  let [last, strikes, calls] = [0, 0, 0];
  session.on('stream', (stream) => {
    calls += 1;
    strikes = 0;
    stream.once('close', () => { calls -= 1; });
  });
  session.on('ping', () => {
    const now = Date.now();
    // While it is called on, a client may measure the line: some do so with every message.
    if (calls > 0) return;
    strikes = now - last < LEAST_PING_MS ? strikes + 1 : 0;
    last = now;
    if (strikes < STRIKES) return;
    session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from('too_many_pings'));
    session.close();
  });
}

import { createServer } from 'node:net';

const LOWEST = 15_000;
const COUNT = 17_000;
const ATTEMPTS = 200;

/** Whether nobody listens on this port of 127.0.0.1 at this moment. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * A port of 127.0.0.1 on which nobody listens at this moment; another process may still take it first, so be ready to retry.
 * It lies below 32768, where Linux starts to hand out ports of outgoing connections: no client can occupy the port while its
 * server is down, and none can connect to itself by reconnecting to it.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port on 127.0.0.1 between ${LOWEST} and ${LOWEST + COUNT} after ${ATTEMPTS} attempts`);
}

import { createServer, type Server } from 'node:http';
import { StartupError } from '@wami/platform';

/** Answers `/health/*` while a service cannot start yet: alive, not ready, and why. Everything else is 503. */
export interface BootHealth {
  close(): Promise<void>;
}

export async function serveBootHealth(port: number, host: string, reason: () => string): Promise<BootHealth> {
  const server = createServer((request, response) => {
    const live = request.url === '/health/live';
    const body = live ? { status: 'live' } : { status: 'not ready', checks: { start: { ok: false, reason: reason() } } };
    response.writeHead(live ? 200 : 503, { 'content-type': 'application/json', ...(live ? {} : { 'retry-after': '1' }) }).end(JSON.stringify(body));
  });
  server.requestTimeout = 5000;
  await listen(server, port, host);
  return { close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }) };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(port, host, resolve); });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new StartupError(code === 'EADDRINUSE'
      ? `Port ${port} on ${host} is in use. Stop what uses it, or set WAMI_HTTP_PORT (0 picks a free port).`
      : `Port ${port} on ${host} cannot be bound (${code}). Set WAMI_HTTP_PORT and WAMI_HOST.`);
  }
}

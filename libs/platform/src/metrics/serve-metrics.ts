import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { StartupError } from '../config/startup-error';
import type { Metrics } from './metrics';

export interface MetricsPort {
  readonly WAMI_METRICS_PORT?: number | undefined;
  readonly WAMI_HOST: string;
}

export interface MetricsServer {
  /** Undefined where no port was asked for. */
  readonly port?: number;
  close(): Promise<void>;
}

/** `GET /metrics` on a port of its own, to whoever reaches it, and nothing else there. @throws StartupError where the port cannot be had */
export async function serveMetrics(metrics: Pick<Metrics, 'text'>, { WAMI_METRICS_PORT: port, WAMI_HOST: host }: MetricsPort): Promise<MetricsServer> {
  if (port === undefined) return { close: () => Promise.resolve() };
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const fits = (request.method === 'GET' || request.method === 'HEAD') && request.url?.split('?')[0] === '/metrics';
    if (!fits) return void response.writeHead(404).end();
    metrics.text().then((text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text), () => response.writeHead(500).end());
  });
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(`Port ${port} on ${host} cannot be had for metrics (${error.code ?? error.message}). Set WAMI_METRICS_PORT to another, or leave it out.`);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

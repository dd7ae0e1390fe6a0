import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver of webhooks that checks signatures by the text of the Standard Webhooks specification, not by a library, and answers as it is told. */
export class WebhookEndpoint {
  /** Ids of the webhooks that were answered 2xx, in order. */
  readonly taken: string[] = [];
  /** Webhooks whose signature, timestamp or content was wrong. */
  refused = 0;
  answer: (id: string, attempt: number) => number = () => 204;
  private readonly attempts = new Map<string, number>();

  private constructor(private readonly server: Server, private readonly key: Buffer) {
    server.on('request', (request, response) => {
      this.receive(request).then((status) => response.writeHead(status).end(), () => response.destroy());
    });
  }

  static async open(secret: string): Promise<WebhookEndpoint> {
    const server = createServer();
    const endpoint = new WebhookEndpoint(server, Buffer.from(secret.replace('whsec_', ''), 'base64'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  attemptsOf(id: string): number {
    return this.attempts.get(id) ?? 0;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async receive(request: IncomingMessage): Promise<number> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    const id = String(request.headers['webhook-id']);
    if (!this.isGenuine(id, body, request)) {
      this.refused++;
      return 401;
    }
    const attempt = this.attemptsOf(id) + 1;
    this.attempts.set(id, attempt);
    const status = this.answer(id, attempt);
    if (status < 300) this.taken.push(id);
    return status;
  }

  private isGenuine(id: string, body: string, { headers }: IncomingMessage): boolean {
    const timestamp = String(headers['webhook-timestamp']);
    const expected = `v1,${createHmac('sha256', this.key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    const fresh = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300;
    return fresh && String(headers['webhook-signature']).split(' ').includes(expected) && (JSON.parse(body) as { id: string }).id === id;
  }
}

import { Agent, request } from 'node:http';

const TIMEOUT_MS = 60_000;

/** A client that costs little beside what it measures: so many connections, kept open. */
export class KeptOpen {
  private readonly agent: Agent;

  constructor(private readonly origin: string, private readonly token: string, connections: number) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Resolves with the answer's text. Rejects where that is no success. */
  post(path: string, body: object): Promise<string> {
    const content = JSON.stringify(body);
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) };
    return new Promise((resolve, reject) => {
      const sent = request(`${this.origin}${path}`, { method: 'POST', agent: this.agent, headers, timeout: TIMEOUT_MS }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part)).on('error', reject);
        response.on('end', () => (response.statusCode !== undefined && response.statusCode < 300 ? resolve(text) : reject(new Error(`${path} answered ${response.statusCode}: ${text}`))));
      });
      sent.on('timeout', () => sent.destroy(new Error(`${path} was not answered in ${TIMEOUT_MS / 1000} s`))).on('error', reject);
      sent.end(content);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

import { Agent, request as send } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly retryAfter?: string;
  readonly body: string;
  readonly ms: number;
}

/** Connections of one caller, so many that they are no limit themselves. */
export class Caller {
  private readonly agent: Agent;

  constructor(private readonly origin: string, private readonly authorization: string, connections: number) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  call(method: string, path: string, body?: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const type = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
      const request = send(this.origin + path, { method, agent: this.agent, timeout: 60_000, headers: { authorization: this.authorization, ...type, ...headers } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('error', reject).on('end', () => {
          const retryAfter = response.headers['retry-after'];
          resolve({ status: response.statusCode ?? 0, body: text, ms: performance.now() - startedAt, ...(retryAfter === undefined ? {} : { retryAfter }) });
        });
      });
      request.on('error', reject).on('timeout', () => request.destroy(new Error(`${method} ${path} was not answered`)));
      request.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** Calls again and again from so many loops until `going` says no. */
export async function repeat<T>(loops: number, going: () => boolean, call: (n: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  let n = 0;
  await Promise.all(Array.from({ length: loops }, async () => {
    while (going()) answers.push(await call(n++));
  }));
  return answers;
}

export function byStatus(replies: readonly Reply[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

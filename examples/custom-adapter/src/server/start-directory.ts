import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DirectoryState } from './directory-state';
import { invalid, Refusal } from './refusal';
import { answer, type Answer } from './routes';

/** How a request can go wrong: refused before anything is done, lost on the way there or back, or never answered. */
export type DirectoryFault = 'throttle' | 'error' | 'access-denied' | 'credentials-rejected' | 'lost-request' | 'lost-answer' | 'timeout';

export interface Directory {
  readonly url: string;
  /** The n-th request from now (1 is the next) goes wrong in this way. */
  at(call: number, fault: DirectoryFault): void;
  heal(): void;
  /** Requests that arrived since the start. */
  calls(): number;
  close(): Promise<void>;
}

export interface DirectoryOptions {
  readonly organization: string;
  /** Who shows it is let in. */
  readonly token: string;
  readonly port?: number;
}

const REFUSED: Readonly<Partial<Record<DirectoryFault, Refusal>>> = {
  throttle: new Refusal(429, 'throttled', 'too many requests'),
  error: new Refusal(500, 'internal', 'something broke'),
  'access-denied': new Refusal(403, 'forbidden', 'not allowed to do that'),
  'credentials-rejected': new Refusal(401, 'unauthorized', 'the token is not known'),
};
const LARGEST_BODY = 65_536;

/** A directory of people and groups behind a plain REST API, kept in memory: what the adapter of this example speaks to. Strict: it refuses what it does not know. */
export async function startDirectory({ organization, token, port = 0 }: DirectoryOptions): Promise<Directory> {
  const state = new DirectoryState();
  let arrived = 0;
  let faults = new Map<number, DirectoryFault>();
  const server = createServer((request, response) => {
    const fault = faults.get(++arrived);
    void handle(request, response, fault, (body) => {
      if (request.headers.authorization !== `Bearer ${token}`) throw new Refusal(401, 'unauthorized', 'the token is not known');
      return answer(state, organization, { method: request.method ?? 'GET', url: new URL(request.url ?? '/', 'http://directory'), body });
    }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    at: (call, fault) => void faults.set(arrived + call, fault),
    heal: () => {
      faults = new Map();
    },
    calls: () => arrived,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, fault: DirectoryFault | undefined, work: (body: unknown) => Answer): Promise<void> {
  const text = await textOf(request);
  if (fault === 'lost-request') return void response.destroy();
  const { status, body } = outcomeOf(fault && REFUSED[fault], () => work(parsed(request, text)));
  if (fault === 'lost-answer') return void response.destroy();
  if (fault === 'timeout') return;
  response.writeHead(status, { 'content-type': 'application/json', ...(status === 429 ? { 'retry-after': '1' } : {}) });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function outcomeOf(refused: Refusal | undefined, work: () => Answer): Answer {
  try {
    if (refused) throw refused;
    return work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, code, message } = error;
    return { status, body: { error: { code, message } } };
  }
}

/** Of what is too large no more is kept than shows that it is. */
async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (size <= LARGEST_BODY) chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed({ headers }: IncomingMessage, text: string): unknown {
  if (text === '') return undefined;
  if (text.length > LARGEST_BODY || headers['content-type'] !== 'application/json') throw invalid('a body is JSON of at most 64 KiB, and its content-type says so');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalid('the body is not JSON');
  }
}

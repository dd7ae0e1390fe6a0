import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange } from './fidelity';
import { GraphDescription } from './graph-description';
import { RbacDescription } from './rbac-description';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly shape: string;
}

/** An exchange that is to come next; `anyShape`: its answer alone counts, for the recorder asked in other words. */
export type Step = Exchange & { readonly anyShape?: boolean };

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly authorization: string;
  readonly text: string;
}
interface Answer {
  readonly status: number;
  readonly body?: string;
}

const PLACE = 'https://graph.microsoft.com';

/** Answers requests as the real services were recorded to, one after the other, and notes what of a request or an answer is not as its vendor describes it. */
export class RecordedCloud {
  readonly seen: Seen[] = [];
  readonly faults: string[] = [];
  private steps: Step[] = [];
  private behind: string | undefined;
  private readonly graph = new GraphDescription();
  private readonly rbac = new RbacDescription();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<RecordedCloud> {
    const server = createServer((request, response) => {
      void cloud.answer(request).then(({ status, body }) => {
        response.writeHead(status, body === undefined ? {} : { 'content-type': 'application/json' });
        response.end(body);
      });
    });
    const cloud = new RecordedCloud(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return cloud;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What comes from now on, in this order; what was seen before is forgotten. */
  expect(...steps: readonly Step[]): void {
    this.steps = [...steps];
    this.seen.length = 0;
    this.faults.length = 0;
  }

  /** From now on this one answers, and is held against the descriptions too. */
  standBefore(url: string): void {
    this.expect();
    this.behind = url;
  }

  /** Steps that nobody asked for, and everything that was not as described. */
  left(): string[] {
    return [...this.faults, ...this.steps.map(({ method, url }) => `not asked: ${method} ${url}`)];
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const { method = 'GET', url = '/' } = request;
    const text = await bodyOf(request);
    if (url === '/v1.0/$batch') return this.answerEach(request, text);
    return this.answerOne({ method, url, authorization: request.headers.authorization ?? '', text });
  }

  /** A batch is answered request by request: what it carries is what is recorded and described. */
  private async answerEach({ headers: { authorization = '' } }: IncomingMessage, text: string): Promise<Answer> {
    const responses: object[] = [];
    for (const { id, method, url } of (JSON.parse(text) as { requests: { id: string; method: string; url: string }[] }).requests) {
      const { status, body } = await this.answerOne({ method, url: `/v1.0${url}`, authorization, text: '' });
      responses.unshift({ id, status, ...(body === undefined ? {} : { body: JSON.parse(body) as unknown }) });
    }
    return { status: 200, body: JSON.stringify({ responses }) };
  }

  private async answerOne({ method, url, authorization, text }: Asked): Promise<Answer> {
    const seen = seenOf(method, `${this.url}${url}`, text === '' ? undefined : JSON.parse(text));
    this.seen.push(seen);
    const step = this.steps.shift() ?? (await this.asked({ method, url, authorization, text }));
    if (!/^Bearer .+/.test(authorization)) this.faults.push(`${seen.shape}: no token`);
    this.faults.push(...this.faultsOf(seen));
    if (step === undefined) {
      this.faults.push(`not recorded: ${seen.shape}`);
      return { status: 500 };
    }
    const recorded = seenOf(step.method, step.url, step.requestBody);
    if (step.anyShape !== true && recorded.shape !== seen.shape) this.faults.push(`asked: ${seen.shape}\nrecorded: ${recorded.shape}`);
    this.faults.push(...this.faultsOfAnswer(recorded, step));
    return { status: step.status, ...(step.responseBody === undefined ? {} : { body: JSON.stringify(step.responseBody).replaceAll(PLACE, this.url) }) };
  }

  private async asked({ method, url, authorization, text: body }: Asked): Promise<Step | undefined> {
    if (this.behind === undefined) return undefined;
    const answer = await fetch(`${this.behind}${url}`, { method, headers: { authorization, 'content-type': 'application/json' }, ...(body === '' ? {} : { body }) });
    const text = (await answer.text()).replaceAll(this.behind, this.url);
    return { method, url: `${this.url}${url}`, status: answer.status, anyShape: true, ...(text === '' ? {} : { responseBody: JSON.parse(text) as unknown }) };
  }

  private faultsOf({ method, path, query, body }: Seen): string[] {
    return isGraph(path) ? this.graph.faultsOfRequest(method, localPath(path), query, body) : this.rbac.faultsOfRequest(method, path, query, body);
  }

  private faultsOfAnswer({ method, path }: Seen, { status, responseBody }: Step): string[] {
    if (status >= 300 || typeof responseBody !== 'object' || responseBody === null) return [];
    if (!isGraph(path)) return this.rbac.faultsOfAnswer(method, path, status, responseBody);
    const type = this.graph.typeOf(localPath(path));
    const items = 'value' in responseBody && Array.isArray(responseBody.value) ? responseBody.value : [responseBody];
    return type === undefined || type === 'directoryObject' ? [] : items.flatMap((item) => this.graph.faultsOf(type, item, `answer to ${path}`));
  }
}

const isGraph = (path: string): boolean => path.startsWith('/v1.0/');
const localPath = (path: string): string => path.slice('/v1.0'.length);

function seenOf(method: string, address: string, body: unknown): Seen {
  const url = new URL(address);
  const path = decodeURIComponent(url.pathname);
  return { method, path, query: url.searchParams, body, shape: `${method} ${pathShape(path)} ${filterShape(url.searchParams)} ${keysOf(body)}` };
}

/** Ids, names and scopes are each test's own. */
function pathShape(path: string): string {
  if (!isGraph(path)) return path.replace(/^.*(\/providers\/Microsoft\.Authorization\/\w+)(\/[^/]+)?$/i, (_, kind: string, name?: string) => `{scope}${kind}${name === undefined ? '' : '/{}'}`);
  return path.replace(/\/(users|groups|applications|servicePrincipals|members|deletedItems|federatedIdentityCredentials)\/(?!\$ref)[^/]+/g, '/$1/{}');
}

function filterShape(query: URLSearchParams): string {
  return (query.get('$filter') ?? '').replace(/'[^']*'/g, '?') || (query.has('$skiptoken') ? 'next page' : '');
}

/** A request may say more than the recorder did; the names of what both say are compared by the tests. */
function keysOf(body: unknown): string {
  return body === undefined ? '' : 'with a body';
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

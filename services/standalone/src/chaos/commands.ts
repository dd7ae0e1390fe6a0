import { setTimeout as sleep } from 'node:timers/promises';
import type { Expected } from './expected';
import type { Subject } from './subject';

export interface Command {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}
export interface Answer {
  readonly status: number;
  readonly version: number;
  /** It is a 503 that says when to send it again. */
  readonly later: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

const CALL_MS = 20_000;
/** While it is up: how long a kill and the start after it take is the machine's affair. */
const GIVE_UP_MS = 120_000;
const PAUSE_MS = 50;

/** Sends commands with a key each, and the same again with the same key until it is answered. */
export class Commands {
  private count = 0;

  constructor(private readonly victim: Subject, private readonly expected: Expected, private readonly prefix: string) {}

  /** Undefined where it was refused, which `expected` notes, or where the victim is given up. */
  async send(command: Command): Promise<Answer | undefined> {
    const key = `${this.prefix}-${++this.count}`;
    const { victim, expected } = this;
    let { url } = victim;
    let since = Date.now();
    while (!victim.over) {
      const response = await attempt(victim, key, command);
      const answered = typeof response === 'object';
      if (answered && response.status < 300) {
        expected.acknowledged += 1;
        return response;
      }
      if (answered && !response.later) return this.refuse(command, JSON.stringify(response));
      if (victim.url !== url) [url, since] = [victim.url, Date.now()];
      if (Date.now() - since > GIVE_UP_MS) return this.refuse(command, `unanswered by ${url ?? 'nobody'} for ${GIVE_UP_MS} ms; last: ${JSON.stringify(response)}`);
      expected.repeated += 1;
      if (answered) expected.unavailable += 1;
      await sleep(PAUSE_MS);
    }
    return undefined;
  }

  private refuse({ method, path, body }: Command, why: string): undefined {
    this.expected.refused.push(`${method} ${path} ${JSON.stringify(body)}: ${why}`);
  }
}

/** A text where no whole answer came: why. */
async function attempt({ url, token }: Subject, key: string, { method, path, body }: Command): Promise<Answer | string> {
  if (url === undefined) return 'it is down';
  try {
    const response = await fetch(url + path, {
      method, signal: AbortSignal.timeout(CALL_MS), ...(body ? { body: JSON.stringify(body) } : {}),
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': key, ...(body ? { 'content-type': 'application/json' } : {}) },
    });
    const text = await response.text();
    const version = Number(response.headers.get('etag')?.replaceAll('"', '') ?? 0);
    const later = response.status === 503 && response.headers.has('retry-after');
    return { status: response.status, version, later, body: text === '' ? {} : JSON.parse(text) as Record<string, unknown> };
  } catch (error) {
    if (isBroken(error)) return String(error);
    throw error;
  }
}

/** No connection, one that ended in the middle, half a document, no end. By name: a test runner has classes of its own. */
const isBroken = (error: unknown): boolean => ['TypeError', 'SyntaxError', 'TimeoutError'].includes((error as Error).name);

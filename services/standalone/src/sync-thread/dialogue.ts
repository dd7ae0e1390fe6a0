import { KeysUnavailable } from '@wami/event-store';
import { describeError, StartupError } from '@wami/platform';

/** What the other side of a thread can be asked, by name. Arguments and answers are what structured cloning takes. */
export type Answers = Readonly<Record<string, (argument: never) => unknown>>;

/** A worker, seen from its process, and the other way round. */
export interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: Message) => void): unknown;
}

type Message =
  | { readonly ask: string; readonly argument: unknown; readonly id?: number }
  | { readonly answer: number; readonly value: unknown }
  | { readonly answer: number; readonly failed: Failure };

interface Failure {
  readonly kind: 'StartupError' | 'KeysUnavailable' | 'Error';
  readonly message: string;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** One side of a thread: answers what the other asks, and asks it. The errors that callers tell apart keep their class. */
export class Dialogue<Theirs extends Answers> {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private over: Error | undefined;

  constructor(private readonly port: Port, private readonly mine: Answers) {
    port.on('message', (message) => {
      if ('ask' in message) void this.answer(message);
      else this.take(message);
    });
  }

  /** @throws what the other side threw; an Error where it has not answered in time, or is gone */
  async ask<Name extends keyof Theirs & string>(name: Name, argument: Parameters<Theirs[Name]>[0], timeoutMs: number): Promise<Awaited<ReturnType<Theirs[Name]>>> {
    if (this.over) throw this.over;
    const id = ++this.lastId;
    let late: NodeJS.Timeout | undefined;
    try {
      return await new Promise<unknown>((resolve, reject) => {
        this.waiting.set(id, { resolve, reject });
        late = setTimeout(() => reject(new Error(`the other thread has not answered "${name}" within ${timeoutMs} ms`)), timeoutMs);
        this.send({ ask: name, argument, id });
      }) as Awaited<ReturnType<Theirs[Name]>>;
    } finally {
      clearTimeout(late);
      this.waiting.delete(id);
    }
  }

  /** Without an answer. */
  tell<Name extends keyof Theirs & string>(name: Name, argument: Parameters<Theirs[Name]>[0]): void {
    this.send({ ask: name, argument });
  }

  /** The other side is gone: whoever waits for it is told why. */
  end(why: Error): void {
    this.over = why;
    for (const { reject } of this.waiting.values()) reject(why);
  }

  private send(message: Message): void {
    this.port.postMessage(message);
  }

  private async answer({ ask, argument, id }: Extract<Message, { ask: string }>): Promise<void> {
    try {
      const answer = this.mine[ask] as ((argument: unknown) => unknown) | undefined;
      if (!answer) throw new Error(`"${ask}" is not answered here`);
      const value = await answer(argument);
      if (id !== undefined) this.send({ answer: id, value });
    } catch (error) {
      if (id === undefined) throw error;
      this.send({ answer: id, failed: failureOf(error) });
    }
  }

  private take(message: Exclude<Message, { ask: string }>): void {
    const waiting = this.waiting.get(message.answer);
    if ('failed' in message) waiting?.reject(errorOf(message.failed));
    else waiting?.resolve(message.value);
  }
}

function failureOf(error: unknown): Failure {
  const kind = error instanceof StartupError ? 'StartupError' : error instanceof KeysUnavailable ? 'KeysUnavailable' : 'Error';
  return { kind, message: error instanceof Error ? error.message : describeError(error).error };
}

function errorOf({ kind, message }: Failure): Error {
  if (kind === 'StartupError') return new StartupError(message);
  return kind === 'KeysUnavailable' ? Object.assign(new KeysUnavailable(''), { message }) : new Error(message);
}

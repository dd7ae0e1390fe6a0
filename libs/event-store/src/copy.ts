import type { ClientBase, Connection, Submittable } from 'pg';

interface CopyConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** What both directions share: it speaks to pg's own connection, so it needs no package of its own. */
abstract class Copy implements Submittable {
  readonly done: Promise<void>;
  /** pg wraps it to stop its own timeout. */
  callback: (error?: Error) => void = () => undefined;
  protected connection: CopyConnection | undefined;

  constructor(private readonly sql: string) {
    this.done = new Promise((resolve, reject) => (this.callback = (error) => (error ? reject(error) : resolve())));
    // Whoever reads or writes the stream is told too.
    this.done.catch(() => undefined);
  }

  submit(connection: Connection): void {
    this.connection = connection as CopyConnection;
    connection.query(this.sql);
  }

  handleCommandComplete(): void {
    // The answer that counts is ReadyForQuery: committed.
  }

  handleReadyForQuery(): void {
    this.callback();
  }

  handleError(error: Error): void {
    this.callback(error);
  }
}

class CopyIn extends Copy {
  constructor(sql: string, private readonly content: AsyncIterable<Buffer> | Iterable<Buffer>) {
    super(sql);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    this.send(connection).then(() => connection.endCopyFrom(), (error: unknown) => {
      connection.sendCopyFail('the content could not be read');
      this.handleError(error instanceof Error ? error : new Error(String(error)));
    });
  }

  /** As fast as the server takes it. */
  private async send(connection: CopyConnection): Promise<void> {
    for await (const chunk of this.content) {
      connection.sendCopyFromChunk(chunk);
      if (connection.stream.writableNeedDrain) await new Promise((drained) => connection.stream.once('drain', drained));
    }
  }
}

const MOST_WAITING = 64;

class CopyOut extends Copy {
  private waiting: Buffer[] = [];
  private ended = false;
  private wake: () => void = () => undefined;

  constructor(sql: string) {
    super(sql);
    const end = (): void => {
      this.ended = true;
      this.wake();
    };
    this.done.then(end, end);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    // pg gives a view of a buffer that it uses again.
    this.waiting.push(Buffer.from(chunk));
    if (this.waiting.length > MOST_WAITING) this.connection?.stream.pause();
    this.wake();
  }

  async *rows(): AsyncGenerator<Buffer> {
    for (;;) {
      const [all, ended] = [this.waiting, this.ended];
      this.waiting = [];
      if (all.length > 0) yield Buffer.concat(all);
      else if (ended) return this.done;
      else await this.more();
    }
  }

  private more(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      this.connection?.stream.resume();
    });
  }
}

/** One `COPY ... FROM STDIN`. @throws what reading the content throws; nothing of it is written then */
export async function copyIn(client: ClientBase, sql: string, content: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
  const copy = new CopyIn(sql, content);
  client.query(copy);
  await copy.done;
}

/** One `COPY ... TO STDOUT`, whole rows at a time, no faster than they are taken. It has to be read to its end before the client is used again. */
export function copyOut(client: ClientBase, sql: string): AsyncGenerator<Buffer> {
  const copy = new CopyOut(sql);
  client.query(copy);
  return copy.rows();
}

import type { Connection, PoolClient, Submittable } from 'pg';

interface CopyConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** One `COPY ... FROM STDIN` with the whole content at hand; speaks to pg's own connection, so it needs no package of its own. */
class CopyIn implements Submittable {
  readonly done: Promise<void>;
  /** pg wraps it to stop its own timeout. */
  callback: (error?: Error) => void = () => undefined;

  constructor(private readonly sql: string, private readonly content: Buffer) {
    this.done = new Promise((resolve, reject) => (this.callback = (error) => (error ? reject(error) : resolve())));
  }

  submit(connection: Connection): void {
    connection.query(this.sql);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.content);
    connection.endCopyFrom();
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

export async function copyIn(client: PoolClient, sql: string, content: Buffer): Promise<void> {
  const copy = new CopyIn(sql, content);
  client.query(copy);
  await copy.done;
}

/** Rows in COPY's text format. */
export function copyText(rows: readonly (readonly string[])[]): Buffer {
  return Buffer.from(rows.map((row) => row.map(escapeField).join('\t') + '\n').join(''));
}

function escapeField(field: string): string {
  return /[\\\t\n\r]/.test(field) ? field.replace(/[\\\t\n\r]/g, (character) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n' })[character] ?? '\\r') : field;
}

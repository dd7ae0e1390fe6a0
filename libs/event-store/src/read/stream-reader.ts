import type { RecordedEvent } from '@wami/contracts';
import { StoreOverloaded } from '../errors';
import type { EventRow } from './event-row';

export interface StreamRead {
  readonly stream: string;
  readonly upToVersion: number;
}

export interface StreamReaderOptions {
  /** The rows of each, in the order of asking; all are asked for in the same scope. */
  readonly read: (reads: readonly StreamRead[], scope: string | undefined) => Promise<readonly (readonly EventRow[])[]>;
  readonly check: (rows: readonly EventRow[]) => readonly RecordedEvent[];
}

const MAX_STATEMENTS = 3;
const MAX_TOGETHER = 100;
const MAX_WAITING = 10_000;
const EVERYTHING = 2 ** 31 - 1;

interface Asked extends StreamRead {
  readonly scope: string | undefined;
  readonly answer: Promise<readonly RecordedEvent[]>;
  readonly resolve: (events: readonly RecordedEvent[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads streams that are asked for at the same time by one statement, and one that several ask for once. A statement that is on its way
 * already answers nobody who asks later: whoever asks sees all that was committed before. Nobody shares a statement with another scope.
 */
export class StreamReader {
  private waiting = new Map<string, Asked>();
  private statements = 0;
  private scheduled = false;

  constructor(private readonly options: StreamReaderOptions) {}

  read(stream: string, upToVersion = EVERYTHING, scope?: string): Promise<readonly RecordedEvent[]> {
    const key = JSON.stringify([stream, upToVersion, scope]);
    const known = this.waiting.get(key);
    if (known) return known.answer;
    if (this.waiting.size >= MAX_WAITING) return Promise.reject(new StoreOverloaded(`${MAX_WAITING} streams wait to be read already`));
    const asked = toAsk(stream, upToVersion, scope);
    this.waiting.set(key, asked);
    this.schedule();
    return asked.answer;
  }

  /** Once per turn of the event loop, so that what is asked for in one turn is read together. */
  private schedule(): void {
    if (this.scheduled || this.statements >= MAX_STATEMENTS || this.waiting.size === 0) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.send();
      this.schedule();
    });
  }

  private send(): void {
    const [first] = this.waiting.values();
    const group = [...this.waiting].filter(([, { scope }]) => scope === first?.scope).slice(0, MAX_TOGETHER);
    for (const [key] of group) this.waiting.delete(key);
    this.statements++;
    void this.answer(group.map(([, asked]) => asked), first?.scope).then(() => {
      this.statements--;
      this.schedule();
    });
  }

  /** Answers everybody of the group; never rejects. */
  private async answer(group: readonly Asked[], scope: string | undefined): Promise<void> {
    try {
      const streams = await this.options.read(group, scope);
      group.forEach((asked, i) => this.settle(asked, streams[i] ?? []));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  /** An event that cannot be read is the trouble of its own stream. */
  private settle({ resolve, reject }: Asked, rows: readonly EventRow[]): void {
    try {
      resolve(this.options.check(rows));
    } catch (error) {
      reject(error);
    }
  }
}

function toAsk(stream: string, upToVersion: number, scope: string | undefined): Asked {
  let resolve: Asked['resolve'] = () => undefined;
  let reject: Asked['reject'] = () => undefined;
  const answer = new Promise<readonly RecordedEvent[]>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { stream, upToVersion, scope, answer, resolve, reject };
}

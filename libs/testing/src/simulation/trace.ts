import { createHash } from 'node:crypto';

/** What happened in a run, in its order. Two runs of one seed have the same hash. */
export class Trace {
  private readonly hash = createHash('sha256');
  readonly lines: string[] = [];
  length = 0;

  /** `keep`: the lines are kept for reading, not only hashed. */
  constructor(private readonly keep: boolean) {}

  add(at: number, line: string): void {
    const text = `${at.toFixed(3)} ${line}`;
    this.length += 1;
    this.hash.update(`${text}\n`);
    if (this.keep) this.lines.push(text);
  }

  digest(): string {
    return this.hash.copy().digest('hex');
  }
}

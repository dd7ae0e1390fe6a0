import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Keeps changes. When `append` returns, they are with the operating system: a SIGKILL of this process loses none of them. */
export interface Journal<Change> {
  /** All of the changes or none of them; throws when they could not be written. */
  append(changes: readonly Change[]): void;
  /** Lines since the journal was last rewritten. */
  readonly length: number;
  /** Replaces everything written so far by these changes, atomically. */
  rewrite(changes: readonly Change[]): void;
  close(): void;
}

/** Whose state a file keeps; the first line of the file says so. */
export interface JournalOwner {
  /** As messages name it: `AWS`. */
  readonly cloud: string;
  readonly format: string;
  readonly account: string;
}

/** A journal in memory only: nothing is kept. */
export const forgetfulJournal: Journal<unknown> = { append: () => undefined, length: 0, rewrite: () => undefined, close: () => undefined };

/**
 * Reads what the file holds and opens it for more; makes it (mode 0600) where there is none. A last line without its end was never
 * acknowledged and is dropped. Throws on a file that is not a sandbox's or belongs to another account. One process at a time.
 */
export function openJournal<Change>(file: string, owner: JournalOwner): { readonly journal: Journal<Change>; readonly changes: readonly Change[] } {
  mkdirSync(dirname(file), { recursive: true });
  const changes = readChanges<Change>(file, owner);
  return { changes, journal: new FileJournal(file, owner, changes) };
}

/** Whose state the file keeps; undefined where it keeps none yet. @throws Error where it is damaged */
export function accountKeptIn(file: string): string | undefined {
  const [header] = linesOf(file);
  const found = header === undefined ? undefined : parseLine(file, header, 1);
  return typeof found === 'object' && found !== null && 'account' in found ? String(found.account) : undefined;
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

function readChanges<Change>(file: string, { cloud, format, account }: JournalOwner): readonly Change[] {
  const [header, ...rest] = linesOf(file);
  if (header === undefined) return [];
  const found = parseLine(file, header, 1);
  if (typeof found !== 'object' || found === null || !('format' in found) || found.format !== format) {
    throw new Error(`${file} is not the state of the ${cloud} sandbox; name another file or remove it`);
  }
  if (!('account' in found) || found.account !== account) {
    throw new Error(`${file} keeps another account than ${account}; name another file for this account`);
  }
  return rest.flatMap((line, index) => parseLine(file, line, index + 2) as readonly Change[]);
}

function parseLine(file: string, line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`${file} is damaged at line ${number}; remove it to start with an empty account`, { cause });
  }
}

class FileJournal<Change> implements Journal<Change> {
  length = 0;
  private descriptor = -1;
  private size = 0;

  constructor(private readonly file: string, private readonly owner: JournalOwner, changes: readonly Change[]) {
    this.rewrite(changes);
  }

  append(changes: readonly Change[]): void {
    const line = Buffer.from(`${JSON.stringify(changes)}\n`);
    try {
      for (let written = 0; written < line.length;) written += writeSync(this.descriptor, line, written, line.length - written, this.size + written);
    } catch (error) {
      ftruncateSync(this.descriptor, this.size);
      throw error;
    }
    this.size += line.length;
    this.length += 1;
  }

  rewrite(changes: readonly Change[]): void {
    const header = { format: this.owner.format, account: this.owner.account };
    const lines = [header, ...changes.map((change) => [change])].map((line) => `${JSON.stringify(line)}\n`).join('');
    const fresh = `${this.file}.new`;
    writeFileSync(fresh, lines, { mode: 0o600 });
    const descriptor = openSync(fresh, 'r+');
    renameSync(fresh, this.file);
    this.close();
    this.descriptor = descriptor;
    this.size = Buffer.byteLength(lines);
    this.length = 0;
  }

  close(): void {
    if (this.descriptor !== -1) closeSync(this.descriptor);
    this.descriptor = -1;
  }
}

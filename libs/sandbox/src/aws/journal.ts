import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Change } from './iam-state';

/** Keeps changes. When `append` returns, they are with the operating system: a SIGKILL of this process loses none of them. */
export interface Journal {
  /** All of the changes or none of them; throws when they could not be written. */
  append(changes: readonly Change[]): void;
  /** Lines since the journal was last rewritten. */
  readonly length: number;
  /** Replaces everything written so far by these changes, atomically. */
  rewrite(changes: readonly Change[]): void;
  close(): void;
}

const FORMAT = 'wami-sandbox-aws-1';

/** A journal in memory only: nothing is kept. */
export const forgetfulJournal: Journal = { append: () => undefined, length: 0, rewrite: () => undefined, close: () => undefined };

/**
 * Reads what the file holds and opens it for more; makes it (mode 0600) where there is none. A last line without its end was never
 * acknowledged and is dropped. Throws on a file that is not a sandbox's or belongs to another account. One process at a time.
 */
export function openJournal(file: string, account: string): { readonly journal: Journal; readonly changes: readonly Change[] } {
  mkdirSync(dirname(file), { recursive: true });
  const changes = existsSync(file) ? readChanges(file, account) : [];
  return { changes, journal: new FileJournal(file, account, changes) };
}

function readChanges(file: string, account: string): readonly Change[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const [header, ...rest] = lines;
  if (header === undefined) return [];
  const found = parseLine(file, header, 1);
  if (typeof found !== 'object' || found === null || !('format' in found) || found.format !== FORMAT) {
    throw new Error(`${file} is not the state of an AWS sandbox; name another file or remove it`);
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

class FileJournal implements Journal {
  length = 0;
  private descriptor = -1;
  private size = 0;

  constructor(private readonly file: string, private readonly account: string, changes: readonly Change[]) {
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
    const header = { format: FORMAT, account: this.account };
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

import { createHash } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { MANIFEST, MANIFEST_SUM, type Manifest, type SavedEntry, type SavedTable } from './manifest';
import { TAR_END, tarHeader, tarPadding } from './tar';

const PART_BYTES = 4 * 1024 * 1024;
const NEWLINE = 10;
const compressed = promisify(gzip);

/** What reading a table gives. */
export interface TableContent {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  /** Whole rows in COPY's text format. */
  readonly rows: AsyncIterable<Buffer>;
}

/** Writes an archive beside its name, and gives it that once all of it is on the disk: a file of that name is a whole backup. */
export class ArchiveWriter {
  private constructor(private readonly file: FileHandle, private readonly path: string, private readonly seconds: number) {}

  /** Only for its owner: it holds what everybody is called. @throws the error of the file system; EEXIST where such a backup is being written or was broken off */
  static async create(path: string, now: Date): Promise<ArchiveWriter> {
    return new ArchiveWriter(await open(draftOf(path), 'wx', 0o600), path, Math.floor(now.getTime() / 1000));
  }

  async entry(name: string, content: Buffer): Promise<SavedEntry> {
    await this.file.appendFile(Buffer.concat([tarHeader(name, content.length, this.seconds), content, tarPadding(content.length)]));
    return { name, sha256: sha256(content), bytes: content.length };
  }

  async table({ schema, table, columns, rows }: TableContent): Promise<SavedTable> {
    const whole = createHash('sha256');
    const entries: SavedEntry[] = [];
    let count = 0;
    let part: Buffer[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      if (bytes === 0) return;
      entries.push(await this.entry(`${schema}/${table}/${String(entries.length + 1).padStart(6, '0')}.copy.gz`, await compressed(Buffer.concat(part))));
      [part, bytes] = [[], 0];
    };
    for await (const chunk of rows) {
      whole.update(chunk);
      count += rowsIn(chunk);
      part.push(chunk);
      bytes += chunk.length;
      if (bytes >= PART_BYTES) await flush();
    }
    await flush();
    return { table, columns: [...columns], rows: count, sha256: whole.digest('hex'), entries };
  }

  /** Resolves with the size of the file. */
  async finish(manifest: Manifest): Promise<number> {
    const { sha256: sum } = await this.entry(MANIFEST, Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`));
    await this.entry(MANIFEST_SUM, Buffer.from(`${sum}  ${MANIFEST}\n`));
    await this.file.appendFile(TAR_END);
    await this.file.sync();
    const { size } = await this.file.stat();
    await this.file.close();
    await rename(draftOf(this.path), this.path);
    return size;
  }

  /** Leaves nothing of it. */
  async giveUp(): Promise<void> {
    await this.file.close();
    await rm(draftOf(this.path), { force: true });
  }
}

const draftOf = (path: string): string => `${path}.unfinished`;

export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** COPY's text format has a newline at the end of each row and nowhere else. */
export function rowsIn(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

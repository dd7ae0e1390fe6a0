import { open, type FileHandle } from 'node:fs/promises';

/** POSIX tar (ustar): what any `tar` reads. An entry is held in memory, so entries are kept small. */
const BLOCK = 512;

/** @throws RangeError where the name is too long for the format */
export function tarHeader(name: string, size: number, seconds: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(name) > 100) throw new RangeError(`too long a name for tar: ${name}`);
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o600, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(seconds, 12), 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** Fills the last block. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

export const TAR_END = Buffer.alloc(2 * BLOCK);

export interface TarEntry {
  readonly name: string;
  readonly size: number;
  readonly offset: number;
}

/** The file is no tar, or ends too early. */
export class NoTar extends Error {}

/** A tar whose entries can be read in any order. */
export class TarFile {
  private constructor(private readonly file: FileHandle, readonly entries: ReadonlyMap<string, TarEntry>) {}

  /** @throws NoTar; the error of the file system */
  static async open(path: string): Promise<TarFile> {
    const file = await open(path, 'r');
    try {
      return new TarFile(file, await listOf(file));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** @throws NoTar where there is no such entry */
  async read(name: string): Promise<Buffer> {
    const entry = this.entries.get(name);
    if (!entry) throw new NoTar(`${name} is not in it`);
    return readAt(this.file, entry.offset, entry.size);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

async function listOf(file: FileHandle): Promise<ReadonlyMap<string, TarEntry>> {
  const entries = new Map<string, TarEntry>();
  for (let offset = 0; ;) {
    const header = await readAt(file, offset, BLOCK);
    if (header.every((byte) => byte === 0)) return entries;
    const name = header.toString('utf8', 0, 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(header.toString('latin1', 124, 135), 8);
    if (header.toString('latin1', 257, 262) !== 'ustar' || !Number.isSafeInteger(size)) throw new NoTar(`what stands at byte ${offset} is no entry`);
    entries.set(name, { name, size, offset: offset + BLOCK });
    offset += BLOCK + size + tarPadding(size).length;
  }
}

async function readAt(file: FileHandle, offset: number, size: number): Promise<Buffer> {
  const content = Buffer.alloc(size);
  for (let read = 0; read < size;) {
    const { bytesRead } = await file.read(content, read, size - read, offset + read);
    if (bytesRead === 0) throw new NoTar('it ends too early');
    read += bytesRead;
  }
  return content;
}

import { once } from 'node:events';
import { open, type FileHandle } from 'node:fs/promises';
import { CliError, EXIT } from '../exit-codes';

/** Where lines go. */
export interface Lines {
  /** The last whole line that is there already. */
  readonly last?: string;
  /** Resolves when it is written, so that no more than that is held in memory. */
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

const CHUNK = 65_536;

/** Standard output, or a file for its owner alone. One that is there is gone on with behind its last whole line; a torn one is cut off. @throws CliError where it is there and that was not asked for */
export async function openLines(path: string | undefined, resume: boolean): Promise<Lines> {
  if (path === undefined) return { write: writeOut, close: () => Promise.resolve() };
  const file = await openFile(path, resume);
  try {
    const { last, end } = resume ? await lastLine(file) : { last: undefined, end: 0 };
    await file.truncate(end);
    return { ...(last === undefined ? {} : { last }), ...appending(file, end) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function appending(file: FileHandle, end: number): Pick<Lines, 'write' | 'close'> {
  let at = end;
  return {
    async write(text) {
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
      at += bytes.length;
    },
    async close() {
      await file.sync();
      await file.close();
    },
  };
}

async function openFile(path: string, resume: boolean): Promise<FileHandle> {
  try {
    return await open(path, 'wx+', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new CliError(EXIT.failed, `${path} cannot be written: ${(error as Error).message}`);
    if (!resume) throw new CliError(EXIT.usage, `${path} exists already.`, 'Name another, or add --resume to go on with it.');
    return open(path, 'r+');
  }
}

/** Read from the end, as far as it takes to find the line. */
async function lastLine(file: FileHandle): Promise<{ readonly last: string | undefined; readonly end: number }> {
  const { size } = await file.stat();
  let [from, tail] = [size, Buffer.alloc(0)];
  for (;;) {
    const end = tail.lastIndexOf(10);
    const before = end > 0 ? tail.lastIndexOf(10, end - 1) : -1;
    if (end >= 0 && (before >= 0 || from === 0)) return { last: tail.toString('utf8', before + 1, end), end: from + end + 1 };
    if (from === 0) return { last: undefined, end: 0 };
    const length = Math.min(CHUNK, from);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, from - length);
    tail = Buffer.concat([buffer, tail]);
    from -= length;
  }
}

async function writeOut(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

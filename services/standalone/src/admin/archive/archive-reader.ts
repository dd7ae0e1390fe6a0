import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { rowsIn, sha256 } from './archive-writer';
import { FORMAT_VERSION, MANIFEST, MANIFEST_SUM, manifestSchema, type Manifest, type SavedEntry, type SavedTable } from './manifest';
import { NoTar, TarFile } from './tar';

const decompressed = promisify(gunzip);

/** The archive is not whole, or none. The message is one line for an operator. */
export class BadArchive extends Error {}

/** An archive whose manifest was read and is whole. */
export class ArchiveReader {
  private constructor(private readonly tar: TarFile, readonly manifest: Manifest, private readonly path: string) {}

  /** @throws BadArchive; the error of the file system */
  static async open(path: string): Promise<ArchiveReader> {
    const tar = await TarFile.open(path).catch((error: unknown) => {
      throw error instanceof NoTar ? new BadArchive(`${path} is no whole backup: ${error.message}`) : error;
    });
    try {
      return new ArchiveReader(tar, await manifestOf(tar, path), path);
    } catch (error) {
      await tar.close();
      throw error;
    }
  }

  /** Reads all of it: every entry is as the manifest says, and nothing is missing. @throws BadArchive */
  async verify(): Promise<void> {
    for (const entry of this.manifest.secrets) await this.read(entry);
    for (const { schema, tables } of this.manifest.schemas) for (const table of tables) await this.verifyTable(schema, table);
  }

  private async verifyTable(schema: string, table: SavedTable): Promise<void> {
    const whole = createHash('sha256');
    let rows = 0;
    for await (const part of this.rows(table)) {
      whole.update(part);
      rows += rowsIn(part);
    }
    if (rows !== table.rows || whole.digest('hex') !== table.sha256) throw new BadArchive(`${this.path} is damaged: ${schema}.${table.table} is not what was saved`);
  }

  async *rows({ entries }: SavedTable): AsyncGenerator<Buffer> {
    for (const entry of entries) yield await decompressed(await this.read(entry));
  }

  /** @throws BadArchive */
  async read({ name, sha256: sum }: SavedEntry): Promise<Buffer> {
    const content = await this.tar.read(name).catch((error: unknown) => {
      throw error instanceof NoTar ? new BadArchive(`${this.path} is damaged: ${error.message}`) : error;
    });
    if (sha256(content) !== sum) throw new BadArchive(`${this.path} is damaged: ${name} is not what was saved`);
    return content;
  }

  close(): Promise<void> {
    return this.tar.close();
  }
}

async function manifestOf(tar: TarFile, path: string): Promise<Manifest> {
  if (!tar.entries.has(MANIFEST) || !tar.entries.has(MANIFEST_SUM)) throw new BadArchive(`${path} is no whole backup: it has no manifest`);
  const content = await tar.read(MANIFEST);
  const sum = (await tar.read(MANIFEST_SUM)).toString().split(' ')[0];
  if (sha256(content) !== sum) throw new BadArchive(`${path} is damaged: the manifest is not what was saved`);
  const parsed = manifestSchema.safeParse(JSON.parse(content.toString()));
  if (!parsed.success || parsed.data.version > FORMAT_VERSION) throw new BadArchive(`${path} was written by a newer release: restore it with that one`);
  return parsed.data;
}

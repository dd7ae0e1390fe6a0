import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '@wami/contracts';
import type { JsonObject } from './json';

const DOCS = 'docs/events';
const GOLDEN = 'libs/contracts/src/events/golden';
/** The envelope is no event: it may gain attributes. */
const isEventSchema = (name: string): boolean => /^wami\..+\.v\d+\.schema\.json$/.test(name);

/** The files that the command reads and writes, in one work tree. */
export class Repository {
  constructor(private readonly root: string) {}

  /** Schemas as they lie in the work tree. */
  published(): ReadonlyMap<string, JsonObject> {
    return new Map(this.namesIn(DOCS).filter(isEventSchema).map((name) => [name, JSON.parse(this.document(name) ?? '') as JsonObject]));
  }

  /** Schemas of a commit, which deleting a file does not take back. @throws Error where git knows no such commit. */
  publishedAt(commit: string): ReadonlyMap<string, JsonObject> {
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: this.root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
    const names = git('ls-tree', '--name-only', `${commit}^{commit}`, `${DOCS}/`).split('\n').map((path) => path.slice(DOCS.length + 1));
    return new Map(names.filter(isEventSchema).map((name) => [name, JSON.parse(git('show', `${commit}:${DOCS}/${name}`)) as JsonObject]));
  }

  document(name: string): string | undefined {
    return this.read(DOCS, name);
  }

  writeDocument(name: string, text: string): void {
    this.write(DOCS, name, text);
  }

  golden(type: string): RecordedEvent | undefined {
    const text = this.read(GOLDEN, `${type}.json`);
    return text === undefined ? undefined : JSON.parse(text) as RecordedEvent;
  }

  writeGolden(event: RecordedEvent): void {
    this.write(GOLDEN, `${event.type}.json`, `${JSON.stringify(event, null, 2)}\n`);
  }

  private namesIn(folder: string): readonly string[] {
    return existsSync(join(this.root, folder)) ? readdirSync(join(this.root, folder)).sort() : [];
  }

  private read(folder: string, name: string): string | undefined {
    const file = join(this.root, folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  private write(folder: string, name: string, text: string): void {
    mkdirSync(join(this.root, folder), { recursive: true });
    writeFileSync(join(this.root, folder, name), text);
  }
}

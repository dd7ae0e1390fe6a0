import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import { CliError, EXIT } from '../exit-codes';

/** One YAML document of a file. */
export interface Source {
  /** For a person. */
  readonly file: string;
  /** Files that it names are looked for here. */
  readonly folder: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

export type Path = readonly (string | number)[];

export interface Place {
  readonly source: Source;
  readonly path: Path;
}

const STDIN = 0;

/** The YAML documents of these files; of a folder those of all its .yaml and .yml files. @throws CliError where one cannot be read */
export function readSources(names: readonly string[]): Source[] {
  return names.flatMap(filesIn).flatMap(readFile);
}

function filesIn(name: string): string[] {
  if (name === '-') return [name];
  const stat = statSync(name, { throwIfNoEntry: false });
  if (!stat) throw new CliError(EXIT.usage, `${name} cannot be read: it does not exist.`);
  if (!stat.isDirectory()) return [name];
  const files = readdirSync(name).filter((file) => /\.ya?ml$/.test(file)).sort().map((file) => join(name, file));
  if (files.length === 0) throw new CliError(EXIT.usage, `${name} holds no .yaml or .yml file.`);
  return files;
}

function readFile(file: string): Source[] {
  const shown = file === '-' ? 'stdin' : file;
  const lines = new LineCounter();
  const documents = parseAllDocuments(readText(file, shown), { lineCounter: lines });
  const list = Array.isArray(documents) ? documents as Document[] : [];
  for (const { errors: [error] } of list) {
    if (error) throw new CliError(EXIT.usage, `${shown}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}`);
  }
  const folder = file === '-' ? process.cwd() : dirname(file);
  const sources = list.filter(({ contents }) => contents !== null).map((document): Source => ({ file: shown, folder, document, lines }));
  if (sources.length === 0) throw new CliError(EXIT.usage, `${shown} is empty.`);
  return sources;
}

function readText(file: string, shown: string): string {
  try {
    return readFileSync(file === '-' ? STDIN : file, 'utf8');
  } catch (error) {
    throw new CliError(EXIT.usage, `${shown} cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : 'no reason given'}`);
  }
}

/** `org.yaml:12`, the line on which it or the nearest thing around it begins. */
export function lineOf({ source, path }: Place): string {
  let node: unknown = source.document.contents;
  let offset = (node as Node | null)?.range?.[0] ?? 0;
  for (const segment of path) {
    if (isAlias(node)) node = node.resolve(source.document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(segment)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else break;
  }
  return `${source.file}:${source.lines.linePos(offset).line}`;
}

export const pointerOf = (path: Path): string => path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { parse } from 'yaml';
import type { Mistake } from './mistakes';
import type { Fields } from './model';
import type { Path, Place } from './source';

/** Fields that hold documents by a name. */
const MAPS = ['providerDocuments', 'inlinePolicies'] as const;

/** The fields with what their files hold instead of the files' names. What cannot be read goes to `mistakes`. */
export function resolveDocuments(fields: Fields, at: Place, mistakes: Mistake[]): Fields {
  const read = (value: unknown, ...path: Path): unknown => (typeof value === 'string' ? readBeside(value, { ...at, path: [...at.path, ...path] }, mistakes) : value);
  const { document, trustPolicy, ...rest } = fields;
  return {
    ...rest, ...(document === undefined ? {} : { document: read(document, 'document') }), ...(trustPolicy === undefined ? {} : { trustPolicy: read(trustPolicy, 'trustPolicy') }),
    ...Object.fromEntries(MAPS.flatMap((field) => (rest[field] === undefined ? [] : [[field, inEach(rest[field] as object, (key, value) => read(value, field, key))]]))),
  };
}

function inEach(documents: object, read: (key: string, value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(documents).map(([key, value]) => [key, read(key, value)]));
}

function readBeside(name: string, at: Place, mistakes: Mistake[]): unknown {
  const file = join(at.source.folder, name);
  const wrong = (what: string): undefined => void mistakes.push({ at, what });
  if (isAbsolute(name) || relative(at.source.folder, file).startsWith('..')) return wrong(`${name} is not below the folder of this file`);
  let document: unknown;
  try {
    document = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return wrong(`${file} cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : 'no reason given'}`);
  }
  return typeof document === 'object' && document !== null && !Array.isArray(document) ? document : wrong(`${file} holds no policy document`);
}

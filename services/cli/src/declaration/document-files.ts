import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { parse } from 'yaml';
import type { Mistake } from './mistakes';
import type { Fields } from './model';
import type { Path, Place } from './source';

/** The fields with what their files hold instead of the files' names. What cannot be read goes to `mistakes`. */
export function resolveDocuments(fields: Fields, at: Place, mistakes: Mistake[]): Fields {
  const read = (value: unknown, ...path: Path): unknown => (typeof value === 'string' ? readBeside(value, { ...at, path: [...at.path, ...path] }, mistakes) : value);
  const { document, trustPolicy, providerDocuments, ...rest } = fields;
  return {
    ...rest, ...(document === undefined ? {} : { document: read(document, 'document') }), ...(trustPolicy === undefined ? {} : { trustPolicy: read(trustPolicy, 'trustPolicy') }),
    ...(providerDocuments === undefined ? {} : {
      providerDocuments: Object.fromEntries(Object.entries(providerDocuments as object).map(([cloud, value]) => [cloud, read(value, 'providerDocuments', cloud)])),
    }),
  };
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

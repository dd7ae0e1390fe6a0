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
  const { document, trustPolicy, saml, ...rest } = fields;
  return {
    ...rest, ...(document === undefined ? {} : { document: read(document, 'document') }), ...(trustPolicy === undefined ? {} : { trustPolicy: read(trustPolicy, 'trustPolicy') }),
    ...(saml === undefined ? {} : { saml: resolveMetadata(saml as { readonly metadata: string }, { ...at, path: [...at.path, 'saml', 'metadata'] }, mistakes) }),
    ...Object.fromEntries(MAPS.flatMap((field) => (rest[field] === undefined ? [] : [[field, inEach(rest[field] as object, (key, value) => read(value, field, key))]]))),
  };
}

function inEach(documents: object, read: (key: string, value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(documents).map(([key, value]) => [key, read(key, value)]));
}

/** XML stands here; anything else names a file with it. */
function resolveMetadata(saml: { readonly metadata: string }, at: Place, mistakes: Mistake[]): object {
  const { metadata } = saml;
  return { ...saml, metadata: metadata.trimStart().startsWith('<') ? metadata : contentOf(metadata, at, mistakes, (text) => text) };
}

function readBeside(name: string, at: Place, mistakes: Mistake[]): unknown {
  const document = contentOf(name, at, mistakes, (text) => parse(text) as unknown ?? null);
  if (document === undefined || (typeof document === 'object' && document !== null && !Array.isArray(document))) return document;
  mistakes.push({ at, what: `${join(at.source.folder, name)} holds no policy document` });
  return undefined;
}

/** What is made of what a file beside this one holds. */
function contentOf<T>(name: string, at: Place, mistakes: Mistake[], make: (text: string) => T): T | undefined {
  const file = join(at.source.folder, name);
  const wrong = (what: string): undefined => void mistakes.push({ at, what });
  if (isAbsolute(name) || relative(at.source.folder, file).startsWith('..')) return wrong(`${name} is not below the folder of this file`);
  try {
    return make(readFileSync(file, 'utf8'));
  } catch (error) {
    return wrong(`${file} cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : 'no reason given'}`);
  }
}

import { createRequire } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProviderAdapter } from '@wami/provider-port';
import { adapterIn } from './adapter-in';
import { reasonOf, unusable } from './unusable';

/**
 * The adapter of a package, found as a module in the folder `from` would find it. Whatever is wrong with it is one sentence that names the package and
 * what to do. @throws StartupError
 */
export async function loadAdapter(name: string, from: string): Promise<ProviderAdapter> {
  return adapterIn(name, await load(name, entryOf(name, from)));
}

function entryOf(name: string, from: string): string {
  try {
    const entry = createRequire(join(from, 'the-operator.js')).resolve(name);
    if (isAbsolute(entry)) return entry;
  } catch (error) {
    const { code, path } = error as { code?: string; path?: string };
    if (code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw unusable(name, 'has no entry: its package.json must name one in `main`, or in `exports` under `default`');
    if (code !== 'MODULE_NOT_FOUND' || path !== undefined) throw unusable(name, `has no entry that is there (${reasonOf(error)}): build it, or correct its package.json`);
  }
  const remedy = /^[./]/.test(name) ? 'Put it there' : `Install it there (npm install ${name})`;
  throw unusable(name, `is not there, as seen from ${from}. ${remedy}, or name another one`);
}

async function load(name: string, entry: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(entry).href) as unknown;
  } catch (error) {
    throw unusable(name, `cannot be loaded: ${reasonOf(error)}. Install it with what it depends on, built for Node ${process.versions.node}`);
  }
}

import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { join, sep } from 'node:path';
import type { startSyncEngine } from '../../start-sync-engine';
import type { BrokenEngine } from './broken-engines';

const load = Module.createRequire(__filename);

type Extensions = Record<string, (module: NodeModule & { _compile(code: string, file: string): void }, file: string) => void>;

const SOURCES = join(__dirname, '../..') + sep;
const HARNESS = ['spec-support', 'simulation'].map((folder) => `${SOURCES}${folder}${sep}`);
/** The compiler that the tools share. */
const HOOK = '../../../../../tools/swc-hook.cjs';

/**
 * The engine's sources loaded anew, with one place of them changed. The shipped code has no switch for it.
 * @throws Error where that place is not there any more, or more than once
 */
export function loadBroken({ file, find, put, what }: BrokenEngine): typeof startSyncEngine {
  const { compile } = load(HOOK) as { compile(source: string, file: string): string };
  const extensions = (Module as unknown as { _extensions: Extensions })._extensions;
  const usual = extensions['.ts'];
  const target = join(SOURCES, file);
  if (readFileSync(target, 'utf8').split(find).length !== 2) throw new Error(`"${what}": what it changes is not there once in ${file}: the sources went on, so must it`);
  const own = Object.keys(load.cache).filter((path) => path.startsWith(SOURCES) && !HARNESS.some((folder) => path.startsWith(folder)));
  const kept = own.map((path) => [path, load.cache[path]] as const);
  for (const path of own) delete load.cache[path];
  extensions['.ts'] = (module, path) => {
    const source = readFileSync(path, 'utf8');
    module._compile(compile(path === target ? source.replace(find, () => put) : source, path), path);
  };
  try {
    return (load('../../start-sync-engine') as { startSyncEngine: typeof startSyncEngine }).startSyncEngine;
  } finally {
    if (usual) extensions['.ts'] = usual;
    for (const [path, module] of kept) if (module) load.cache[path] = module;
  }
}

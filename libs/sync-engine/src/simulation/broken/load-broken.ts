import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { join, sep } from 'node:path';
import type { startSyncEngine } from '../../start-sync-engine';
import type * as PureCore from '../core/pure-core';
import type { BrokenEngine } from './broken-engines';

const load = Module.createRequire(__filename);

type Extensions = Record<string, (module: NodeModule & { _compile(code: string, file: string): void }, file: string) => void>;

const SOURCES = join(__dirname, '../..') + sep;
const CORE = join(SOURCES, 'simulation/core/pure-core.ts');
const HARNESS = ['spec-support', 'simulation'].map((folder) => `${SOURCES}${folder}${sep}`);
/** The compiler that the tools share. */
const HOOK = '../../../../../tools/swc-hook.cjs';

/** A broken engine, whole and its core alone. */
export interface Broken {
  readonly start: () => typeof startSyncEngine;
  readonly core: () => typeof PureCore;
}

/**
 * The engine's sources loaded anew, with one place of them changed. The shipped code has no switch for it.
 * @throws Error where that place is not there any more, or more than once
 */
export function loadBroken(engine: BrokenEngine): Broken {
  let start: typeof startSyncEngine | undefined;
  let core: typeof PureCore | undefined;
  return {
    start: () => start ??= (anew(engine, '../../start-sync-engine') as { startSyncEngine: typeof startSyncEngine }).startSyncEngine,
    core: () => core ??= anew(engine, '../core/pure-core') as typeof PureCore,
  };
}

function anew({ file, find, put, what }: BrokenEngine, entry: string): unknown {
  const { compile } = load(HOOK) as { compile(source: string, file: string): string };
  const extensions = (Module as unknown as { _extensions: Extensions })._extensions;
  const usual = extensions['.ts'];
  const target = join(SOURCES, file);
  if (readFileSync(target, 'utf8').split(find).length !== 2) throw new Error(`"${what}": what it changes is not there once in ${file}: the sources went on, so must it`);
  const own = Object.keys(load.cache).filter((path) => path.startsWith(SOURCES) && (path === CORE || !HARNESS.some((folder) => path.startsWith(folder))));
  const kept = own.map((path) => [path, load.cache[path]] as const);
  for (const path of own) delete load.cache[path];
  extensions['.ts'] = (module, path) => {
    const source = readFileSync(path, 'utf8');
    module._compile(compile(path === target ? source.replace(find, () => put) : source, path), path);
  };
  try {
    return load(entry);
  } finally {
    if (usual) extensions['.ts'] = usual;
    for (const [path, module] of kept) if (module) load.cache[path] = module;
  }
}

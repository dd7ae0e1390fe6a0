import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Not the current folder: Nx lints a project from within it. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = new Map();

function read(folder) {
  if (folder === root || folder === dirname(folder)) return undefined;
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return projectIn(dirname(folder));
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const tags = manifest.nx?.tags ?? [];
  const tagged = (kind) => tags.filter((tag) => tag.startsWith(`${kind}:`)).map((tag) => tag.slice(kind.length + 1));
  return { name: manifest.name, root: folder, layers: tagged('layer'), clouds: tagged('cloud') };
}

function projectIn(folder) {
  if (!cache.has(folder)) cache.set(folder, read(folder));
  return cache.get(folder);
}

/** The project (name, root, layers, clouds) that the file belongs to; undefined for files of the workspace root. */
export function projectOf(filename) {
  if (!filename.startsWith(root + sep)) return undefined;
  return projectIn(dirname(filename));
}

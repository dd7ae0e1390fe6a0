// Runs TypeScript sources with decorator metadata, which esbuild-based runners do not emit. What was made of a file is kept, since tests start many processes.
const { transformSync, version } = require('@swc/core');
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { homedir } = require('node:os');
const { join } = require('node:path');

const opts = JSON.parse(readFileSync(join(__dirname, '..', '.swcrc'), 'utf8'));
delete opts.$schema;
opts.swcrc = false;
opts.sourceMaps = 'inline';
process.setSourceMapsEnabled?.(true);

const cache = join(process.env.WAMI_TEST_CACHE ?? join(homedir(), '.cache', 'wami'), 'swc');
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const settings = JSON.stringify([version, opts]);

/** Undefined where it is not there. */
function kept(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Appears whole or not at all. Where nothing can be kept, nothing is. */
function keep(path, code) {
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(`${path}.${process.pid}`, code);
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    return;
  }
}

const compile = (source, filename) => transformSync(source, { ...opts, filename }).code;

/** One per source file, whose last line says what it was made of. */
function codeOf(filename) {
  const source = readFileSync(filename, 'utf8');
  const [path, seal] = [join(cache, sha256(filename)), `\n// ${sha256(settings + source)}`];
  const before = kept(path);
  if (before?.endsWith(seal)) return before;
  const code = compile(source, filename) + seal;
  keep(path, code);
  return code;
}

require('node:module')._extensions['.ts'] = (m, filename) => m._compile(codeOf(filename), filename);

// The simulation of the sync engine compiles sources that it changed.
module.exports = { compile };

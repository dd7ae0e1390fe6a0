// Runs TypeScript sources with decorator metadata, which esbuild-based runners do not emit.
const { transformSync } = require('@swc/core'); const { readFileSync } = require('node:fs'); const { join } = require('node:path');
const opts = JSON.parse(readFileSync(join(__dirname, '..', '.swcrc'), 'utf8')); delete opts.$schema; opts.swcrc = false; opts.sourceMaps = 'inline'; process.setSourceMapsEnabled?.(true);
const compile = (source, filename) => transformSync(source, { ...opts, filename }).code;
require('node:module')._extensions['.ts'] = (m, f) => m._compile(compile(readFileSync(f, 'utf8'), f), f);
module.exports = { compile };

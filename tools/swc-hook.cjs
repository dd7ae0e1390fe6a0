// Runs TypeScript sources with decorator metadata, which esbuild-based runners do not emit.
const { transformSync } = require('@swc/core'); const { readFileSync } = require('node:fs'); const { join } = require('node:path');
const opts = JSON.parse(readFileSync(join(__dirname, '..', '.swcrc'), 'utf8')); delete opts.$schema; opts.swcrc = false; opts.sourceMaps = 'inline'; process.setSourceMapsEnabled?.(true);
require('node:module')._extensions['.ts'] = (m, f) => m._compile(transformSync(readFileSync(f, 'utf8'), { ...opts, filename: f }).code, f);

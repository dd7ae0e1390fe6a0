import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeDirectory, temporaryDirectory } from '@wami/testing';

const ADAPTER = `{ provider: 'okta', capabilities: [{ kind: 'user', supported: true, rename: true, tags: true, facets: [] }], connect: () => undefined }`;
const packageOf = (adapter: string, portVersion: number | string = 1): string => `exports.wamiAdapter = { portVersion: ${portVersion}, create: () => (${adapter}) };`;

/** By name: the files of a package, and what comes of loading it; what is a text is refused so. */
const CASES: Readonly<Record<string, { readonly files: Readonly<Record<string, string>>; readonly comes: string | { readonly provider: string } }>> = {
  'common-js': { files: { 'index.js': packageOf(ADAPTER) }, comes: { provider: 'okta' } },
  'es-module': {
    files: { 'package.json': '{ "type": "module", "exports": { "default": "./adapter.js" } }', 'adapter.js': `await Promise.resolve();\nexport const wamiAdapter = { portVersion: 1, create: () => (${ADAPTER}) };` },
    comes: { provider: 'okta' },
  },
  'assigned-later': { files: { 'index.js': `const all = {}; all['wami' + 'Adapter'] = { portVersion: 1, create: () => (${ADAPTER}) }; module.exports = all;` }, comes: { provider: 'okta' } },
  'no-entry': { files: { 'package.json': '{ "exports": { "./other": "./other.js" } }' }, comes: 'has no entry: its package.json must name one in `main`, or in `exports` under `default`.' },
  'not-built': { files: { 'package.json': '{ "main": "./dist/index.js" }' }, comes: 'build it, or correct its package.json.' },
  'no-dependency': { files: { 'index.js': `require('@acme/nowhere');` }, comes: `cannot be loaded: Cannot find module '@acme/nowhere'. Install it with what it depends on, built for Node ${process.versions.node}.` },
  'throws': { files: { 'index.js': `throw new Error('a licence is missing');` }, comes: 'cannot be loaded: a licence is missing.' },
  'no-export': { files: { 'index.js': 'exports.adapter = {};' }, comes: 'exports no `wamiAdapter`, which is what makes a package an adapter: name another one, or export it (docs/writing-an-adapter.md).' },
  'no-version': { files: { 'index.js': `exports.wamiAdapter = { create: () => undefined };` }, comes: 'portVersion: ' },
  'newer-port': { files: { 'index.js': packageOf('undefined', 2) }, comes: 'is written for version 2 of the adapter port and this WAMI speaks version 1: install an older release of the package, or a newer WAMI.' },
  'older-port': { files: { 'index.js': packageOf('undefined', 0) }, comes: 'is written for version 0 of the adapter port and this WAMI speaks version 1: install a newer release of the package.' },
  'create-throws': { files: { 'index.js': packageOf(`(() => { throw new Error('no settings'); })()`) }, comes: 'could not make its adapter: no settings. Put that right, or name another package.' },
  'no-adapter': { files: { 'index.js': packageOf('{}') }, comes: 'makes an adapter that is not what it must be (' },
  'taken-name': { files: { 'index.js': packageOf(ADAPTER.replace('okta', 'aws')) }, comes: 'provider: must be a name of its own, not one of aws, gcp, azure, scim' },
  'silent-lack': { files: { 'index.js': packageOf(ADAPTER.replace('supported: true', 'supported: false')) }, comes: 'capabilities.0.reason: ' },
};

describe('a package that is named as the adapter', () => {
  const folder = temporaryDirectory('load-adapter');
  let outcomes: Readonly<Record<string, { readonly loaded?: { readonly provider: string }; readonly refused?: string; readonly kind?: string }>>;

  beforeAll(() => {
    for (const [name, { files }] of Object.entries(CASES)) {
      const place = join(folder, 'node_modules', '@acme', name);
      mkdirSync(place, { recursive: true });
      for (const [file, text] of Object.entries(files)) writeFileSync(join(place, file), text);
    }
    // As it was built and in a process without jest, whose modules are not Node's.
    const program = `
      const { loadAdapter } = require(${JSON.stringify(join(__dirname, '../dist/index.js'))});
      const outcome = (name) => loadAdapter(name, ${JSON.stringify(folder)}).then(({ provider }) => ({ loaded: { provider } }), (error) => ({ refused: error.message, kind: error.constructor.name }));
      const names = ${JSON.stringify([...Object.keys(CASES).map((name) => `@acme/${name}`), '@acme/absent', './absent', './node_modules/@acme/common-js', 'fs'])};
      Promise.all(names.map(async (name) => [name, await outcome(name)])).then((all) => console.log(JSON.stringify(Object.fromEntries(all))));`;
    outcomes = JSON.parse(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8', timeout: 60_000 })) as typeof outcomes;
  });
  afterAll(() => removeDirectory(folder));

  it.each(Object.keys(CASES))('%s: is loaded, or refused by its name with what to do', (name) => {
    const comes = CASES[name]?.comes;
    const found = outcomes[`@acme/${name}`];
    if (typeof comes !== 'string') return expect(found).toEqual({ loaded: comes });
    expect(found).toEqual({ kind: 'StartupError', refused: expect.stringContaining(comes) as string });
    expect(found?.refused).toMatch(new RegExp(`^WAMI_ADAPTER: @acme/${name} [^\\n]*\\.$`));
  });

  it('may be named by its folder, and is refused where it is not there', () => {
    expect(outcomes['./node_modules/@acme/common-js']).toEqual({ loaded: { provider: 'okta' } });
    expect(outcomes['@acme/absent']?.refused).toBe(`WAMI_ADAPTER: @acme/absent is not there, as seen from ${folder}. Install it there (npm install @acme/absent), or name another one.`);
    expect(outcomes['./absent']?.refused).toBe(`WAMI_ADAPTER: ./absent is not there, as seen from ${folder}. Put it there, or name another one.`);
    expect(outcomes['fs']?.refused).toContain('fs is not there');
  });
});

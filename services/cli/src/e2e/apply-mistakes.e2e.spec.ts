import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import type { Ran } from '../testing/run-wami';
import { WamiHost } from '../testing/wami-host';

jest.setTimeout(60_000);

const SCHEMA = join(__dirname, '..', '..', '..', '..', 'docs', 'organisation.schema.json');

describe('what is wrong with a declaration is said with its line, before anything is written', () => {
  const folder = temporaryDirectory('cli-apply-mistakes');
  const host = new WamiHost();
  let server: WamiProcess;

  beforeAll(async () => {
    server = await startWamiProcess({ dataDir: join(folder, '.wami') });
    mkdirSync(join(folder, 'empty'));
    writeFileSync(join(folder, 'bad.json'), '{');
    writeFileSync(join(folder, 'nonsense.json'), '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"nonsense","Resource":"*"}]}');
  });
  afterAll(async () => {
    await host.close();
    await server?.stop();
    removeDirectory(folder);
  });

  const diff = (text: string): Promise<Ran> => {
    writeFileSync(join(folder, 'x.yaml'), text);
    return host.run(['diff', '-f', 'x.yaml'], { cwd: folder });
  };
  const within = (...lines: string[]): string => ['declaration: x', 'tenants:', '  acme:', ...lines.map((line) => `    ${line}`), ''].join('\n');

  it.each<[string, string, number, RegExp]>([
    ['broken YAML', 'declaration: x\n tenants: {', 64, /x\.yaml:1: Nested mappings/],
    ['nothing', '', 64, /x\.yaml is empty/],
    ['no name', 'tenants: {}', 64, /x\.yaml:1: \/declaration: is missing/],
    ['another version', 'version: 2\ndeclaration: x\ntenants: {}', 64, /x\.yaml:1: \/version: /],
    ['a field that is none', within('users:', '  ann:', '    emial: x'), 64, /x\.yaml:6: \/tenants\/acme\/users\/ann\/emial: there is no such field/],
    ['a value of another kind', within('users:', '  ann: { email: nomail }'), 64, /x\.yaml:5: \/tenants\/acme\/users\/ann\/email: /],
    ['a number that is a name', within('syncConfig: { providers: [{ provider: aws, account: 000000000001 }] }'), 64, /x\.yaml:4: .*\/account: this is a number; write it in quotes/],
    ['a tenant path', 'declaration: x\ntenants:\n  Acme Ltd: {}', 64, /x\.yaml:3: \/tenants\/Acme Ltd: a tenant id is a slash path/],
    ['the mark of apply', within('users: { ann: { tags: { declared-by: y } } }'), 64, /declared-by is written by apply itself/],
    ['a role without trust', within('roles:', '  writer: {}'), 64, /x\.yaml:5: \/tenants\/acme\/roles\/writer\/trustPolicy: is missing/],
    ['a name twice', within('users: { ann: , Ann: }'), 64, /x\.yaml:4: .*user\/ann \(acme\) is declared twice, first in x\.yaml:4/],
    ['a parent that is not there', 'declaration: x\ntenants: { acme/eng: {} }', 64, /its parent acme is neither declared nor there/],
    ['a policy that is not there', within('users:', '  ann:', '    policies:', '      - nope'), 64, /x\.yaml:7: \/tenants\/acme\/users\/ann\/policies\/0: there is no policy nope in acme or above it/],
    ['a member that is not there', within('groups: { crew: { members: [{ name: ann, tenant: acme/eng }] } }'), 64, /there is no user ann in acme\/eng/],
    ['a document that is not there', within('policies: { p: { document: missing.json } }'), 64, /missing\.json cannot be read/],
    ['a document that is broken', within('policies: { p: { document: bad.json } }'), 64, /bad\.json cannot be read/],
    ['a document of elsewhere', within('policies: { p: { document: ../../etc/passwd } }'), 64, /is not below the folder of this file/],
    ['what only the server knows', within('policies:', '  p:', '    document: nonsense.json'), 1, /x\.yaml:6: \/tenants\/acme\/policies\/p\/document\/Statement\/0\/Action: /],
  ])('%s', async (_, text, code, said) => {
    const ran = await diff(text);
    expect({ ...ran, err: '' }).toEqual({ code, out: '', err: '' });
    expect(ran.err).toMatch(said);
    expect(ran.err).not.toMatch(/\n {4}at /);
  });

  it('is nothing where who asks may not make it: then the role that it takes is said', async () => {
    const { secret } = (await server.call<{ secret: string }>('POST', '/v1/api-keys', { tenant: 'default', role: 'viewer', name: 'looks' })).body;
    writeFileSync(join(folder, 'x.yaml'), 'declaration: x\ntenants: { default: { users: { ann: } } }\n');
    const env = { WAMI_ADDRESS: server.url, WAMI_TOKEN: secret };
    for (const verb of ['diff', 'apply']) {
      const ran = await host.run([verb, '-f', 'x.yaml'], { cwd: folder, env });
      expect(ran).toMatchObject({ code: 4, out: '', err: expect.stringMatching(/^✗ You may not change user\/ann \(default\), which this declaration does: this takes the role editor or admin; yours is viewer\.\n/) as string });
      expect(ran.err).not.toContain('not valid');
    }
    writeFileSync(join(folder, 'x.yaml'), 'declaration: x\ntenants: { default: { } }\n');
    expect(await host.run(['diff', '-f', 'x.yaml'], { cwd: folder, env })).toMatchObject({ code: 0, err: 'x: nothing to do.\n' });
  });

  it('says all mistakes at once', async () => {
    expect((await diff(within('users:', '  ann: { emial: x }', '  bob: { email: nomail }', '  " c": {}'))).err.match(/x\.yaml:\d+/g)).toHaveLength(3);
  });

  it('a file that is not there, a folder without one, two declarations, no file', async () => {
    const run = (...args: string[]): Promise<Ran> => host.run(['diff', ...args], { cwd: folder });
    expect(await run('-f', 'missing.yaml')).toMatchObject({ code: 64, err: expect.stringContaining('missing.yaml cannot be read') as string });
    expect(await run('-f', 'empty')).toMatchObject({ code: 64, err: expect.stringContaining('holds no .yaml or .yml file') as string });
    expect(await run()).toMatchObject({ code: 64, err: expect.stringContaining('Name one with -f') as string });
    writeFileSync(join(folder, 'y.yaml'), 'declaration: y\ntenants: {}\n---\ndeclaration: z\ntenants: {}\n');
    expect(await run('-f', 'y.yaml')).toMatchObject({ code: 64, err: expect.stringMatching(/y\.yaml:4: \/declaration: one apply is of one declaration, and y\.yaml is of y/) as string });
  });

  it('wami schema is the one in docs', async () => {
    expect((await host.run(['schema'])).out).toBe(readFileSync(SCHEMA, 'utf8'));
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import { runWami, type Ran, type RunOptions } from '../testing/run-wami';

jest.setTimeout(60_000);

describe('how the command finds WAMI, and what it says of mistakes', () => {
  const folder = temporaryDirectory('cli-settings');
  const dataDir = join(folder, '.wami');
  let server: WamiProcess;
  let token: string;

  beforeAll(async () => {
    server = await startWamiProcess({ dataDir });
    token = server.authorization.slice('Bearer '.length);
  });
  afterAll(async () => {
    await server?.stop();
    removeDirectory(folder);
  });

  const wami = (args: string[], options?: RunOptions): Promise<Ran> => runWami(args, options);
  const here = (...args: string[]): Promise<Ran> => runWami(args, { env: { WAMI_DATA_DIR: dataDir } });
  const address = (): string => server.url;

  it('finds a running npm start by its data directory, and from any folder below', async () => {
    const below = join(folder, 'a', 'b');
    mkdirSync(below, { recursive: true });
    for (const options of [{ env: { WAMI_DATA_DIR: dataDir } }, { cwd: folder }, { cwd: below }]) expect(await wami(['whoami'], options)).toMatchObject({ code: 0 });
  });

  it('takes the flag before the environment before the profile, and the token from a file that the profile names', async () => {
    writeFileSync(join(folder, 'token'), `${token}\n`, { mode: 0o600 });
    mkdirSync(join(folder, 'wami'));
    writeFileSync(join(folder, 'wami', 'config.yaml'), `current: good\nprofiles:\n  good: { address: '${address()}', tokenFile: '${join(folder, 'token')}', tenant: default }\n  bad: { address: 'http://127.0.0.1:1' }\n`);
    const env = { XDG_CONFIG_HOME: folder };
    expect((await wami(['whoami'], { env })).out).toContain('profile good');
    expect((await wami(['whoami'], { env: { ...env, WAMI_ADDRESS: address() } })).out).toContain('WAMI_ADDRESS');
    expect((await wami(['whoami', '--address', `${address()}/`], { env: { ...env, WAMI_ADDRESS: 'http://127.0.0.1:1' } })).out).toContain('--address');
    expect(await wami(['whoami', '--profile', 'bad'], { env })).toMatchObject({ code: 4, err: expect.stringContaining('No token for http://127.0.0.1:1') as string });
    expect(await wami(['whoami', '--profile', 'nope'], { env })).toMatchObject({ code: 64, err: expect.stringMatching(/no profile nope[^]*good, bad/) as string });
  });

  it('says where to start where nothing runs', async () => {
    const { code, out, err } = await wami(['user', 'list'], { cwd: '/' });
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toMatch(/^✗ No WAMI found\.\n.*npm start.*WAMI_ADDRESS and WAMI_TOKEN\.\n$/);
  });

  it('names the address that does not answer, and one that is none', async () => {
    const away = await wami(['whoami'], { env: { WAMI_ADDRESS: 'http://127.0.0.1:9', WAMI_TOKEN: token } });
    expect(away).toMatchObject({ code: 1, err: expect.stringMatching(/^✗ WAMI at http:\/\/127\.0\.0\.1:9 does not answer \(.+\)\.\n {2}Is it running\?/) as string });
    expect(await wami(['whoami'], { env: { WAMI_ADDRESS: 'localhost:8080', WAMI_TOKEN: token } })).toMatchObject({ code: 64, err: expect.stringContaining('localhost:8080 is no address') as string });
  });

  it('says that a token is wrong, and never prints one', async () => {
    const { code, err } = await wami(['whoami'], { env: { WAMI_ADDRESS: address(), WAMI_TOKEN: 'wrong-token-of-somebody-else' } });
    expect(code).toBe(4);
    expect(err).toMatch(/^✗ Unauthenticated: the token is not valid\n {2}Request req_\w+\n/);
    expect(err).not.toContain('wrong-token');
  });

  it.each<[string, string[], number, RegExp]>([
    ['a field that the server refuses', ['user', 'create', 'joe', '--email', 'nomail'], 1, /^✗ ValidationFailed: .*\n {2}\/email: .*\n {2}Request req_/],
    ['a tenant path', ['tenant', 'create', 'Bad Path'], 1, /\/id: a tenant id is a slash path/],
    ['a tenant that is not there', ['-t', 'nope', 'user', 'create', 'joe'], 5, /NotFound: there is no such tenant/],
    ['a name that is taken', ['tenant', 'create', 'default'], 6, /NameTaken[^]*\/id: the name is taken/],
    ['an id that is not there', ['user', 'get', 'usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y'], 5, /NotFound: there is no such user/],
    ['a verb', ['user', 'crate', 'joe'], 64, /unknown command 'crate'\n\(Did you mean create\?\)/],
    ['an argument left out', ['group', 'add', 'staff'], 64, /missing required argument 'user'/],
    ['an option', ['user', 'list', '--lmit', '3'], 64, /unknown option '--lmit'\n\(Did you mean --limit\?\)/],
    ['an output', ['user', 'list', '-o', 'xml'], 64, /Allowed choices are table, json/],
    ['a number', ['user', 'list', '--limit', 'many'], 64, /'--limit <n>' argument 'many' is invalid\. write a whole number/],
    ['a duration', ['user', 'create', 'joe', '--wait', '--timeout', 'soon'], 64, /write a duration like 30s/],
    ['a tag', ['user', 'create', 'joe', '--tag', 'team'], 64, /write a tag as key=value/],
    ['a target', ['tenant', 'sync-config', 'default', '--target', 'aws'], 64, /aws is no target[^]*provider\/account/],
    ['a kind', ['status', 'planet/x'], 64, /planet\/x: no such kind[^]*user\/NAME/],
    ['nothing to change', ['user', 'update', 'joe'], 64, /Nothing to change/],
    ['a place in the log', ['events', 'tail', '--after', 'there'], 1, /MalformedRequest: after must be a position/],
  ])('names what is wrong: %s', async (_, args, code, said) => {
    const ran = await here(...args);
    expect({ ...ran, err: '' }).toEqual({ code, out: '', err: '' });
    expect(ran.err).toMatch(said);
    expect(ran.err).not.toMatch(/\n {4}at /);
  });

  it('explains every command, examples first, with the exit codes', async () => {
    const { code, out } = await here('--help');
    expect(code).toBe(0);
    expect(out).toMatch(/^Examples:\n[^]*Usage: wami[^]*Exit codes: 0 done/);
    const commands = ['tenant', 'user', 'group', 'events', 'status', 'whoami', 'user create', 'group add', 'tenant sync-config', 'events tail'];
    for (const command of commands) expect(await here(...command.split(' '), '--help')).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Usage: wami') as string });
    expect(await here('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
  });
});

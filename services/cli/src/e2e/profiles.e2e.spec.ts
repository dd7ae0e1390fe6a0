import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import { runWami, type Ran } from '../testing/run-wami';

jest.setTimeout(60_000);

const BIN = join(__dirname, '..', '..', 'bin', 'wami.cjs');

describe('profiles and completion', () => {
  const folder = temporaryDirectory('cli-profiles');
  const env = { XDG_CONFIG_HOME: folder };
  let server: WamiProcess;
  let token: string;

  beforeAll(async () => {
    server = await startWamiProcess({ dataDir: join(folder, 'data') });
    token = server.authorization.slice('Bearer '.length);
    for (const userName of ['ann', 'anna', 'bob']) await server.call('POST', '/v1/users', { tenant: 'default', userName });
  });
  afterAll(async () => {
    await server?.stop();
    removeDirectory(folder);
  });

  const wami = (args: string[], input?: string): Promise<Ran> => runWami(args, { env, cwd: '/', ...(input === undefined ? {} : { input }) });
  const mode = (path: string): number => statSync(join(folder, 'wami', path)).mode & 0o777;

  it('set keeps address, tenant and a token that only the owner can read; nothing prints it', async () => {
    const set = await wami(['profile', 'set', 'local', '--address', server.url, '-t', 'default', '--token-stdin'], `${token}\n`);
    expect(set).toEqual({ code: 0, out: '', err: 'profile/local is kept. `wami --profile local whoami` tries it.\n' });
    expect([mode('config.yaml'), mode(join('tokens', 'local'))]).toEqual([0o600, 0o600]);
    expect(readFileSync(join(folder, 'wami', 'config.yaml'), 'utf8')).not.toContain(token);
    expect(await wami(['whoami'])).toMatchObject({ code: 0, out: expect.stringContaining('profile local') as string });
    const list = await wami(['profile', 'list']);
    expect(list.out).toMatch(/^PROFILE +ADDRESS +TENANT +TOKEN FROM\nlocal \(current\) +http/);
    expect(list.out + list.err).not.toContain(token);
  });

  it('use, change and remove; comments and what else is in the file stay', async () => {
    const file = join(folder, 'wami', 'config.yaml');
    writeFileSync(file, `# mine\n${readFileSync(file, 'utf8')}`);
    await wami(['profile', 'set', 'other', '--address', 'http://127.0.0.1:1', '--token-file', join(folder, 'nowhere')]);
    await wami(['profile', 'set', 'other', '-t', 'acme']);
    expect(JSON.parse((await wami(['profile', 'list', '-o', 'json'])).out)).toEqual([
      expect.objectContaining({ name: 'local', current: true }), { name: 'other', current: false, address: 'http://127.0.0.1:1', tenant: 'acme', tokenFile: join(folder, 'nowhere') },
    ]);
    expect(await wami(['profile', 'use', 'other'])).toMatchObject({ code: 0 });
    expect(await wami(['whoami'])).toMatchObject({ code: 4, err: expect.stringContaining('nowhere does not exist') as string });
    expect(await wami(['--profile', 'local', 'whoami'])).toMatchObject({ code: 0 });
    expect(await wami(['profile', 'remove', 'other'])).toMatchObject({ code: 0 });
    expect(await wami(['profile', 'use', 'other'])).toMatchObject({ code: 5, err: expect.stringMatching(/no profile other[^]*Known: local/) as string });
    expect(readFileSync(file, 'utf8')).toMatch(/^# mine\n/);
    await wami(['profile', 'use', 'local']);
  });

  it.each([
    [['profile', 'set', '../x'], '', /no name of a profile/], [['profile', 'set', 'x', '--address', 'localhost'], '', /no address of a WAMI/],
    [['profile', 'set', 'x', '--token-stdin'], 'two words', /one word is expected/],
  ])('%j is refused', async (args, input, said) => {
    const ran = await wami(args, input);
    expect(ran.code).toBe(64);
    expect(ran.err).toMatch(said);
    expect(ran.err).not.toContain('two words');
  });

  it('completes names that are there, kinds, tenants and profiles; says nothing where WAMI is away', async () => {
    const completed = async (...words: string[]): Promise<string> => (await wami(['__complete', '--', ...words])).out;
    expect(await completed('user', 'get', 'an')).toBe('ann\nanna\n');
    expect(await completed('policy', 'attach', 'x', 'use')).toBe('user/\n');
    expect(await completed('policy', 'attach', 'x', 'user/b')).toBe('user/bob\n');
    expect(await completed('tenant', 'get', 'd')).toBe('default\n');
    expect(await completed('--profile', '')).toBe('local\n');
    expect(await runWami(['__complete', '--', 'user', 'get', ''], { env: { ...env, WAMI_ADDRESS: 'http://127.0.0.1:9' } })).toEqual({ code: 0, out: '', err: '' });
  });

  it('works in bash', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'wami'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
    chmodSync(join(bin, 'wami'), 0o755);
    writeFileSync(join(folder, 'wami.bash'), (await wami(['completion', 'bash'])).out);
    const script = 'source "$1"; COMP_WORDS=(wami user get an); COMP_CWORD=3; _wami; printf "%s," "${COMPREPLY[@]}"; complete -p wami';
    const out = execFileSync('bash', ['-c', script, 'bash', join(folder, 'wami.bash')], { encoding: 'utf8', timeout: 30_000, env: { ...process.env, ...env, PATH: `${bin}:${process.env['PATH']}` } });
    expect(out).toBe('ann,anna,complete -o default -F _wami wami\n');
    for (const shell of ['zsh', 'fish']) expect((await wami(['completion', shell])).out).toContain('wami __complete -- ');
    expect(await wami(['completion', 'tcsh'])).toMatchObject({ code: 64, err: expect.stringContaining('bash, zsh, fish') as string });
  });
});

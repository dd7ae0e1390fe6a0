import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { copyCluster } from './cluster-template';
import { isAlive } from './processes';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './start';

const SWC_HOOK = join(__dirname, '../../../tools/swc-hook.cjs');
const PATIENCE_MS = 20_000;

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !holds(); await sleep(20)) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${PATIENCE_MS} ms`);
  }
}

/** A Node process that starts a server on the directory, prints its process id, and stays. */
async function startInOtherProcess(dataDir: string): Promise<{ parent: ChildProcess; server: number }> {
  const script =
    `require('@wami/embedded-postgres').startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} })` +
    `.then((server) => console.log(server.pid)); setInterval(() => {}, 1000)`;
  const parent = spawn(process.execPath, ['-C', '@wami/source', '-r', SWC_HOOK, '-e', script], {
    cwd: __dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const server = await new Promise<number>((resolve, reject) => {
    parent.stdout.once('data', (line) => resolve(Number(String(line))));
    parent.once('exit', (code) => reject(new Error(`the parent ended with ${code}`)));
  });
  return { parent, server };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wami-embedded-'));
  chmodSync(folder, 0o755);
  return folder;
}

describe('startEmbeddedPostgres', () => {
  let once: string;
  let folder: string;
  let dataDir: string;
  const running: { stop(): Promise<void> }[] = [];

  async function start(options: { database?: string } = {}): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ dataDir, ...options });
    running.push(server);
    return server;
  }

  /** What the first start makes takes a second; where that is not what is tried, it is there already. */
  const madeBefore = (): void => copyCluster(join(once, 'data'), dataDir);

  beforeAll(async () => {
    once = temporaryFolder();
    await (await startEmbeddedPostgres({ dataDir: join(once, 'data') })).stop();
  });
  beforeEach(() => {
    folder = temporaryFolder();
    dataDir = join(folder, 'data');
  });
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterAll(() => rmSync(once, { recursive: true, force: true }));

  it('keeps what was written over stop and start', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE note AS SELECT 1 AS id');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start();
    expect(await query(second.url, 'SELECT id FROM note')).toEqual([{ id: 1 }]);
  });

  it('creates the named database and listens on 127.0.0.1 with a password only', async () => {
    const server = await start({ database: 'other "one"' });
    expect(await query(server.url, 'SELECT current_database() AS name')).toEqual([{ name: 'other "one"' }]);
    expect(await query(server.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    await expect(query(server.url.replace(server.password, 'wrong'), 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(statSync(`${dataDir}.password`).mode & 0o777).toBe(0o600);
    expect(spawnSync('ps', ['-o', 'args=', '-p', String(server.pid)], { encoding: 'utf8' }).stdout).not.toContain(server.password);
  });

  it('is reached by a socket in its directory too, with the password, and a killed one leaves none behind', async () => {
    madeBefore();
    const sockets = (): string[] => readdirSync(dataDir).filter((name) => name.startsWith('.s.'));
    const first = await start();
    expect(first.localUrl).toContain(encodeURIComponent(dataDir));
    expect(await query(first.localUrl, 'SELECT inet_server_addr() AS address')).toEqual([{ address: null }]);
    await expect(query(first.localUrl.replace(first.password, 'wrong'), 'SELECT 1')).rejects.toThrow('password authentication failed');
    await first.stop('killed');
    expect(sockets()).not.toEqual([]);
    const second = await start();
    expect(sockets().filter((name) => !name.includes(String(second.port)))).toEqual([]);
  });

  it('is reached by 127.0.0.1 alone where the path is too long for a socket', async () => {
    dataDir = join(folder, 'd'.repeat(90));
    madeBefore();
    const server = await start();
    expect(server.localUrl).toBe(server.url);
    expect(await query(server.localUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses a second start on the same directory and leaves the first server alone', async () => {
    madeBefore();
    const first = await start();
    await expect(start()).rejects.toMatchObject({ code: 'directory-in-use', message: expect.stringContaining('this process') });
    expect(await query(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses a directory that another living process uses, whose death frees it and stops its server', async () => {
    madeBefore();
    const { parent, server } = await startInOtherProcess(dataDir);
    await expect(start()).rejects.toMatchObject({ message: expect.stringContaining(`process ${parent.pid}`) });
    expect(isAlive(server)).toBe(true);
    parent.kill('SIGKILL');
    await until('the end of the server', () => !isAlive(server));
    expect((await start()).pid).not.toBe(server);
  });

  it('starts at once after the death of the parent, although the old server may still be stopping', async () => {
    madeBefore();
    const { parent, server } = await startInOtherProcess(dataDir);
    const gone = new Promise((resolve) => parent.once('exit', resolve));
    parent.kill('SIGKILL');
    await gone;
    const next = await start();
    expect(isAlive(server)).toBe(false);
    expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('recovers from a killed server', async () => {
    madeBefore();
    const first = await start();
    await query(first.url, 'CREATE TABLE note AS SELECT 1 AS id');
    await first.stop('killed');
    expect(await query((await start()).url, 'SELECT id FROM note')).toEqual([{ id: 1 }]);
  });

  it('names both versions when the directory belongs to another PostgreSQL', async () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toMatchObject({
      code: 'version-mismatch',
      message: expect.stringMatching(/belongs to PostgreSQL 15, but the embedded server is PostgreSQL 18: .*WAMI_DATABASE_URL/),
    });
  });

  it('never touches a directory with other content', async () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'thesis.txt'), 'precious');
    await expect(start()).rejects.toMatchObject({ code: 'directory-unusable' });
    expect(readFileSync(join(dataDir, 'thesis.txt'), 'utf8')).toBe('precious');
  });

  it('says so when the data directory lies where it cannot be', async () => {
    writeFileSync(join(folder, 'file'), '');
    dataDir = join(folder, 'file', 'data');
    await expect(start()).rejects.toMatchObject({ code: 'directory-unusable', message: expect.stringContaining('cannot write in') });
  });

  it('says in one line why the server does not start, and frees the directory', async () => {
    const wrong = startEmbeddedPostgres({ dataDir, settings: { shared_buffers: 'much' } });
    await expect(wrong).rejects.toMatchObject({ code: 'start-failed', message: expect.stringMatching(/^.*shared_buffers.*$/) });
    await start();
  });

  it('names the directory that the account which root lends the server may not enter, and the remedy', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    dataDir = join(closed, 'data');
    const outcome = await start().then(() => 'started', (error: Error) => error.message);
    const isRoot = process.getuid?.() === 0;
    expect(outcome).toContain(isRoot ? `may not enter ${closed}: run "chmod o+x ${closed}"` : 'started');
  });
});

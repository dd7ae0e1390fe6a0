import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { migrate } from '@wami/event-store';
import { readConfig, silentLogger, StartupError } from '@wami/platform';
import { removeDirectory, startTestPostgres, temporaryDirectory, type TestPostgres } from '@wami/testing';
import { standaloneConfigSchema } from './config';
import { startStandalone, type Standalone } from './start-standalone';
import { Attempt } from './testing/attempt';

jest.setTimeout(120_000);

describe('what npm start says of mistakes', () => {
  const folder = temporaryDirectory('bad-input');
  const path = (name: string): string => join(folder, name);
  const file = (name: string, text: string): string => {
    writeFileSync(path(name), text);
    return path(name);
  };
  let postgres: TestPostgres;

  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(async () => {
    await postgres?.stop();
    removeDirectory(folder);
  });

  const settings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ WAMI_DATA_DIR: path('data'), WAMI_SANDBOXES: 'aws', WAMI_HTTP_PORT: '0', ...env });
  /** Of a process: one line on stderr, exit code 1, nothing on stdout; more lines where the log warns beside. */
  const refusalOf = async (service: string, env: NodeJS.ProcessEnv, lines = 1): Promise<string> => {
    const attempt = new Attempt(settings(env), service);
    const { code } = await attempt.end();
    expect({ code, out: attempt.out, lines: attempt.err.match(/\n/g)?.length }).toEqual({ code: 1, out: '', lines });
    return attempt.err;
  };
  const start = async (env: NodeJS.ProcessEnv): Promise<Standalone> => startStandalone(readConfig(standaloneConfigSchema, settings(env)), silentLogger);
  /** What the process would say, without one: it takes the error of the same start for its line. */
  const refusal = async (env: NodeJS.ProcessEnv): Promise<string> => {
    const error = await start(env).then(async (running) => { await running.close(); }, (refused: unknown) => refused);
    expect(error).toBeInstanceOf(StartupError);
    const { message } = error as StartupError;
    expect(message).not.toContain('\n');
    return `wami: ${message}\n`;
  };

  it('names every bad value in the environment at once, says what is allowed, and prints none of them', async () => {
    const env = {
      WAMI_HTTP_PORT: 'eighty', WAMI_INSTANCE: 'My Instance', WAMI_LOG_LEVEL: 'loud', WAMI_KAFKA_BROKERS: 'kafka', WAMI_DATABASE_URL: 'mysql://me:hidden@db', WAMI_ADMIN_TOKEN: 'tooshort', WAMI_SANDBOXES: 'aws,oracle',
    };
    const said = await refusalOf('standalone', env);
    expect(said).toMatch(/^wami: Bad configuration\. /);
    for (const key of Object.keys(env)) expect(said).toContain(`${key}: `);
    for (const allowed of ['must be a port number from 0 (any free one) to 65535', 'host:port', 'postgres://', 'at least 20 characters', 'must be of aws, gcp, azure']) expect(said).toContain(allowed);
    for (const value of ['eighty', 'My Instance', 'hidden', 'tooshort', 'oracle']) expect(said).not.toContain(value);
  });

  it('says what a service apart needs, and what it was given that no service reads', async () => {
    const said = await refusalOf('identity', { WAMI_PORT: 'eighty' }, 2);
    expect(said).toMatch(/WAMI_DATABASE_URL: is required: postgres:\/\/.*; WAMI_ADMIN_TOKEN: is required/);
    expect(said).toMatch(/"level":"warn".*WAMI_PORT \(did you mean WAMI_HTTP_PORT\?\)"/);
    expect(said).not.toContain('eighty');
    expect(await refusalOf('sync-aws', {})).toMatch(/WAMI_CONNECTIONS: /);
  });

  it.each<[string, () => string, RegExp]>([
    ['is not there', () => path('nothing.yaml'), /nothing\.yaml does not exist\. Set WAMI_CONNECTIONS/],
    ['holds a secret itself', () => file('secret.yaml', 'connections:\n  - { provider: aws, account: "123456789012", credentials: { type: static, accessKeyId: AKIAHIDDEN, secretAccessKey: hidden } }\n'), /aws\/123456789012: credentials\.\w+: write env:NAME or file:PATH, never the secret itself/],
  ])('a connections file that %s', async (_, connections, said) => {
    const text = await refusal({ WAMI_CONNECTIONS: connections(), WAMI_DATABASE_URL: postgres.url });
    expect(text).toMatch(said);
    expect(text).toMatch(/^wami: The connection/);
    expect(text).not.toMatch(/hidden/i);
  });

  it('a port that is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = other.address() as AddressInfo;
      const WAMI_DATABASE_URL = await postgres.createDatabase();
      expect(await refusalOf('standalone', { WAMI_DATABASE_URL, WAMI_HTTP_PORT: String(port) })).toBe(`wami: Port ${port} on 127.0.0.1 is in use. Stop what uses it, or set WAMI_HTTP_PORT (0 picks a free port).\n`);
      expect(await refusalOf('standalone', { WAMI_DATABASE_URL, WAMI_GRPC_PORT: String(port) })).toBe(`wami: Port ${port} on 127.0.0.1 is in use. Stop what uses it, or set WAMI_GRPC_PORT (0 picks a free port).\n`);
      expect(await refusal({ WAMI_DATABASE_URL, WAMI_HOST: '192.0.2.1' })).toBe('wami: This machine has no address 192.0.2.1. Set WAMI_HOST.\n');
    } finally {
      other.close();
    }
  });

  it('a data directory that cannot be one', async () => {
    file('plain', '');
    mkdirSync(join(folder, 'taken', 'admin.token'), { recursive: true });
    mkdirSync(path('short'));
    file('short/admin.token', 'x\n');
    expect(await refusal({ WAMI_DATA_DIR: path('plain') })).toMatch(/^wami: The data directory \S+\/plain cannot be used: EEXIST .* set WAMI_DATA_DIR to another folder\.\n$/);
    expect(await refusal({ WAMI_DATA_DIR: path('taken') })).toMatch(/^wami: The data directory \S+\/taken cannot be used: EISDIR/);
    expect(await refusal({ WAMI_DATA_DIR: path('short') })).toMatch(/^wami: \S+\/short\/admin\.token holds no usable token\. Delete the file/);
  });

  it.each([['identity', 'event-store'], ['sync_aws', 'sync-aws'], ['projection', 'projection']])('a database whose schema %s a newer release made', async (schema, tool) => {
    const WAMI_DATABASE_URL = await postgres.createDatabase();
    await migrate({ connectionString: WAMI_DATABASE_URL, schema, tool, migrations: [{ id: '999-of-the-future', up: 'SELECT 1' }] });
    const said = await refusal({ WAMI_DATABASE_URL });
    expect(said).toBe(`wami: schema ${schema} was migrated by a newer release (999-of-the-future): install that release or restore the backup taken before\n`);
  });

  it('a master key that is none, or not the one of the database', async () => {
    const said = await refusal({ WAMI_MASTER_KEY: 'hidden-but-too-short' });
    expect(said).toMatch(/WAMI_MASTER_KEY: must be 32 bytes in base64/);
    expect(said).not.toContain('hidden');
    const WAMI_DATABASE_URL = await postgres.createDatabase();
    await (await start({ WAMI_DATABASE_URL })).close();
    expect(await refusal({ WAMI_DATABASE_URL, WAMI_MASTER_KEY: Buffer.alloc(32, 'another').toString('base64') })).toMatch(/^wami: The master key is not the one that the keys in this database are wrapped with: .* WAMI_MASTER_KEY_PREVIOUS/);
  });

  it('a database that does not know us, or is not on that server', async () => {
    const [wrong, missing] = [new URL(postgres.url), new URL(postgres.url)];
    wrong.password = 'not-the-password';
    missing.pathname = '/elsewhere';
    const said = await refusal({ WAMI_DATABASE_URL: wrong.href });
    expect(said).toMatch(/^wami: PostgreSQL at 127\.0\.0\.1:\d+\/\w+ refuses us: password authentication failed .*Check WAMI_DATABASE_URL\.\n$/);
    expect(said).not.toContain('not-the-password');
    expect(await refusal({ WAMI_DATABASE_URL: missing.href })).toMatch(/refuses us: database "elsewhere" does not exist\. Check WAMI_DATABASE_URL/);
  });
});

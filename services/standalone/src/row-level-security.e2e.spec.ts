import { readConfig, silentLogger, type Caller } from '@wami/platform';
import { removeDirectory, runAccessMatrix, startTestPostgres, temporaryDirectory, type MatrixWorld, type TestPostgres } from '@wami/testing';
import { Client } from 'pg';
import { standaloneConfigSchema } from './config';
import { startStandalone, type Standalone } from './start-standalone';
import { MATRIX, MATRIX_ADMINISTRATOR, matrixWorldIn } from './testing/matrix-options';

/** The application's scope, taken away: whoever asks may see everything, and what names no tenant is about all of them. */
const mockApplication = { careless: false };
jest.mock('@wami/platform', () => {
  const actual = jest.requireActual<typeof import('@wami/platform')>('@wami/platform');
  return {
    ...actual,
    canSee: (caller: Caller, tenant: string) => mockApplication.careless || actual.canSee(caller, tenant),
    queriedTenant: (caller: Caller, asked: string | undefined) => (mockApplication.careless ? asked ?? '' : actual.queriedTenant(caller, asked)),
  };
});

/**
 * Something of another tenant was told or changed. Without the application's scope a request that is not the caller's is answered, with his own
 * rows or none, instead of refused; that is no leak. What sync verbs ask for carries the caller's tenant and reaches no further.
 */
const LEAK = /: tells |was changed|naming it in .*path.*: 2\d\d instead|^(?:PUT|PATCH|DELETE|POST (?!\/v1\/sync)).*: 2\d\d instead/;

jest.setTimeout(600_000);

describe('assurance test 9: the scope of the application and row-level security, each without the other', () => {
  const dataDir = temporaryDirectory('rls');
  let postgres: TestPostgres;
  let standalone: Standalone;
  let world: MatrixWorld;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    standalone = await startStandalone(readConfig(standaloneConfigSchema, {
      WAMI_DATA_DIR: dataDir, WAMI_SANDBOXES: 'aws', WAMI_HTTP_PORT: '0', WAMI_ADMIN_TOKEN: MATRIX_ADMINISTRATOR, WAMI_DATABASE_URL: postgres.url,
    }), silentLogger);
    world = await matrixWorldIn(standalone);
  });
  afterAll(async () => {
    await standalone?.close();
    await postgres?.stop();
    removeDirectory(dataDir);
  });

  async function leaks(): Promise<readonly string[]> {
    return (await runAccessMatrix({ ...MATRIX, world, origins: [standalone.url], callers: ['stranger'], brief: true })).leaks;
  }

  /** From all tables; of how many comes back. */
  async function removeRowSecurity(): Promise<number> {
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    try {
      const { rows } = await client.query<{ name: string }>(
        `SELECT DISTINCT format('%I.%I', schemaname, tablename) AS name FROM pg_policies WHERE schemaname IN ('identity', 'projection')`);
      for (const { name } of rows) await client.query(`ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`);
      return rows.length;
    } finally {
      await client.end();
    }
  }

  it('nothing leaks where either is missing, and everything where both are', async () => {
    mockApplication.careless = true;
    const database = (await leaks()).filter((line) => LEAK.test(line));
    expect(database).toEqual([]);
    const tables = await removeRowSecurity();
    mockApplication.careless = false;
    const application = await leaks();
    mockApplication.careless = true;
    const neither = (await leaks()).filter((line) => LEAK.test(line));
    console.log(`row-level security of ${tables} tables: leaked ${database.length}/${application.length}; control: caught (${neither.length})`);
    expect([database, application]).toEqual([[], []]);
    expect(neither.length).toBeGreaterThan(50);
  });
});

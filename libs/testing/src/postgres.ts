import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres, type StopMode } from '@wami/embedded-postgres';
import { Client } from 'pg';
import { newDataDirectory } from './postgres-template';
import { removeDirectory, temporaryDirectory } from './temporary-directory';

// synchronous_commit stays on: without it a crash of the server loses what was acknowledged, and restart() promises to keep that.
const WITHOUT_DISK = { fsync: 'off', full_page_writes: 'off' };

export interface TestPostgresOptions {
  /** Leaves fsync on, for tests of what survives a crash. Default false. */
  readonly durable?: boolean;
  /** An empty folder for its files, which stays when it stops. Default: one of its own, which does not. */
  readonly folder?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
}

/** Makes tables on an empty database, and leaves no connection open. */
export type MakeTables = (url: string) => Promise<unknown>;

export interface TestPostgres {
  /** Of an empty database; stays valid over `restart`. */
  readonly url: string;
  /** The same by a socket of the file system where there is one, which is faster; for many small statements. */
  readonly localUrl: string;
  /** One statement in the database of `url`, on a connection of its own. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** An empty database more on the same server (a few ms); without a name it gets a random one. */
  createDatabase(name?: string): Promise<string>;
  /** A copy of what `make` leaves on an empty database, where it is called once for all copies. */
  copyOf(make: MakeTables): Promise<string>;
  /** Crashes the server without a checkpoint and starts it again on the same port; everything committed is still there. */
  restart(): Promise<void>;
  /** SIGKILLs the server and leaves it down; `restart` brings it back. */
  kill9(): Promise<void>;
  /** Also removes its directory, but for one that was given. */
  stop(): Promise<void>;
}

class Running implements TestPostgres {
  /** Their names. */
  private readonly made = new Map<MakeTables, Promise<string>>();

  private constructor(
    private readonly directory: string,
    private readonly options: TestPostgresOptions,
    private server: EmbeddedPostgres,
  ) {}

  static async start(options: TestPostgresOptions): Promise<Running> {
    const directory = options.folder ?? temporaryDirectory('postgres');
    try {
      await newDataDirectory(join(directory, 'data'));
      return new Running(directory, options, await launch(directory, options));
    } catch (error) {
      if (options.folder === undefined) removeDirectory(directory);
      throw error;
    }
  }

  get url(): string {
    return this.server.url;
  }

  get localUrl(): string {
    return this.server.localUrl;
  }

  query<Row>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.connected(async (client) => (await client.query<Row & object>(text, [...values])).rows);
  }

  createDatabase(name = randomName()): Promise<string> {
    return this.create(name);
  }

  async copyOf(make: MakeTables): Promise<string> {
    const made = this.made.get(make) ?? this.make(make);
    this.made.set(make, made);
    return this.create(randomName(), await made);
  }

  private async make(make: MakeTables): Promise<string> {
    const name = randomName();
    await make(await this.create(name));
    return name;
  }

  private async create(name: string, template?: string): Promise<string> {
    await this.connected((client) => client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}${template === undefined ? '' : ` TEMPLATE ${client.escapeIdentifier(template)}`}`));
    const url = new URL(this.url);
    url.pathname = `/${encodeURIComponent(name)}`;
    return url.toString();
  }

  private async connected<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: this.url, connectionTimeoutMillis: 10_000, query_timeout: 30_000 });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  async restart(): Promise<void> {
    await this.halt('immediate');
    this.server = await launch(this.directory, this.options, this.server.port);
  }

  kill9(): Promise<void> {
    return this.halt('killed');
  }

  async stop(): Promise<void> {
    await this.halt('immediate');
    if (this.options.folder === undefined) removeDirectory(this.directory);
  }

  private halt(mode: StopMode): Promise<void> {
    return this.server.stop(mode);
  }
}

const randomName = (): string => `test_${randomBytes(6).toString('hex')}`;

function launch(directory: string, options: TestPostgresOptions, port?: number): Promise<EmbeddedPostgres> {
  const settings = { ...(options.durable ? {} : WITHOUT_DISK), ...options.settings };
  return startEmbeddedPostgres({ dataDir: join(directory, 'data'), database: 'test', port, settings, log: options.log });
}

/**
 * A PostgreSQL server of its own in a temporary directory, gone with this process however it ends. It takes some hundred ms, so
 * start one per test file and give each test a database of its own.
 */
export function startTestPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  return Running.start(options);
}

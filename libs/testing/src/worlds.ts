/// <reference types="jest" />
import { startTestPostgres, type MakeTables, type TestPostgres, type TestPostgresOptions } from './postgres';

/** What tests have on a database: stores, an engine, a service. */
export interface World {
  close(): Promise<unknown>;
}

/** Builds a world on a database that is empty, or holds what `tables` makes. */
export type OpenWorld<W extends World> = ((url: string) => W | Promise<W>) & {
  /** Makes what every world has: where each test has a world of its own, this is done once per file. */
  readonly tables?: MakeTables;
};

/** Keeps the world for the tests and makes it ready for them; where this fails, they fail. */
export type WithWorld<W extends World> = (world: W, url: string) => unknown;

export interface WorldOptions {
  /** Closes what the tests made on top of the world; runs before the world is closed, also where setting up failed. */
  readonly beforeClose?: () => unknown;
  readonly postgres?: TestPostgresOptions;
}

/**
 * Registers hooks of jest for this file or `describe`: before its tests a PostgreSQL server is started and a world opened on it, after them the
 * world is closed and then the server stopped.
 */
export function worldForAll<W extends World>(open: OpenWorld<W>, withWorld: WithWorld<W>, options: WorldOptions = {}): void {
  const life = new Life(open, withWorld, options);
  let postgres: TestPostgres | undefined;
  beforeAll(async () => {
    postgres = await startTestPostgres(options.postgres);
    await life.begin(postgres.url);
  });
  afterAll(async () => {
    try {
      await life.end();
    } finally {
      await postgres?.stop();
    }
  });
}

/** As `worldForAll`, with a world for each test, on a database of its own on the one server, which holds nothing but `open.tables`. */
export function worldForEach<W extends World>(open: OpenWorld<W>, withWorld: WithWorld<W>, options: WorldOptions = {}): void {
  const life = new Life(open, withWorld, options);
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres(options.postgres);
  });
  beforeEach(async () => life.begin(await (open.tables ? postgres.copyOf(open.tables) : postgres.createDatabase())));
  afterEach(() => life.end());
  afterAll(() => postgres?.stop());
}

class Life<W extends World> {
  private world: W | undefined;

  constructor(private readonly open: OpenWorld<W>, private readonly withWorld: WithWorld<W>, private readonly options: WorldOptions) {}

  async begin(url: string): Promise<void> {
    this.world = await this.open(url);
    await this.withWorld(this.world, url);
  }

  async end(): Promise<void> {
    try {
      await this.options.beforeClose?.();
    } finally {
      const ended = this.world;
      this.world = undefined;
      await ended?.close();
    }
  }
}

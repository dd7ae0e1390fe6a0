import { join } from 'node:path';
import { EmbeddedPostgresError, startEmbeddedPostgres } from '@wami/embedded-postgres';
import { Secret, StartupError } from '@wami/platform';

export interface Database {
  readonly url: Secret;
  stop(): Promise<void>;
}

/** The database that was named, else a PostgreSQL of our own in the data directory. @throws StartupError */
export async function openDatabase(given: Secret | undefined, folder: string): Promise<Database> {
  if (given !== undefined) return { url: given, stop: () => Promise.resolve() };
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
    return { url: new Secret(postgres.localUrl), stop: () => postgres.stop() };
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw new StartupError(error.message);
    throw error;
  }
}

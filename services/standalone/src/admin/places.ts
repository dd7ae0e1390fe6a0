import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runningPostgres } from '@wami/embedded-postgres';
import { IDENTITY_SCHEMA, IDENTITY_SOURCE } from '@wami/identity';
import { databaseUrlSchema, Secret, StartupError } from '@wami/platform';
import { DEFAULT_SCHEMA } from '@wami/projection';
import { SYNC_SERVICES } from '@wami/service-runtime';
import type { ClientBase } from 'pg';
import { openDataDirectory } from '../data-directory';
import { openDatabase } from '../database';

/** A service's part of an instance. */
export interface Part {
  readonly service: string;
  readonly schema: string;
  /** Whether it writes events. */
  readonly writes: boolean;
}

/**
 * In the order in which they are looked at where they lie in several databases: who reads before who writes, so that nobody knows of an event that is not saved;
 * what was missed is read again from the log.
 */
export const PARTS: readonly Part[] = [
  { service: 'projection', schema: DEFAULT_SCHEMA, writes: false },
  ...Object.values(SYNC_SERVICES).map(({ service, schema }) => ({ service, schema, writes: true })),
  { service: IDENTITY_SOURCE, schema: IDENTITY_SCHEMA, writes: true },
];

/** The tables of a service, as a transaction sees them. */
export interface OpenPart {
  readonly part: Part;
  readonly client: ClientBase;
}

/** A database, and the parts of the instance that lie in it. */
export interface Place {
  readonly url: Secret;
  readonly parts: readonly Part[];
}

export interface OpenPlaces {
  readonly places: readonly Place[];
  /** Of one machine; where each service runs on its own there is none. */
  readonly folder?: string;
  close(): Promise<void>;
}

const variableOf = (service: string): string => `WAMI_DATABASE_URL_${service.toUpperCase().replaceAll('-', '_')}`;

/**
 * `WAMI_DATABASE_URL`, and `WAMI_DATABASE_URL_IDENTITY` and the like of services that have another one; else the database in the data directory. `free`: WAMI must not
 * run on that meanwhile. @throws StartupError
 */
export async function openPlaces(env: NodeJS.ProcessEnv, { free, make }: { readonly free: boolean; readonly make: boolean }): Promise<OpenPlaces> {
  const named = PARTS.map((part) => ({ part, url: env[variableOf(part.service)] ?? env['WAMI_DATABASE_URL'] }));
  const folder = resolve(env['WAMI_DATA_DIR'] ?? '.wami');
  if (named.every(({ url }) => url === undefined)) return inFolder(folder, free, make);
  const nowhere = named.filter(({ url }) => url === undefined).map(({ part }) => variableOf(part.service));
  if (nowhere.length > 0) throw new StartupError(`Bad configuration. ${nowhere.join(', ')}: where are these? Name WAMI_DATABASE_URL for all that have no database of their own.`);
  const urls = [...new Set(named.flatMap(({ url }) => url ?? []))];
  const places = urls.map((url) => ({ url: checked(url), parts: named.filter((one) => one.url === url).map(({ part }) => part) }));
  return { places, ...(env['WAMI_DATA_DIR'] === undefined ? {} : { folder }), close: () => Promise.resolve() };
}

function checked(url: string): Secret {
  const parsed = databaseUrlSchema.safeParse(url);
  if (!parsed.success) throw new StartupError('Bad configuration. WAMI_DATABASE_URL must be postgres://user:password@host:port/database.');
  return parsed.data;
}

async function inFolder(folder: string, free: boolean, make: boolean): Promise<OpenPlaces> {
  const cluster = join(folder, 'postgres');
  if (!make && !existsSync(join(cluster, 'PG_VERSION'))) {
    throw new StartupError(`There is no database in ${folder}. Name the data directory by WAMI_DATA_DIR, or the database by WAMI_DATABASE_URL.`);
  }
  const running = free ? undefined : runningPostgres(cluster);
  if (running !== undefined) return { places: [{ url: new Secret(running), parts: PARTS }], folder, close: () => Promise.resolve() };
  const { release } = openDataDirectory(folder);
  try {
    const { url, stop } = await openDatabase(undefined, folder);
    return { places: [{ url, parts: PARTS }], folder, close: () => stop().finally(release) };
  } catch (error) {
    release();
    throw error;
  }
}

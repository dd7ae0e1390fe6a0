import { createEventLog, type SourceSchema } from '@wami/event-log';
import { createPool, DatabaseTooNew } from '@wami/event-store';
import {
  administratorToken, createHttpApp, createLogger, databaseAddress, describeError, HealthRegistry, listen, Metrics, StartupError, watchDatabase, type Logger, type Running,
} from '@wami/platform';
import type { Pool } from 'pg';
import { createProjection } from './create-projection';
import { headsOfSchemas } from './position/heads-of-schemas';
import { headsOverHttp } from './position/head-source';
import type { ProjectionConfig } from './projection.config';

const POOL_SIZE = 16;
const schemaOf = (source: string): SourceSchema => ({ source, schema: source.replaceAll('-', '_') });

/** The projection as a process of its own. @throws StartupError where the operator can put it right. */
export async function startProjection(config: ProjectionConfig, logger: Logger = createLogger('projection', config.WAMI_LOG_LEVEL)): Promise<Running & { readonly url: string }> {
  const databaseUrl = config.WAMI_DATABASE_URL.reveal();
  const address = databaseAddress(databaseUrl);
  const pool = createPool({
    connectionString: databaseUrl, max: POOL_SIZE, applicationName: 'wami-projection', onError: (error) => logger.warn(describeError(error), 'a database connection broke'),
  });
  await reachable(pool, address);
  const sources = config.WAMI_SOURCES.map(schemaOf);
  const brokers = config.WAMI_KAFKA_BROKERS;
  const log = createEventLog({ pool, sources, ...(brokers ? { kafka: { brokers, clientId: 'wami-projection' } } : {}) });
  const health = new HealthRegistry();
  const database = watchDatabase(pool, address);
  health.add('database', () => database.check());
  const metrics = new Metrics('projection');
  const heads = config.WAMI_WRITERS ? headsOverHttp(config.WAMI_WRITERS, config.WAMI_ADMIN_TOKEN) : headsOfSchemas(pool, sources);
  const projection = await createProjection({ pool, log, sources: config.WAMI_SOURCES, heads, health, metrics, logger }).catch(async (error: unknown) => {
    database.stop();
    await log.close();
    await pool.end();
    throw error instanceof DatabaseTooNew ? new StartupError(error.message) : error;
  });
  const app = await createHttpApp({ title: 'WAMI queries', modules: [projection.module], tokens: administratorToken(config.WAMI_ADMIN_TOKEN), health, metrics, logger });
  const close = async (): Promise<void> => {
    await app.close();
    await projection.close();
    await log.close();
    database.stop();
    await pool.end();
  };
  try {
    return { url: await listen(app, config.WAMI_HTTP_PORT, config.WAMI_HOST), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function reachable(pool: Pool, address: string): Promise<void> {
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    await pool.end();
    throw new StartupError(`PostgreSQL at ${address} does not answer (${describeError(error).error}). Start it, or set WAMI_DATABASE_URL.`);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { StartupError, type Logger } from '@wami/platform';
import type { Pool } from 'pg';
import { serveBootHealth, type BootHealth } from './boot-health';

export interface DatabaseWait {
  readonly pool: Pool;
  /** Host, port and database, without user and password. */
  readonly address: string;
  /** Where health is answered meanwhile. */
  readonly http: { readonly port: number; readonly host: string };
  readonly logger: Logger;
  /** Gives up after so long; default 10 minutes. */
  readonly limitMs?: number;
}

const PAUSE_MS = 1000;
const DEFAULT_LIMIT_MS = 600_000;
/** SQLSTATE classes that no waiting mends: wrong user or password, no such database. */
const HOPELESS = /^(28|3D)/;

/** Resolves when the database answers. Until then the service is alive and not ready, and says why. @throws StartupError where waiting cannot help. */
export async function waitForDatabase(wait: DatabaseWait): Promise<void> {
  const deadline = Date.now() + (wait.limitMs ?? DEFAULT_LIMIT_MS);
  let health: BootHealth | undefined;
  let reason = '';
  try {
    for (;;) {
      const problem = await ask(wait);
      if (problem === undefined) return;
      if (Date.now() > deadline) throw new StartupError(`${problem} Gave up waiting.`);
      if (problem !== reason) wait.logger.warn({ database: wait.address }, `${problem} Trying again every second.`);
      reason = problem;
      health ??= await serveBootHealth(wait.http.port, wait.http.host, () => `${reason} Trying again every second.`);
      await sleep(PAUSE_MS);
    }
  } finally {
    await health?.close();
  }
}

async function ask({ pool, address }: DatabaseWait): Promise<string | undefined> {
  try {
    await pool.query('select 1');
    return undefined;
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    if (HOPELESS.test(code)) throw new StartupError(`PostgreSQL at ${address} refuses us: ${message}. Check WAMI_DATABASE_URL.`);
    return `PostgreSQL at ${address} does not answer (${code || message}). Start it, or check WAMI_DATABASE_URL.`;
  }
}

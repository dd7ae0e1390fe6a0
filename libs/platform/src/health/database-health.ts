import type { HealthCheck } from './health-registry';

export interface DatabaseProbe {
  query(sql: string): Promise<unknown>;
}

const INTERVAL_MS = 1000;

/** Asks the database once a second and remembers the answer, so that a health request never waits for it. */
export function watchDatabase(pool: DatabaseProbe, address: string): { check(): HealthCheck; stop(): void } {
  let state: HealthCheck = { ok: true };
  let asking = false;
  const ask = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    try {
      await pool.query('select 1');
      state = { ok: true };
    } catch (error) {
      state = { ok: false, reason: `PostgreSQL at ${address} does not answer (${error instanceof Error ? error.message : 'no reason given'}). Retrying every second.` };
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(() => void ask(), INTERVAL_MS);
  return { check: () => state, stop: () => clearInterval(timer) };
}

/** Host and port of a database address, without user and password. */
export function databaseAddress(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname}:${port || '5432'}${pathname}`;
  } catch {
    return 'the configured address';
  }
}

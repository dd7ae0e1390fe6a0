import { createPool } from '@wami/event-store';
import { startTestPostgres } from '@wami/testing';
import { migrateCheckpoints } from './marks/checkpoint-table';
import { migrateRelay } from './relay/relay-cursor';

const REPLICAS = 8;

it('replicas that start together in an empty database wait for each other', async () => {
  const postgres = await startTestPostgres();
  try {
    const pool = createPool({ connectionString: postgres.url, applicationName: 'replicas', max: REPLICAS, onError: () => undefined });
    const start = async (): Promise<void> => {
      await migrateCheckpoints(pool, 'replicated');
      await migrateRelay(pool, 'replicated');
    };
    const outcomes = await Promise.allSettled(Array.from({ length: REPLICAS }, start));
    await pool.end();
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
  } finally {
    await postgres.stop();
  }
}, 60_000);

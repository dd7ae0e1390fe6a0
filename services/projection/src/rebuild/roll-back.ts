import { inTransaction } from '@wami/event-store';
import type { ClientBase, Pool } from 'pg';
import { lockIngest } from '../ingest/insert-events';
import type { ReadModel } from '../model/read-model';
import type { BuildContext } from './build-generation';
import { allGenerations, dropGeneration } from './generations';
import { moveRebuild } from './rebuild-jobs';

/**
 * Takes up the tables that were kept at the last swap: what they lack is caught up like the end of a rebuild, then they are swapped in, and those in use
 * now are kept in their place. Tables of another release's fold are swapped in as they are.
 */
export async function beginRollback({ pool, schema, job, models }: BuildContext): Promise<void> {
  await inTransaction(pool, async (client) => {
    const seq = await lockIngest(client, schema);
    let total = 0;
    for (const model of models) {
      const own = (await allGenerations(client, schema)).filter((one) => one.model === model.name);
      const kept = own.findLast(({ status }) => status === 'retired');
      if (!kept) throw new Error(`nothing is kept of ${model.name} to go back to`);
      for (const left of own.filter(({ status }) => status === 'building')) await dropGeneration(client, schema, model, left.generation);
      await client.query(`UPDATE ${schema}.generations SET status = 'building' WHERE model = $1 AND generation = $2`, [model.name, kept.generation]);
      if (kept.version === model.version) total += seq - (kept.applied ?? 0);
    }
    await moveRebuild(client, schema, job, { phase: 'catch-up', total });
  });
}

/** What a rollback that failed had taken up is kept again. */
export async function keepAgain(db: Pick<Pool | ClientBase, 'query'>, schema: string, models: readonly ReadModel[]): Promise<void> {
  await (db as Pool).query(`UPDATE ${schema}.generations SET status = 'retired' WHERE status = 'building' AND model = ANY($1::text[])`, [models.map(({ name }) => name)]);
}

import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { TargetLost } from '../reconcile/caller';
import { stillOwned, type Lease } from './lease';

export interface OwnedTarget {
  readonly db: EngineDatabase;
  readonly owner: string;
  readonly lease: Lease;
}

/** A transaction in which nobody can take the target over. @throws TargetLost */
export function whileOwned<T>({ db, owner, lease }: OwnedTarget, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return db.transaction(async (client) => {
    if (!(await stillOwned(client, db, owner, [lease])).has(lease.account)) throw new TargetLost();
    return work(client);
  });
}

import { prepared } from '@wami/event-store';
import type { StandingPause } from '@wami/domain';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';

/** A pause of this provider that was not ended, as the engine keeps it. */
export interface KnownPause extends StandingPause {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

interface PauseRow {
  readonly id: string;
  readonly tenant: string;
  readonly provider: string | null;
  readonly account: string | null;
  readonly resource: string | null;
  readonly until: Date | null;
  readonly started_at: Date;
}

type Querying = Pick<PoolClient, 'query'>;

/** Also those whose time has passed; who asks goes by its own clock. */
export async function readPauses(client: Querying, db: EngineDatabase): Promise<KnownPause[]> {
  const { rows } = await client.query<PauseRow>(prepared(`SELECT * FROM ${db.table('pauses')} WHERE ended IS NULL`, []));
  return rows.map(toPause);
}

/**
 * As `readPauses`; none of them can be ended before the transaction is. To be called before the transaction takes any other lock but that
 * of a target, so that it does not wait for one who waits for it.
 */
export async function holdPauses(client: Querying, db: EngineDatabase): Promise<KnownPause[]> {
  const { rows } = await client.query<PauseRow>(prepared(`SELECT * FROM ${db.table('pauses')} WHERE ended IS NULL ORDER BY id FOR SHARE`, []));
  return rows.map(toPause);
}

function toPause({ id, tenant, provider, account, resource, until, started_at }: PauseRow): KnownPause {
  return {
    id, tenant, startedAt: started_at.getTime(), ...(provider === null ? {} : { provider }), ...(account === null ? {} : { account }),
    ...(resource === null ? {} : { resource }), ...(until === null ? {} : { until: until.toISOString() }),
  };
}

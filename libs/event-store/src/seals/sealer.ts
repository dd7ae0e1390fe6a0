import type { Pool } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { quoteSchema } from '../identifier';
import { NOT_AHEAD, oldestOpenTx } from '../transactions-ahead';
import { rangeDigest } from './range-digest';
import { NO_SEAL, sealOf, type Seal } from './seal';

export interface SealerOptions {
  readonly pool: Pool;
  /** Of a store; migrated already. */
  readonly schema: string;
  readonly source: string;
  readonly key: Buffer;
  /** Most events of one seal; default 2000. */
  readonly page?: number;
  /** Default 5000. */
  readonly everyMs?: number;
  readonly onError: (error: unknown) => void;
}

export interface Sealer {
  close(): Promise<void>;
}

/**
 * Seals what was appended, a little later and aside from it, so that no append waits for another. Several may run: of those that are about to write the same seal one
 * does. A log of before there were seals is sealed from its beginning.
 */
export function startSealer(options: SealerOptions): Sealer {
  const { page = 2000, everyMs = 5000, onError } = options;
  const stop = new AbortController();
  const loop = (async () => {
    while (!stop.signal.aborted) {
      const sealed = await sealNext(options, page).catch((error: unknown) => {
        onError(error);
        return 0;
      });
      await sleep(sealed === page ? 0 : everyMs, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    async close() {
      stop.abort();
      await loop;
    },
  };
}

/** Resolves with how many events were sealed. */
export async function sealNext({ pool, schema, source, key }: Pick<SealerOptions, 'pool' | 'schema' | 'source' | 'key'>, page: number): Promise<number> {
  const quoted = quoteSchema(schema);
  const { rows: [info] } = await pool.query<{ ahead: string }>(`SELECT tx_ahead::text AS ahead FROM ${quoted}.store_info`);
  const { rows: [last = NO_SEAL] } = await pool.query<Seal>(`SELECT number::int, tx::text, position::text, seal FROM ${quoted}.seals ORDER BY seals.number DESC LIMIT 1`);
  // What an open transaction may still come before is not sealed.
  const range = await rangeDigest(pool, quoted, `(tx, position) > ($1::xid8, $2::bigint) AND tx < ${oldestOpenTx(info?.ahead ?? NOT_AHEAD)} ORDER BY tx, position LIMIT $3`, [last.tx, last.position, page]);
  if (!range) return 0;
  const next = { ...range, number: last.number + 1 };
  await pool.query(`INSERT INTO ${quoted}.seals (number, tx, position, events, digest, seal) VALUES ($1, $2::xid8, $3, $4, $5, $6) ON CONFLICT (number) DO NOTHING`,
    [next.number, next.tx, next.position, next.events, next.digest, sealOf(key, source, last.seal, next)]);
  return range.events;
}

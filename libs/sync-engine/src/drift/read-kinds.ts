import { isProviderError, type Observed, type ProviderError } from '@wami/provider-port';
import type { EngineDatabase } from '../database/engine-database';
import { KINDS } from '../kinds';
import type { Caller } from '../reconcile/caller';
import type { Scene } from '../reconcile/pass';
import type { Listing } from '../targets/listing';

/** What one reading of a target came to, kind by kind. */
export interface Reading {
  readonly listings: ReadonlyMap<string, Listing>;
  readonly found: readonly { readonly kind: string; readonly seen: number; readonly unmanaged: number }[];
  readonly problems: readonly { readonly kind: string; readonly error: ProviderError }[];
}

/** Reads everything of every kind that the provider can hold, once; a kind that fails leaves the others. `begin`: the listing of one kind. */
export async function readKinds(db: EngineDatabase, account: string, { target, capabilities }: Scene, caller: Caller, begin: () => Listing): Promise<Reading> {
  const listings = new Map<string, Listing>();
  const found: Reading['found'][number][] = [];
  const problems: Reading['problems'][number][] = [];
  for (const { kind } of KINDS) {
    const handler = capabilities.some((one) => one.kind === kind && one.supported) ? target.handler(kind) : undefined;
    if (!handler) continue;
    const listing = begin();
    let [seen, unmanaged] = [0, 0];
    try {
      await caller.pages((context) => handler.list(context), async (page: readonly Observed[]) => {
        listing.add(page);
        seen += page.length;
        unmanaged += await countUnmanaged(db, account, page);
      });
    } catch (error) {
      if (!isProviderError(error)) throw error;
      problems.push({ kind, error });
      continue;
    }
    listings.set(kind, listing);
    found.push({ kind, seen, unmanaged });
  }
  return { listings, found, problems };
}

/** Things without a mark that are not held on record either. */
async function countUnmanaged(db: EngineDatabase, account: string, page: readonly Observed[]): Promise<number> {
  const unmarked = page.filter(({ mark }) => mark === undefined).map(({ providerResourceId }) => providerResourceId);
  if (unmarked.length === 0) return 0;
  const { rows: [row] } = await db.pool.query<{ held: number }>(`SELECT count(DISTINCT presence->>'providerResourceId')::integer AS held FROM ${db.bindings.name}
    WHERE account = $1 AND state <> 'Gone' AND presence IS NOT NULL AND presence->>'providerResourceId' = ANY($2)`, [account, unmarked]);
  return unmarked.length - (row?.held ?? 0);
}

import type { Source } from '@wami/contracts';
import type { Pool } from 'pg';
import { compareEpochs } from '../epoch';
import type { Mark } from '../marks/mark';
import type { SubscriptionState } from '../subscription-state';
import { readySources, type SourceSchema, type StoreInfo } from './log-page';

/** A service that starts beside this one is soon there; one that nobody runs is not asked for all the time. */
const RECHECK_MISSING_MS = 250;
const RECHECK_MS = 5000;

/** Knows which sources can be read: their tables exist, and their store is not older than what was read before. */
export class SourceWatch {
  private stores: ReadonlyMap<Source, StoreInfo> = new Map();
  private due = 0;
  private missingMs = RECHECK_MISSING_MS;

  constructor(private readonly pool: Pool, private readonly sources: readonly SourceSchema[], private readonly state: SubscriptionState) {}

  /** After a failure: what was known may have changed (a dropped schema, a restored database). */
  recheck(): void {
    this.due = 0;
  }

  epochOf(source: Source): string {
    return this.stores.get(source)?.epoch ?? '';
  }

  async ready(marks: readonly Mark[]): Promise<readonly (SourceSchema & StoreInfo)[]> {
    if (performance.now() >= this.due) await this.check(marks);
    return this.sources.flatMap((source) => {
      const store = this.stores.get(source.source);
      return store ? [{ ...source, ...store }] : [];
    });
  }

  private async check(marks: readonly Mark[]): Promise<void> {
    const found = new Map(await readySources(this.pool, this.sources));
    for (const { source, schema } of this.sources) {
      const epoch = found.get(source)?.epoch;
      const reached = marks.find((mark) => mark.source === source)?.epoch ?? '';
      const older = epoch !== undefined && compareEpochs(epoch, reached) < 0;
      if (older) found.delete(source);
      if (epoch === undefined) this.state.awaits(source, `${source} never ran on this database (no events in schema ${schema}), and is heard once it does`);
      else this.state.trouble(source, older ? `${source} refused: its store (epoch ${epoch}) is older than what was read before (epoch ${reached})` : undefined);
    }
    this.missingMs = found.size === this.stores.size ? Math.min(RECHECK_MS, 2 * this.missingMs) : RECHECK_MISSING_MS;
    this.stores = found;
    this.due = performance.now() + (found.size < this.sources.length ? this.missingMs : RECHECK_MS);
  }
}

import { parseWamiEvent, reasonOfMany, tenantLineage, type RecordedEvent } from '@wami/contracts';
import * as fc from 'fast-check';
import { SYNC_STATES, SYNC_SUMMARY, type SummaryRow, type SyncStateRow } from '../sync-states/sync-states.table';
import { chooser, History, inBatches, interleaved } from '../testing/history';
import { MemoryRows } from './memory-rows';
import type { Ingested } from './read-model';
import { READ_MODELS } from './read-models';
import { isEmptyRow } from './table';

/** Every table after these batches, without the numbers of arrival. */
async function fold(batches: readonly RecordedEvent[][]): Promise<{ rows: MemoryRows; tables: Record<string, string[]> }> {
  const seen = new Map<string, string>();
  const rows = new MemoryRows((positions) => Promise.resolve(new Map(positions.flatMap((at) => (seen.has(at) ? [[at, seen.get(at) ?? '']] : [])))));
  let seq = 0;
  for (const batch of batches) {
    const events: Ingested[] = batch.map((event) => ({ ...parseWamiEvent(event), seq: ++seq }));
    for (const { source, position, time } of events) if (source === 'identity') seen.set(position, time);
    for (const model of READ_MODELS) {
      const handled = events.filter(({ type }) => model.types.has(type));
      if (handled.length > 0) await model.apply(rows, handled);
    }
  }
  const tables = Object.fromEntries(READ_MODELS.flatMap((model) => model.tables).map((table) => [table.name, [...rows.all(table)].flatMap((row) => {
    const { seq: _seq, ...rest } = row as { seq?: number };
    return isEmptyRow(table, row) ? [] : [JSON.stringify(Object.entries(rest).sort())];
  }).sort()]));
  return { rows, tables };
}

const seeds = { numRuns: 150 };

describe('the read models', () => {
  it('come to the same rows in whatever order the events of different keys arrive, and however they are cut into batches', async () => {
    await fc.assert(fc.asyncProperty(fc.integer(), fc.integer(), async (seed, order) => {
      const { events } = new History(chooser(seed), 60);
      const choose = chooser(order);
      const inOrder = await fold(events.map((event) => [event]));
      const other = await fold(inBatches(interleaved(events, choose), choose, 20));
      expect(other.tables).toEqual(inOrder.tables);
    }), seeds);
  });

  it('keep counters that equal the counted rows, of each tenant with all below it', async () => {
    await fc.assert(fc.asyncProperty(fc.integer(), async (seed) => {
      const choose = chooser(seed);
      const { rows } = await fold(inBatches(new History(choose, 80).events, choose, 10));
      const counted = new Map<string, number>();
      for (const { tenant, provider, account, kind, state, code, reason } of rows.all(SYNC_STATES) as Iterable<SyncStateRow>) {
        if (state === null) continue;
        for (const of of ['', ...tenantLineage(tenant)]) {
          const key = [of, provider, account, kind, state, code, state === 'Skipped' ? reasonOfMany(reason ?? '') : ''].join();
          counted.set(key, (counted.get(key) ?? 0) + 1);
        }
      }
      const kept = ([...rows.all(SYNC_SUMMARY)] as SummaryRow[]).filter(({ count }) => count !== 0)
        .map(({ count, ...key }) => [[key.tenant, key.provider, key.account, key.kind, key.state, key.code, key.reason].join(), count] as const);
      expect(new Map(kept)).toEqual(counted);
      expect(kept.filter(([key]) => /grp_|apr_/.test(key))).toEqual([]);
    }), seeds);
  });

  it('do not show a state that an engine gave for a resource which has not arrived yet', async () => {
    const { events } = new History(chooser(3), 200);
    const outcomes = events.filter(({ source }) => source === 'sync-aws');
    expect(outcomes.length).toBeGreaterThan(10);
    const { rows } = await fold([outcomes]);
    const states = [...rows.all(SYNC_STATES)] as SyncStateRow[];
    expect(states.length).toBeGreaterThan(0);
    expect(states.every(({ state }) => state === null)).toBe(true);
  });
});

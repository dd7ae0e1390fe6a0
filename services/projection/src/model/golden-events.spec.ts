import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_EVENTS, parseWamiEvent, type RecordedEvent } from '@wami/contracts';
import { MemoryRows } from './memory-rows';
import { READ_MODELS } from './read-models';

const GOLDEN = join(__dirname, '../../../../libs/contracts/src/events/golden');

/** As they were published, the oldest versions too. */
const golden = ALL_EVENTS.map(({ type }) => JSON.parse(readFileSync(join(GOLDEN, `${type}.json`), 'utf8')) as RecordedEvent);

/** The same of somebody who was erased. */
const blank = golden.map((event) => ({ ...event, personal: {} }));
const cases = READ_MODELS.flatMap((model) => [[model.name, model, golden] as const, [`${model.name} without anything personal`, model, blank] as const]);

describe('every golden event', () => {
  it.each(cases)('is folded by %s, alone and after all others', async (_name, model, all) => {
    const events = all.map((event, i) => ({ ...parseWamiEvent(event), seq: i + 1 })).filter(({ type }) => model.types.has(type));
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) await expect(model.apply(new MemoryRows(), [event])).resolves.toBeUndefined();
    const rows = new MemoryRows();
    for (const event of events) await model.apply(rows, [event]);
    expect(model.tables.flatMap((table) => [...rows.all(table)]).length).toBeGreaterThan(0);
  });
});

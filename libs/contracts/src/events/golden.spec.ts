import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '../event-envelope';
import { parseWamiEvent } from './parse-wami-event';
import { ALL_EVENTS, parseEvent } from './registry';
import { UPCASTERS } from './upcasters';

const GOLDEN = join(__dirname, 'golden');
const golden = (type: string): RecordedEvent => JSON.parse(readFileSync(join(GOLDEN, `${type}.json`), 'utf8')) as RecordedEvent;
const types = ALL_EVENTS.map(({ type }) => type as string);

describe('golden events', () => {
  it('are there for every published type and version, and for no other (npm run docs:events writes those that are missing)', () => {
    expect(readdirSync(GOLDEN).sort()).toEqual(types.map((type) => `${type}.json`).sort());
  });

  it.each(types)('%s fits the schema that it was published with', (type) => {
    expect(golden(type).type).toBe(type);
    expect(parseEvent(golden(type))).toEqual(golden(type));
  });

  it.each(types)('%s comes through the upcasters to the newest version and fits its schema', (type) => {
    const newest = parseWamiEvent(golden(type));
    expect(UPCASTERS.map(({ from }) => from)).not.toContain(newest.type);
    expect({ ...newest, type, data: 0, personal: 0 }).toEqual({ ...golden(type), data: 0, personal: 0 });
  });
});

import type { RecordedEvent } from '../event-envelope';
import { upcastEvent, UPCASTERS, versionsBeside, withEarlierVersions, type Upcaster } from './upcasters';

const event: RecordedEvent = {
  id: 'evt_1', source: 'identity', type: 'wami.door.opened.v1', stream: 'dor_1', version: 7, key: 'dor_1', tenant: 'acme', subject: 'arn:1', position: '1.1',
  time: '2026-01-02T03:04:05.678Z', data: { wide: true }, personal: { by: 'ann' }, meta: { actor: 'admin', correlationId: 'c' },
};
const chain: Upcaster[] = [
  { from: 'wami.door.opened.v2', to: 'wami.door.opened.v3', upcast: ({ data, personal }) => ({ data: { angle: data }, personal }) },
  { from: 'wami.door.opened.v1', to: 'wami.door.opened.v2', upcast: ({ personal }) => ({ data: 90, personal }) },
];

describe('upcasting', () => {
  it('goes over every version up to the newest, and keeps what the event is', () => {
    expect(upcastEvent(event, chain)).toEqual({ ...event, type: 'wami.door.opened.v3', data: { angle: 90 } });
  });

  it('leaves every other event as it is', () => {
    const other = { ...event, type: 'wami.door.closed.v1' };
    expect(upcastEvent(other, chain)).toBe(other);
    expect(upcastEvent(event)).toBe(event);
  });

  it('tells all versions that lead to the newest, so that whoever reads what was recorded misses none', () => {
    expect(withEarlierVersions(['wami.door.opened.v3', 'wami.door.closed.v1'], chain)).toEqual(['wami.door.opened.v3', 'wami.door.closed.v1', 'wami.door.opened.v2', 'wami.door.opened.v1']);
  });

  it('tells which versions of the same event a reader of some would miss', () => {
    expect([['wami.door.opened.v2'], ['wami.door.opened.v3', 'wami.door.opened.v1'], ['wami.door.closed.v1']].map((types) => [...versionsBeside(types, chain)].sort()))
      .toEqual([['wami.door.opened.v1', 'wami.door.opened.v3'], ['wami.door.opened.v2'], []]);
  });

  it('does not go round for ever', () => {
    expect(() => upcastEvent(event, [...chain, { from: 'wami.door.opened.v3', to: 'wami.door.opened.v1', upcast: (one) => one }])).toThrow('circle');
  });

  it('goes one version up at each step, from each version once', () => {
    const numberOf = (type: string): number => Number(/\.v(\d+)$/.exec(type)?.[1]);
    for (const { from, to } of UPCASTERS) expect([from.replace(/\d+$/, ''), numberOf(to)]).toEqual([to.replace(/\d+$/, ''), numberOf(from) + 1]);
    expect(new Set(UPCASTERS.map(({ from }) => from)).size).toBe(UPCASTERS.length);
  });
});

import type { LogEvent } from '../../api/schemas';
import { fits, newest } from './tail';

const event = (n: number): LogEvent => ({ id: `evt_${n}` }) as LogEvent;
const ids = (events: readonly LogEvent[]): string[] => events.map(({ id }) => id);

describe('the end of the log that is shown', () => {
  it('holds each event once, and the newest two hundred', () => {
    expect(ids(newest([event(1), event(2), event(2), event(1), event(3)]))).toEqual(['evt_1', 'evt_2', 'evt_3']);
    const many = Array.from({ length: 250 }, (_, n) => event(n));
    expect(ids(newest(many))).toEqual(ids(many.slice(50)));
  });

  it.each([
    ['acme', 'acme', true], ['acme', 'acme/core', true], ['acme', 'acme-other', false], ['', 'acme', true], ['acme/core', 'acme', false],
  ])('filtered by tenant %j shows one of %s: %s', (tenant, of, shown) => expect(fits({ type: 'x', tenant: of }, { type: '', tenant })).toBe(shown));

  it('filtered by type shows that alone', () => {
    expect(fits({ type: 'a', tenant: 't' }, { type: 'a', tenant: '' })).toBe(true);
    expect(fits({ type: 'b', tenant: 't' }, { type: 'a', tenant: '' })).toBe(false);
  });
});

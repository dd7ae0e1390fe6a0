import type { LogEvent } from '../../api/schemas';
import { among, exportLine, fits, linesOf, newest } from './tail';

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

  it('is narrowed to who did it and to what came of one request', () => {
    const events = [{ id: 'evt_1', actor: 'ann', correlationid: 'req_1' }, { id: 'evt_2', actor: 'sync-aws', correlationid: 'req_1' }, { id: 'evt_3', actor: 'ann', correlationid: 'req_2' }] as LogEvent[];
    expect(ids(among(events, { actor: '', correlation: 'req_1' }))).toEqual(['evt_1', 'evt_2']);
    expect(ids(among(events, { actor: 'ann', correlation: '' }))).toEqual(['evt_1', 'evt_3']);
    expect(ids(among(events, { actor: 'ann', correlation: 'req_1' }))).toEqual(['evt_1']);
  });

  it('is downloaded as a line of JSON each, and all of the log that fits by a command', () => {
    expect(linesOf([event(1), event(2)])).toBe('{"id":"evt_1"}\n{"id":"evt_2"}\n');
    expect(exportLine({ type: '', tenant: '', resource: '' })).toBe('npx wami events export');
    expect(exportLine({ type: 'a.v1', tenant: 'acme', resource: 'usr_1' })).toBe('npx wami -t acme events export --type a.v1 --resource usr_1');
  });
});

import { isSelectedBy, pausedReason, pauseHolding, selectionsMeet, type PauseSelection } from './pause-selection';

const BINDING = { tenant: 'acme/eng', provider: 'aws', account: '1', resource: 'usr_1' };
const NOW = Date.parse('2026-01-01T00:00:00.000Z');
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();

describe('what a pause selects', () => {
  it.each<[PauseSelection, boolean]>([
    [{ tenant: '' }, true], [{ tenant: 'acme' }, true], [{ tenant: 'acme/eng' }, true], [{ tenant: 'acme/eng/core' }, false], [{ tenant: 'acme/en' }, false], [{ tenant: 'acm' }, false],
    [{ tenant: 'acme', provider: 'aws' }, true], [{ tenant: 'acme', provider: 'gcp' }, false], [{ tenant: 'acme', account: '1' }, true], [{ tenant: 'acme', provider: 'aws', account: '2' }, false],
    [{ tenant: 'acme', resource: 'usr_1' }, true], [{ tenant: 'acme', resource: 'usr_2' }, false], [{ tenant: 'other', resource: 'usr_1' }, false],
  ])('%j: %s', (selection, selected) => expect(isSelectedBy(BINDING, selection)).toBe(selected));

  it('is within a wider one, never the other way round', () => {
    expect(isSelectedBy({ tenant: 'acme/eng', provider: 'aws' }, { tenant: 'acme' })).toBe(true);
    expect(isSelectedBy({ tenant: 'acme' }, { tenant: 'acme/eng' })).toBe(false);
    expect(isSelectedBy({ tenant: 'acme' }, { tenant: 'acme', provider: 'aws' })).toBe(false);
  });

  it('meets another where some binding may be in both', () => {
    expect(selectionsMeet({ tenant: 'acme' }, { tenant: '', provider: 'aws' })).toBe(true);
    expect(selectionsMeet({ tenant: '', provider: 'aws' }, { tenant: 'acme' })).toBe(true);
    expect(selectionsMeet({ tenant: 'acme', provider: 'gcp' }, { tenant: '', provider: 'aws' })).toBe(false);
    expect(selectionsMeet({ tenant: 'acme' }, { tenant: 'rival' })).toBe(false);
  });
});

describe('the pause that holds a binding', () => {
  const tenant = 'acme';
  it('is the one that lasts longest, so that nothing goes on before', () => {
    const [short, long, forever] = [{ id: 'a', tenant, until: at(1) }, { id: 'b', tenant, until: at(9) }, { id: 'c', tenant }];
    expect(pauseHolding([short, long], BINDING, NOW)).toBe(long);
    expect(pauseHolding([long, forever, short], BINDING, NOW)).toBe(forever);
    expect(pauseHolding([{ id: 'd', tenant }, forever], BINDING, NOW)).toBe(forever);
  });
  it('is none from its time on, or where it selects something else', () => {
    expect(pauseHolding([{ id: 'a', tenant, until: at(0) }], BINDING, NOW)).toBeUndefined();
    expect(pauseHolding([{ id: 'a', tenant, until: at(0.001) }], BINDING, NOW)).toBeDefined();
    expect(pauseHolding([{ id: 'a', tenant: 'rival' }], BINDING, NOW)).toBeUndefined();
  });
  it('is told by its id and its end', () => {
    expect([pausedReason({ id: 'pau_1' }), pausedReason({ id: 'pau_1', until: at(0) })]).toEqual(['paused by pau_1 until somebody resumes', `paused by pau_1 until ${at(0)}`]);
  });
});

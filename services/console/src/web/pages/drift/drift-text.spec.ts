import { wayOf } from './drift-text';

describe('what is done about a drift', () => {
  it.each([
    ['changed', 'push', 'Put it back', undefined], ['missing', 'push', 'Make it again', undefined], ['changed', 'pull', 'Take it over', undefined], ['missing', 'pull', undefined, undefined],
    ['changed', 'bidirectional', 'Take it over', undefined], ['missing', 'bidirectional', 'Make it again', true], ['changed', undefined, 'Sync now', undefined],
  ] as const)('%s, of a tenant with direction %s: %s', (drift, direction, label, decided) => {
    const way = wayOf({ drift }, direction);
    expect([way.label, way.decided]).toEqual([label, decided]);
  });
});

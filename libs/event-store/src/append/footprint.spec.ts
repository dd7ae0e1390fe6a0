import { create, name, update } from '../spec-support/appends';
import type { Append } from '../event-store';
import { independentRuns } from './footprint';
import { prepareAppend } from './prepared-append';

function runs(...appends: Append[]): string[][] {
  return independentRuns(appends.map((append) => prepareAppend(append, () => 'evt_1'))).map((run) => run.map(({ append }) => append.stream));
}

it('appends that have nothing in common share a statement, also when they refer to one stream', () => {
  expect(runs(create('a', { references: ['ten'] }), create('b', { references: ['ten'] }))).toEqual([['a', 'b']]);
});

it.each<[string, Append, Append]>([
  ['write one stream', create('a'), update('a', 1)],
  ['touch one name', create('a', { release: [name('ann')] }), create('b', { reserve: [name('Ann')] })],
  ['refer to what the other writes', create('a'), create('b', { references: ['a'] })],
  ['write what the other refers to', create('a', { references: ['b'] }), update('b', 1)],
])('two that %s do not', (_, first, second) => {
  expect(runs(first, second)).toHaveLength(2);
});

import { compareEpochs } from '../epoch';
import { freshMark, slowest, standing } from './mark';

const mark = { ...freshMark({ source: 'identity', partition: 0 }), epoch: '5', position: '9.2' };

it('tells what is new from repeats and from older epochs, comparing transactions as numbers', () => {
  expect(standing(mark, '5', '10.1')).toBe('new');
  expect(standing(mark, '5', '9.2')).toBe('repeat');
  expect(standing(mark, '5', '8.100')).toBe('repeat');
  expect(standing(mark, '6', '1.1')).toBe('new');
  expect(standing(mark, '4', '99.1')).toBe('older');
});

it('takes the slowest partition of each source as the position; one behind in epoch has seen nothing', () => {
  const other = { ...mark, partition: 1, position: '10.1' };
  expect(slowest([mark, other])).toEqual({ identity: '9.2' });
  expect(slowest([{ ...other, epoch: '6' }, mark, { ...mark, source: 'sync-aws' }])).toEqual({ identity: '0.0', 'sync-aws': '9.2' });
});

it('orders epochs: decimal ones as numbers, none before any', () => {
  expect(['10', '9', '', '100'].sort(compareEpochs)).toEqual(['', '9', '10', '100']);
  expect(compareEpochs('20261121-a', '20261120-z')).toBeGreaterThan(0);
});

import { standings } from './standings';

it('each target is counted over all kinds, and what agrees beside all', () => {
  const aws = { provider: 'aws', account: '1' };
  const [first, second] = standings([
    { ...aws, kind: 'user', state: 'Synced', count: 3 }, { ...aws, kind: 'group', state: 'Synced', count: 2 }, { ...aws, kind: 'user', state: 'Failed', count: 1 },
    { provider: 'gcp', account: 'p', kind: 'user', state: 'Pending', count: 4 },
  ]);
  expect([first?.target, first?.total, [...first?.states ?? []]]).toEqual(['aws/1', 6, [['Synced', 5], ['Failed', 1]]]);
  expect([second?.target, second?.total]).toEqual(['gcp/p', 4]);
});

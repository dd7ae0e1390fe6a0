import { roundsOf } from './rounds';

const message = (name: string, bytes: number) => ({ key: name, value: 'x'.repeat(bytes) });

it('sends one batch per partition at a time and keeps each below what Kafka takes', () => {
  const rounds = roundsOf(new Map([[0, [message('a', 400_000), message('b', 400_000), message('c', 10)]], [3, [message('d', 10)]]]));
  expect(rounds.map((round) => round.map(({ partition, messages }) => [partition, messages.map(({ key }) => key)]))).toEqual([
    [[0, ['a']], [3, ['d']]],
    [[0, ['b', 'c']]],
  ]);
});

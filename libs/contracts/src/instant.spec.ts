import { replayEndSchema } from './commands/event-replays';
import { instantSchema } from './instant';

describe('a time that somebody names', () => {
  const told = (text: string): string | undefined => replayEndSchema.safeParse(text).error?.issues[0]?.message;

  it.each(['2027-01-31T12:00:00Z', '2027-01-31T13:00:00.5+01:00'])('%s has its zone', (text) => {
    expect([instantSchema.safeParse(text).success, told(text)]).toEqual([true, undefined]);
  });

  it.each(['2027-01-31T12:00:00', '2027-01-31T12:00', '2027-01-31T12:00Z', '2027-01-31', '2027-01-31 12:00:00Z', '2027-02-30T12:00:00Z', '2027-01-31T12:00:00+01'])('%s is refused, with how it is written', (text) => {
    expect([instantSchema.safeParse(text).success, told(text)]).toEqual([false, expect.stringMatching(/^must be a position, or a time with its zone .*2027-01-31T12:00:00Z/)]);
  });

  it('a position is taken as it is', () => {
    expect(['1001.8', 'eyJpZGVudGl0eSI6IjEuMSJ9'].map(told)).toEqual([undefined, undefined]);
  });
});

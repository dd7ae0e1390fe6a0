import { nextTime, scheduleSchema } from './schedule';
import { syncConfigPatchSchema } from './sync-config';

const NEW_YEAR = Date.parse('2026-01-01T00:00:00Z');
const after = (schedule: string): string => new Date(nextTime(schedule, NEW_YEAR)).toISOString();

describe('a schedule', () => {
  it.each([
    ['PT6H', '2026-01-01T06:00:00.000Z'], ['P1W', '2026-01-08T00:00:00.000Z'], ['P1DT12H30M5S', '2026-01-02T12:30:05.000Z'], ['PT5S', '2026-01-01T00:00:05.000Z'],
    ['0 3 * * *', '2026-01-01T03:00:00.000Z'], ['*/5 * * * *', '2026-01-01T00:05:00.000Z'], ['0 0 1 1 *', '2027-01-01T00:00:00.000Z'],
  ])('%s names a time, in UTC, after another', (schedule, next) => {
    expect(scheduleSchema.safeParse(schedule).success).toBe(true);
    expect(after(schedule)).toBe(next);
  });

  it.each([
    ['P1M', /no fixed length/], ['P1Y', /no fixed length/], ['PT1S', /between PT5S and P366D/], ['P999W', /between/], ['P', /write a duration/], ['PT', /write a duration/], ['PT1.5S', /write a duration/],
    ['0 0 30 2 *', /no time at all/], ['* * * *', /five fields/], ['* * * * * *', /five fields/], ['every hour', /five fields/], ['', /five fields/],
  ])('%p is refused, and told why', (schedule, message) => expect(scheduleSchema.safeParse(schedule).error?.issues[0]?.message).toMatch(message));

  it('of a tenant may be null, to have none whatever its parent says', () => expect(syncConfigPatchSchema.safeParse({ triggers: { schedule: null } }).success).toBe(true));
});

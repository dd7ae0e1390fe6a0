import { Cron } from 'croner';
import { z } from 'zod';

const MS = { W: 604_800_000, D: 86_400_000, H: 3_600_000, M: 60_000, S: 1000 } as const;
/** Years and months are none of it: they have no fixed length. */
const DURATION = /^P(?=\d|T\d)(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$/;
/** A sweep reads everything at a target, so not oftener than that. */
const LEAST_MS = 5 * MS.S;
const MOST_MS = 366 * MS.D;

/** An ISO 8601 duration as milliseconds; undefined where it is none, or one without a fixed length. */
function durationMs(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match) return undefined;
  return (Object.values(MS)).reduce((sum, ms, i) => sum + Number(match[i + 1] ?? 0) * ms, 0);
}

/** Five fields, in UTC. @throws where the pattern is none. */
function cron(text: string): Cron {
  return new Cron(text, { paused: true, timezone: 'UTC', mode: '5-part' });
}

/** The first time after `after` that the schedule names, in milliseconds: for a duration that long after it. `schedule` is a valid one. */
export function nextTime(schedule: string, after: number): number {
  return after + (durationMs(schedule) ?? ((cron(schedule).nextRun(new Date(after))?.getTime() ?? Infinity) - after));
}

function problemOf(schedule: string): string | undefined {
  const ms = durationMs(schedule);
  if (ms !== undefined) return ms < LEAST_MS || ms > MOST_MS ? 'a schedule is between PT5S and P366D' : undefined;
  if (/^P/.test(schedule)) return 'write a duration of weeks, days, hours, minutes and seconds, like PT6H or P1D; years and months have no fixed length';
  try {
    return cron(schedule).nextRun(new Date(0)) === null ? 'the schedule names no time at all' : undefined;
  } catch {
    return 'write an ISO 8601 duration like PT6H, or the five fields of cron in UTC like "0 3 * * *"';
  }
}

/** When something is to happen again and again: an ISO 8601 duration from one time to the next, or the five fields of cron, in UTC. */
export const scheduleSchema = z.string().max(128).superRefine((schedule, context) => {
  const message = problemOf(schedule);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
}).meta({ id: 'Schedule', description: 'An ISO 8601 duration (`PT6H`), or the five fields of cron in UTC (`0 3 * * *`).', examples: ['PT6H', '0 3 * * *'] });

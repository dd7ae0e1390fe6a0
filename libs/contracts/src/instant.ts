import { z } from 'zod';

/** RFC 3339 with any offset; kept in UTC. The year has four digits, so that times compare as text. */
export const instantSchema = z.iso.datetime({ offset: true, error: 'must be a time like 2027-01-31T12:00:00Z' }).transform((text, context) => {
  const time = new Date(text);
  if (Number.isFinite(time.getTime()) && /^\d{4}-/.test(time.toISOString())) return time.toISOString();
  context.addIssue({ code: 'custom', message: 'must be a time like 2027-01-31T12:00:00Z' });
  return z.NEVER;
});

/** A position of an answer, or a time: what begins like a date is no position, and without its zone a time is another one for each who reads it. */
export const endSchema = z.string().min(1).max(4096).refine(
  (end) => !/^\d{4}-\d\d-\d\d/.test(end) || instantSchema.safeParse(end).success,
  'must be a position, or a time with its zone (RFC 3339) like 2027-01-31T12:00:00Z or 2027-01-31T13:00:00+01:00',
);

import { z } from 'zod';

/** RFC 3339 with any offset; kept in UTC. The year has four digits, so that times compare as text. */
export const instantSchema = z.iso.datetime({ offset: true, error: 'must be a time like 2027-01-31T12:00:00Z' }).transform((text, context) => {
  const time = new Date(text);
  if (Number.isFinite(time.getTime()) && /^\d{4}-/.test(time.toISOString())) return time.toISOString();
  context.addIssue({ code: 'custom', message: 'must be a time like 2027-01-31T12:00:00Z' });
  return z.NEVER;
});

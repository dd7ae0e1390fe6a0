import { InvalidArgumentError } from 'commander';

const MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Named here: the schemas would make every command start later. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
export const INSTANT_FORM = 'a time with its zone (RFC 3339) like 2027-01-31T12:00:00Z or 2027-01-31T13:00:00+01:00';

/** Without its zone a time is another one for each who reads it. */
export const isInstant = (text: string): boolean => INSTANT.test(text) && !Number.isNaN(Date.parse(text));

/** `30s`, `5m`, `12h`, `90d` or seconds, as milliseconds. */
export function parseDuration(text: string): number {
  const match = /^(\d{1,7})(ms|s|m|h|d)?$/.exec(text);
  if (!match) throw new InvalidArgumentError('write a duration like 30s, 5m, 12h or 90d');
  return Number(match[1]) * (MS[match[2] ?? 's'] ?? 1000);
}

/** The same in whole seconds. */
export const parseSeconds = (text: string): number => Math.ceil(parseDuration(text) / 1000);

/** A time, or a duration from now on; as RFC 3339 in UTC. */
export function parseMoment(text: string): string {
  if (/^\d+[smhd]$/.test(text)) return new Date(Date.now() + parseDuration(text)).toISOString();
  if (!isInstant(text)) throw new InvalidArgumentError(`write ${INSTANT_FORM}, or a duration like 90d`);
  return new Date(text).toISOString();
}

/** A position of the log, or a time, as it was written. */
export function parseEnd(text: string): string {
  if (/^\d{4}-\d\d-\d\d/.test(text) && !isInstant(text)) throw new InvalidArgumentError(`write a position, or ${INSTANT_FORM}`);
  return text;
}

import { InvalidArgumentError } from 'commander';

const MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

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
  if (Number.isNaN(Date.parse(text))) throw new InvalidArgumentError('write a time like 2027-01-31T12:00:00Z, or a duration like 90d');
  return new Date(text).toISOString();
}

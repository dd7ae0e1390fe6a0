import { InvalidArgumentError } from 'commander';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `30m`, `12h`, `90d` or seconds. */
export function parseSeconds(text: string): number {
  const match = /^(\d{1,7})([smhd])?$/.exec(text);
  if (!match) throw new InvalidArgumentError('write a duration like 30m, 12h or 90d');
  return Number(match[1]) * (SECONDS[match[2] ?? 's'] ?? 1);
}

/** A time, or a duration from now on; as RFC 3339 in UTC. */
export function parseMoment(text: string): string {
  if (/^\d+[smhd]$/.test(text)) return new Date(Date.now() + parseSeconds(text) * 1000).toISOString();
  if (Number.isNaN(Date.parse(text))) throw new InvalidArgumentError('write a time like 2027-01-31T12:00:00Z, or a duration like 90d');
  return new Date(text).toISOString();
}

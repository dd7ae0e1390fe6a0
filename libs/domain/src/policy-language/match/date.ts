/** The W3C profile of ISO 8601: a year, a month, a day, or a time with its zone. */
const W3C = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;
/** Seconds since 1970; four digits are a year. */
const EPOCH = /^\d{1,3}$|^\d{5,12}$/;

const MINUTE = 60_000;

/** Milliseconds since 1970, or undefined where it is no date. A time without a zone is UTC. */
export function readDate(text: string): number | undefined {
  if (EPOCH.test(text)) return Number(text) * 1_000;
  const found = W3C.exec(text);
  if (!found) return undefined;
  const [, year = '', month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = found;
  const days = calendarDay(Number(year), Number(month), Number(day));
  if (days === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const offset = zoneOffset(zone);
  if (offset === undefined) return undefined;
  const time = (Number(hour) * 60 + Number(minute)) * MINUTE + Number(second) * 1_000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return days + time - offset;
}

function calendarDay(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

function zoneOffset(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE;
}

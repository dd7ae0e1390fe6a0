import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** `4 min ago`, or `in 4 min` of what is to come. */
export function relative(time: string, now: number): string {
  const seconds = Math.round((now - Date.parse(time)) / 1000);
  const [amount, past] = [Math.abs(seconds), seconds >= 0];
  const text = amount < 60 ? `${amount} s` : amount < 3600 ? `${Math.floor(amount / 60)} min` : amount < 86_400 ? `${Math.floor(amount / 3600)} h` : `${Math.floor(amount / 86_400)} d`;
  if (amount < 2) return 'now';
  return past ? `${text} ago` : `in ${text}`;
}

const TICK_MS = 5000;

/** Time that goes on while somebody looks; the exact one is there for who points at it and for programs. */
export function Ago({ time }: { readonly time: string }): JSX.Element {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return <time dateTime={time} title={time}>{relative(time, Math.max(now, Date.now()))}</time>;
}

import type { JSX } from 'preact';
import { signal, useSignal } from './signal';

/** `4 min ago`, or `in 4 min` of what is to come. */
export function relative(time: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(time)) / 1000);
  const [amount, past] = [Math.abs(seconds), seconds >= 0];
  const text = amount < 60 ? `${amount} s` : amount < 3600 ? `${Math.floor(amount / 60)} min` : amount < 86_400 ? `${Math.floor(amount / 3600)} h` : `${Math.floor(amount / 86_400)} d`;
  if (seconds === 0 || seconds === -1) return 'now';
  return past ? `${text} ago` : `in ${text}`;
}

const TICK_MS = 1000;

/** One for all that is shown, so that what happened later never seems older. */
const clock = signal(Date.now());
setInterval(() => clock.set(Date.now()), TICK_MS);

/** What the time is, for what changes with it though nothing happens. */
export const useNow = (): number => useSignal(clock);

/** Time that goes on while somebody looks; the exact one is there for who points at it and for programs. */
export function Ago({ time }: { readonly time: string }): JSX.Element {
  return <time dateTime={time} title={time}>{relative(time, useNow())}</time>;
}

import type { JSX } from 'preact';
import type { LogEvent } from '../api/schemas';

/** The event as it stands in the log, for who wants to see all of it. */
export function EventDetails({ event }: { readonly event: LogEvent }): JSX.Element {
  return <details><summary>{event.type}</summary><pre tabIndex={0}>{JSON.stringify(event, null, 2)}</pre></details>;
}

import type { JSX } from 'preact';
import { eventSchema, pageOf, type LogEvent } from '../../api/schemas';
import type { Client } from '../../api/client';
import { useLive } from '../../api/use-live';
import { Ago } from '../../ui/ago';
import { EventDetails } from '../../ui/event-details';
import { eventTitle, isIntent, targetOf } from '../../ui/event-text';
import { Command, Trouble } from '../../ui/notices';
import { isAbout } from './is-about';

const PAGE = 1000;
const MOST_PAGES = 3;
const historySchema = pageOf(eventSchema);

interface Read {
  readonly events: readonly LogEvent[];
  readonly hasMore: boolean;
}

/** Intent and outcome on one line of time, the newest first. */
export function History({ id, kind }: { readonly id: string; readonly kind: string }): JSX.Element {
  const { value, error } = useLive(id, (client, signal) => readHistory(client, id, signal), isAbout(id));
  return (
    <section class="section" aria-labelledby="history">
      <h2 id="history">History</h2>
      <Trouble error={error} />
      {value && value.hasMore && <p>Only its first {value.events.length} events are shown. All of them: <Command line={`npx wami ${kind} history ${id}`} /></p>}
      {value && <ol class="panel timeline">{[...value.events].reverse().map((event) => <Entry key={event.position} event={event} />)}</ol>}
    </section>
  );
}

function Entry({ event }: { readonly event: LogEvent }): JSX.Element {
  const at = targetOf(event);
  return (
    <li class={isIntent(event) ? 'intent' : 'outcome'}>
      <Ago time={event.time} />
      <div>
        <span class="what">{eventTitle(event)}</span>{at !== undefined && <> at {at}</>} <span class="quiet">{isIntent(event) && `by ${event.actor}`}</span>
        <EventDetails event={event} />
      </div>
    </li>
  );
}

async function readHistory(client: Client, id: string, signal: AbortSignal): Promise<Read> {
  const events: LogEvent[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, nextCursor } = await client.get(`/v1/resources/${id}/history`, historySchema, { query: { limit: PAGE, cursor }, signal });
    events.push(...items);
    cursor = nextCursor;
    if (cursor === undefined) break;
  }
  return { events, hasMore: cursor !== undefined };
}

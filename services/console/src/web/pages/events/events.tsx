import { ID_PREFIXES, RESOURCE_KINDS } from '@wami/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { LogEvent } from '../../api/schemas';
import { Link, usePlace, withQuery, type Place } from '../../router';
import { Ago } from '../../ui/ago';
import { EventDetails } from '../../ui/event-details';
import { eventTitle, isIntent, targetOf } from '../../ui/event-text';
import { Typed } from '../../ui/filter-fields';
import { Command, Empty, Trouble } from '../../ui/notices';
import { useTitle } from '../../ui/title';
import { SavedViews } from '../../views/saved-views';
import { among, exportLine, linesOf, NEWEST, type Among, type TailFilter } from './tail';
import { useTail } from './use-tail';

/** The log as it is written, the newest first. */
export function Events(): JSX.Element {
  useTitle('Events');
  const place = usePlace();
  const [held, setHeld] = useState<readonly LogEvent[]>();
  const asked = (name: string): string => place.query.get(name)?.trim() ?? '';
  const filter: TailFilter = { type: asked('type'), tenant: asked('tenant'), resource: asked('resource') };
  const narrowed: Among = { actor: asked('actor'), correlation: asked('correlation') };
  const isNarrowed = narrowed.actor !== '' || narrowed.correlation !== '';
  const { events, error } = useTail(filter);
  const read = held ?? events;
  const shown = read && among(read, narrowed);
  const types = [...new Set((events ?? []).map(({ type }) => type))].sort();
  const waiting = held && events ? events.filter(({ id }) => !held.some((one) => one.id === id)).length : 0;
  return (
    <>
      <h1>Events</h1>
      <search>
        <form class="filters" onSubmit={(event) => event.preventDefault()}>
          <Typed place={place} name="type" label="Type" hint="wami.sync.failed.v1" list="types" wide />
          <Typed place={place} name="tenant" label="Tenant, and below" hint="acme/core" />
          <Typed place={place} name="resource" label="Resource" hint="usr_01J..." />
          <Typed place={place} name="actor" label="By" hint="admin" />
          <Typed place={place} name="correlation" label="Of one request" hint="req_01J..." />
          <button type="button" aria-pressed={held !== undefined} onClick={() => setHeld(held ? undefined : events)}>{held ? `Go on (${waiting} new)` : 'Hold still'}</button>
          <datalist id="types">{types.map((type) => <option key={type} value={type} />)}</datalist>
        </form>
      </search>
      <SavedViews place={place} />
      <Trouble error={error} />
      {isNarrowed && <p class="quiet">Looked for among the newest {NEWEST} that the other filters let through.</p>}
      {shown && shown.length > 0 && <Download events={shown} filter={filter} />}
      <section class="panel" aria-label="Events">
        {shown && shown.length > 0 && <ol class="timeline">{[...shown].reverse().map((event) => <Entry key={event.id} event={event} place={place} />)}</ol>}
        {shown?.length === 0 && <Nothing place={place} filtered={isNarrowed || Object.values(filter).some((one) => one !== '')} />}
      </section>
    </>
  );
}

/** What is shown, as a file; more than that is the command's to write. */
function Download({ events, filter }: { readonly events: readonly LogEvent[]; readonly filter: TailFilter }): JSX.Element {
  const save = (): void => {
    const file = document.createElement('a');
    file.href = URL.createObjectURL(new Blob([linesOf(events)], { type: 'application/x-ndjson' }));
    file.download = 'wami-events.ndjson';
    file.click();
    URL.revokeObjectURL(file.href);
  };
  return <p class="action section"><button type="button" onClick={save}>Download the {events.length} shown</button> <span class="quiet">All of the log:</span> <Command line={exportLine(filter)} /></p>;
}

function Entry({ event, place }: { readonly event: LogEvent; readonly place: Place }): JSX.Element {
  const at = targetOf(event);
  return (
    <li class={isIntent(event) ? 'intent' : 'outcome'}>
      <Ago time={event.time} />
      <div>
        <span class="what">{eventTitle(event)}</span>{at !== undefined && <> at {at}</>} <About event={event} /> <span class="quiet">{event.tenant}{isIntent(event) && `, by ${event.actor}`}</span> <Link to={withQuery(place, { correlation: event.correlationid })}>{event.correlationid}</Link>
        <EventDetails event={event} />
      </div>
    </li>
  );
}

const IDS = new RegExp(`^(${RESOURCE_KINDS.map((kind) => ID_PREFIXES[kind]).join('|')})_\\w+$`);

function About({ event: { key, data: { data } } }: { readonly event: LogEvent }): JSX.Element {
  const named = typeof data === 'object' && data !== null && 'resource' in data && typeof data.resource === 'string' ? data.resource : key;
  return IDS.test(named) ? <Link to={`/r/${named}`} data-row>{named}</Link> : <code>{named}</code>;
}

function Nothing({ place, filtered }: { readonly place: Place; readonly filtered: boolean }): JSX.Element {
  if (filtered) return <Empty title="No event fits these filters yet."><p>One that comes appears here. <Link to={place.path}>Clear the filters</Link></p></Empty>;
  return <Empty title="Nothing has happened yet."><p>What does appears here as it is written:</p><Command line="npx wami user create ann --wait" /></Empty>;
}

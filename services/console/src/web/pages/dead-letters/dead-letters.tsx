import { deadLetterSchema } from '@wami/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { pageOf, type LogEvent } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { Link, usePlace, type Place } from '../../router';
import { Chosen } from '../../ui/filter-fields';
import { Command, Empty, Trouble } from '../../ui/notices';
import { NothingLeft, Pages } from '../../ui/pages';
import { useTitle } from '../../ui/title';
import { Letter } from './letter';

const PAGE = 50;
const listSchema = pageOf(deadLetterSchema);
/** What the sync services say of theirs. */
const isOfParked = ({ type }: LogEvent): boolean => type === 'wami.sync.dead-letter-reported.v1';

/** Events that the read models or a sync service could not take in, and what to do about each. */
export function DeadLetters(): JSX.Element {
  useTitle('Dead letters');
  const place = usePlace();
  const skipped = place.query.get('show') === 'skipped' ? 'true' : undefined;
  const cursor = place.query.get('cursor') ?? undefined;
  const [asked, setAsked] = useState(0);
  const { value, error, loading } = useLive(`${skipped} ${cursor} ${asked}`, (client, signal) => client.get('/v1/dead-letters', listSchema, { query: { skipped, cursor, limit: PAGE }, signal }), isOfParked);
  return (
    <>
      <h1>Dead letters</h1>
      <p>Events that could not be taken in. Later ones of the same resource wait behind them; everything else goes on.</p>
      <search>
        <form class="filters" onSubmit={(event) => event.preventDefault()}><Chosen place={place} name="show" label="Show" none="parked" options={['skipped']} /></form>
      </search>
      <Trouble error={error} />
      <section class="section" aria-label="Dead letters" aria-busy={loading}>
        {value?.items.map((letter) => <Letter key={letter.id} letter={letter} asked={() => setAsked((before) => before + 1)} />)}
        {value?.items.length === 0 && <div class="panel"><Nothing place={place} /></div>}
        <Pages place={place} label="Pages of the list" next={value?.nextCursor} />
      </section>
    </>
  );
}

function Nothing({ place }: { readonly place: Place }): JSX.Element {
  if (place.query.has('cursor')) return <NothingLeft place={place} />;
  if (place.query.has('show')) return <Empty title="Nothing was skipped."><Link to={place.path}>Those that are parked</Link></Empty>;
  return <Empty title="No event is parked."><p>What cannot be taken in appears here, with the reason; from a terminal:</p><Command line="npx wami dead-letters" /></Empty>;
}

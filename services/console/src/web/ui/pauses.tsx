import { pauseViewSchema, type PauseView } from '@wami/contracts';
import type { JSX } from 'preact';
import { pageOf, type LogEvent } from '../api/schemas';
import { useLive } from '../api/use-live';
import { Link } from '../router';
import { Action } from './action';
import { Ago } from './ago';
import { Command } from './notices';
import { pausedText, resumeBody, resumeLine } from './pause-text';

export const MOST_PAUSES = 100;
const listSchema = pageOf(pauseViewSchema);
export const isOfPauses = ({ type }: LogEvent): boolean => type.startsWith('wami.pause.');

/** On every page, while something is held back by a pause. */
export function PausedBanner(): JSX.Element {
  const { value } = useLive('paused', (client, signal) => client.get('/v1/pauses', listSchema, { query: { limit: 1 }, signal }), isOfPauses);
  const [first] = value?.items ?? [];
  return <div role="status">{first && <p class="banner away"><strong>PAUSED</strong> Nothing is called for {pausedText(first)}. <Link to="/">See the pauses</Link></p>}</div>;
}

/** Who paused what, why and until when, and the button that ends it; nothing where nothing is paused, or the page itself says that it cannot be read. */
export function Pauses({ tenant }: { readonly tenant: string | undefined }): JSX.Element | null {
  const { value } = useLive(`pauses ${tenant}`, (client, signal) => client.get('/v1/pauses', listSchema, { query: { tenant, limit: MOST_PAUSES }, signal }), isOfPauses);
  if (!value || value.items.length === 0) return null;
  return (
    <section class="section" aria-labelledby="pauses">
      <h2 id="pauses">Paused</h2>
      <ul class="panel needs">{value.items.map((pause) => <Pause key={pause.id} pause={pause} />)}</ul>
      {value.nextCursor !== undefined && <p>These are the first {MOST_PAUSES}. All of them: <Command line="npx wami sync pauses" /></p>}
    </section>
  );
}

/** Who paused what, why and until when, with the button that ends it. */
export function Pause({ pause }: { readonly pause: PauseView }): JSX.Element {
  const { reason, startedAt, startedBy, until } = pause;
  return (
    <li>
      <strong>{pausedText(pause)}</strong> {reason}
      <p class="hint">Since <Ago time={startedAt} /> by {startedBy}, {until === undefined ? 'until somebody resumes' : <>until <Ago time={until} /></>}.</p>
      <Action label="Resume, with all within it" line={resumeLine(pause)} path="/v1/sync/resume" body={resumeBody(pause)} done="Resumed." />
    </li>
  );
}

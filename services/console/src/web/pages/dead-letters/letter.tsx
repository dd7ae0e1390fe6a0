import type { DeadLetter } from '@wami/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { askedSchema } from '../../api/schemas';
import { useConsole } from '../../console-context';
import { Link } from '../../router';
import { Ago } from '../../ui/ago';
import { Command, Trouble } from '../../ui/notices';

interface Props {
  readonly letter: DeadLetter;
  /** Something was asked for: what is shown may be old. */
  readonly asked: () => void;
}

/** One of them: why it was refused, and the buttons for it unless it only waits. */
export function Letter({ letter, asked }: Props): JSX.Element {
  const { id, consumer, type, resource, tenant, reason, waiting, attempts, parkedAt, skipped } = letter;
  return (
    <article class="panel padded" aria-label={`${type} at ${consumer}`}>
      <div class="title">
        <h2><Link to={`/r/${resource}`} data-row>{resource}</Link></h2>
        <span class="quiet">{type}{tenant !== '' && ` of ${tenant}`}, by {consumer}, <Ago time={parkedAt} />{!waiting && `, tried ${attempts} ${attempts === 1 ? 'time' : 'times'}`}</span>
      </div>
      <p>{reason}</p>
      {skipped && <p>Skipped by {skipped.by}, <Ago time={skipped.at} />: {skipped.reason}</p>}
      {!skipped && !waiting && <Verbs letter={letter} asked={asked} />}
      {!skipped && !waiting && <Command line={`npx wami dead-letters retry ${id}`} />}
    </article>
  );
}

/** The projection is asked itself; a sync service by an event. */
function requestOf({ id, consumer, event }: DeadLetter, verb: 'retry' | 'skip', more: object): { readonly path: string; readonly body: object } {
  if (consumer === 'projection') return { path: `/v1/dead-letters/${encodeURIComponent(id)}/${verb}`, body: more };
  return { path: `/v1/dead-letter-requests/${verb}`, body: { provider: consumer.slice('sync-'.length), event, ...more } };
}

function Verbs({ letter, asked }: Props): JSX.Element {
  const { client } = useConsole();
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState('');
  const [said, setSaid] = useState<string>();
  const [error, setError] = useState<Error>();
  const ask = async (verb: 'retry' | 'skip', more: object): Promise<void> => {
    const { path, body } = requestOf(letter, verb, more);
    setBusy(true);
    setError(undefined);
    setSaid(undefined);
    await client.write('POST', path, askedSchema, { body }).then(() => {
      setSaid(verb === 'retry' ? 'Asked for: it is tried again.' : 'Asked for: it is left out.');
      asked();
    }, setError);
    setBusy(false);
  };
  return (
    <div>
      <form class="action" onSubmit={(event) => { event.preventDefault(); void ask('skip', { reason }); }}>
        <button type="button" disabled={busy} onClick={() => void ask('retry', {})}>Try again</button>
        <label>Why it is left out for good <input name="reason" required maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} autocomplete="off" /></label>
        <button type="submit" disabled={busy}>Skip</button>
      </form>
      <div role="status">{said !== undefined && <p class="said">{said}</p>}</div>
      <Trouble error={error} />
    </div>
  );
}

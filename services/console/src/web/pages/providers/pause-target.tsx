import { pauseViewSchema, type ProviderTargetView } from '@wami/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { pageOf } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { useConsole } from '../../console-context';
import { targetName } from '../../ui/chip';
import { maySync } from '../../ui/may';
import { Command, Trouble } from '../../ui/notices';
import { isOfPauses, MOST_PAUSES, Pause } from '../../ui/pauses';
import { useWrite } from '../editing/use-write';
import { PAUSE_FOR, pauseBody, pauseLine } from './pause-text';

const NO_FIELDS = [] as const;
const listSchema = pageOf(pauseViewSchema);

/** Pauses of just this target, with what ends them, and what makes another. */
export function PauseTarget({ target }: { readonly target: ProviderTargetView }): JSX.Element {
  const { who } = useConsole();
  const name = targetName(target);
  const { value } = useLive('pauses', (client, signal) => client.get('/v1/pauses', listSchema, { query: { limit: MOST_PAUSES }, signal }), isOfPauses);
  const here = value?.items.filter(({ provider, account, resource }) => provider === target.provider && account === target.account && resource === undefined) ?? [];
  return (
    <section class="actions" aria-label={`Pause of ${name}`}>
      <h3>{here.length > 0 ? 'Nothing is called there' : 'Holding it back for a while'}</h3>
      {here.length > 0 && <ul class="needs">{here.map((pause) => <Pause key={pause.id} pause={pause} />)}</ul>}
      {maySync(who.role) && <PauseForm target={target} />}
    </section>
  );
}

function PauseForm({ target }: { readonly target: ProviderTargetView }): JSX.Element {
  const { client } = useConsole();
  const { error, wrong, write } = useWrite(NO_FIELDS);
  const [reason, setReason] = useState('');
  const [hours, setHours] = useState('');
  const asked = { target, reason: reason.trim(), hours };
  const pause = (event: Event): void => {
    event.preventDefault();
    write(JSON.stringify(asked), async ({ key = '' }) => {
      await client.write('POST', '/v1/sync/pause', pauseViewSchema, { body: pauseBody(asked, Date.now()), key });
      setReason('');
    });
  };
  return (
    <>
      <form class="filters" onSubmit={pause}>
        <label class="wide">Why it is paused<input name="reason" required maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} autocomplete="off" /></label>
        <label>Until<select name="until" value={hours} onChange={(event) => setHours(event.currentTarget.value)}><option value="">somebody resumes</option>{PAUSE_FOR.map(([value, text]) => <option key={value} value={value}>{text}</option>)}</select></label>
        <button type="submit">Pause</button>
      </form>
      <p class="quiet">Edits are taken in; nothing is read or written at {targetName(target)}. Deletions and revocations wait too.</p>
      <p><Command line={pauseLine(asked)} /></p>
      <Trouble error={error} />
      {wrong[''] !== undefined && <p class="trouble">{wrong['']}</p>}
    </>
  );
}

import type { ExplainedTarget } from '@wami/contracts';
import type { JSX } from 'preact';
import { Ago } from '../../ui/ago';
import { Told } from '../../ui/told';

/** What is wanted against what was last synced, field by field. */
export function Changes({ changes, more, syncedAt }: ExplainedTarget['difference']): JSX.Element {
  return (
    <div class="scroll">
      <table class="difference">
        <caption class="quiet">{syncedAt === undefined ? 'Nothing was synced yet.' : <>As it was last synced, <Ago time={syncedAt} />. The cloud was not asked.</>}</caption>
        <thead><tr><th scope="col">Field</th><th scope="col">Last synced</th><th scope="col">Wanted</th></tr></thead>
        <tbody>
          {changes.map(({ field, from, to }) => <tr key={`${field} ${from} ${to}`}><th scope="row">{field}</th><td class="was"><Told text={from} /></td><td class="will">{to === undefined ? <span class="quiet">taken away</span> : <Told text={to} />}</td></tr>)}
        </tbody>
      </table>
      {more > 0 && <p class="quiet">and {more} more</p>}
    </div>
  );
}

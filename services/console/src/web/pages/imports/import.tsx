import { IMPORT_OUTCOMES, importItemSchema, jobViewSchema, type ImportItem, type ImportProgress, type JobView } from '@wami/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../../api/client';
import { pageOf } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { useConsole } from '../../console-context';
import { Link, usePlace, type Place } from '../../router';
import { targetName } from '../../ui/chip';
import { Chosen } from '../../ui/filter-fields';
import { mayChange, maySync } from '../../ui/may';
import { Command, Empty, Trouble } from '../../ui/notices';
import { NothingLeft, Pages } from '../../ui/pages';
import { useTitle } from '../../ui/title';
import { targetLink } from '../providers/target-text';
import { importLine, OUTCOMES, progressText, whyText } from './import-text';
import { ImportButton } from './start-import';

const PAGE = 50;
const listSchema = pageOf(importItemSchema);

/** One import: how far it is, what it found, and what became of each. */
export function Import({ id }: { readonly id: string }): JSX.Element {
  useTitle(id);
  const { value, error } = useLive(id, (client, signal) => client.get(`/v1/jobs/${id}`, jobViewSchema, { signal }));
  if ((error instanceof ApiError && error.status === 404) || (value && !value.import)) return <NoImport id={id} />;
  return (
    <>
      <p><Link to="/t">All providers</Link></p>
      {value?.import ? <Told job={value} progress={value.import} /> : <h1>{id}</h1>}
      <Trouble error={error} />
      {value && <Items id={id} state={value.state} />}
    </>
  );
}

function Told({ job: { id, state }, progress }: { readonly job: JobView; readonly progress: ImportProgress }): JSX.Element {
  const { tenant, kinds, adopt, found, problems } = progress;
  return (
    <>
      <div class="title"><h1>Import from <Link to={targetLink(progress)}>{targetName(progress)}</Link></h1><strong class={state === 'done' ? 'ok' : ''}>{state === 'done' ? '✓ done' : '… under way'}</strong></div>
      <p class="why" role="status">{progressText(progress)}</p>
      {problems.map(({ kind, code, message }) => <p key={kind} class="trouble"><strong>{kind} could not be read: {code}</strong> {message}</p>)}
      <dl class="facts">
        <div><dt>For tenant</dt><dd><Link to={`/tenants?${new URLSearchParams({ tenant }).toString()}`}>{tenant}</Link></dd></div>
        <div><dt>Kinds</dt><dd>{kinds.join(', ')}</dd></div>
        <div><dt>Job</dt><dd><code>{id}</code></dd></div>
      </dl>
      {state === 'done' && !adopt && found > 0 && <Adopt progress={progress} />}
    </>
  );
}

/** Asks twice, as the command does. */
function Adopt({ progress }: { readonly progress: ImportProgress }): JSX.Element | null {
  const { who: { role } } = useConsole();
  const [asked, setAsked] = useState(false);
  if (!maySync(role) || !mayChange(role)) return null;
  const { tenant, provider, account, kinds } = progress;
  const adopting = { tenant, provider, account, kinds, adopt: true };
  if (!asked) return <p class="action"><button type="button" onClick={() => setAsked(true)}>Manage what was found</button> <Command line={importLine(adopting)} /></p>;
  return (
    <div role="group" aria-label="Manage what was found?">
      <p>All that can be imported there becomes resources of {tenant}. In the cloud nothing of it changes but its marks.</p>
      <ImportButton asked={adopting} label="Manage it from now on" main />
      <p class="action section"><button type="button" onClick={() => setAsked(false)}>Leave it as it is</button></p>
    </div>
  );
}

function Items({ id, state }: { readonly id: string; readonly state: JobView['state'] }): JSX.Element {
  const place = usePlace();
  const [outcome, cursor] = ['outcome', 'cursor'].map((name) => place.query.get(name) ?? undefined);
  const { value, error, loading } = useLive(`${id} ${outcome} ${cursor}`, (client, signal) => client.get(`/v1/imports/${id}/items`, listSchema, { query: { outcome, cursor, limit: PAGE }, signal }));
  return (
    <section class="section" aria-labelledby="found" aria-busy={loading}>
      <h2 id="found">What was found</h2>
      <form class="filters" onSubmit={(event) => event.preventDefault()}><Chosen place={place} name="outcome" label="Outcome" options={IMPORT_OUTCOMES} /></form>
      <Trouble error={error} />
      <div class="panel">
        {value && value.items.length > 0 && <Table items={value.items} />}
        {value?.items.length === 0 && <Nothing place={place} state={state} />}
        <Pages place={place} label="Pages of what was found" next={value?.nextCursor} />
      </div>
    </section>
  );
}

function Table({ items }: { readonly items: readonly ImportItem[] }): JSX.Element {
  return (
    <div class="scroll">
      <table>
        <thead><tr><th scope="col">Name</th><th scope="col">Kind</th><th scope="col">Outcome</th><th scope="col">Why</th><th scope="col">There it is</th></tr></thead>
        <tbody>{items.map((item) => <Row key={item.item} {...item} />)}</tbody>
      </table>
    </div>
  );
}

function Row({ kind, name, outcome, resource, nativeArn, providerResourceId, ...why }: ImportItem): JSX.Element {
  const [look, word] = OUTCOMES[outcome];
  const shown = name === '' ? <span class="quiet">forgotten</span> : name;
  return (
    <tr>
      <th scope="row" class="name">{resource === undefined ? shown : <Link to={`/r/${resource}`} data-row>{shown}</Link>}</th>
      <td class="narrow">{kind}</td>
      <td class="narrow"><span class={look}>{word}</span></td>
      <td>{whyText(why)}</td>
      <td><code>{nativeArn === '' ? providerResourceId : nativeArn}</code></td>
    </tr>
  );
}

function Nothing({ place, state }: { readonly place: Place; readonly state: JobView['state'] }): JSX.Element {
  if (place.query.has('cursor')) return <NothingLeft place={place} />;
  if (place.query.has('outcome')) return <Empty title="Nothing came to this."><Link to={place.path}>All that was found</Link></Empty>;
  return <Empty title={state === 'done' ? 'All that stands there is managed.' : 'Nothing was found yet.'} />;
}

function NoImport({ id }: { readonly id: string }): JSX.Element {
  useTitle('No such import');
  return <><h1>No such import</h1><Empty title={`There is no import ${id}, or the token may not see it.`}><Link to="/t">All providers</Link></Empty></>;
}

import { apiKeyViewSchema, type ApiKeyView, type IssuedApiKey } from '@wami/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { pageOf, type LogEvent } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { useConsole } from '../../console-context';
import { Link, usePlace, type Place } from '../../router';
import { Typed } from '../../ui/filter-fields';
import { mayConfigure } from '../../ui/may';
import { Command, Empty, Trouble } from '../../ui/notices';
import { NothingLeft, Pages } from '../../ui/pages';
import { useTitle } from '../../ui/title';
import { KeyRow } from './key-row';
import { NewKey } from './new-key';
import { ShownOnce } from './shown-once';

const PAGE = 50;
const listSchema = pageOf(apiKeyViewSchema);
const concerns = ({ type }: LogEvent): boolean => type.startsWith('wami.api-key.');

/** API keys of programs and people: who has one, for what, and since when it was not used. */
export function Keys(): JSX.Element {
  useTitle('Keys');
  const { who: { role } } = useConsole();
  return <><h1>Keys</h1><p>With an API key a program or a person calls WAMI, for one tenant and those below it.</p>{mayConfigure(role) ? <All /> : <NotYours />}</>;
}

function All(): JSX.Element {
  const place = usePlace();
  const [issued, setIssued] = useState<IssuedApiKey>();
  const [tenant, cursor] = [place.query.get('tenant')?.trim() || undefined, place.query.get('cursor') ?? undefined];
  const { value, error, loading } = useLive(`${tenant} ${cursor}`, (client, signal) => client.get('/v1/api-keys', listSchema, { query: { tenant, cursor, limit: PAGE }, signal }), concerns);
  return (
    <>
      {issued && <ShownOnce issued={issued} done={() => setIssued(undefined)} />}
      <search><form class="filters" onSubmit={(event) => event.preventDefault()}><Typed place={place} name="tenant" label="Tenant, and below" hint="acme/core" /></form></search>
      <Trouble error={error} />
      <section class="panel" aria-label="API keys" aria-busy={loading}>
        {value && value.items.length > 0 && <Table items={value.items} issue={setIssued} />}
        {value?.items.length === 0 && <Nothing place={place} />}
        <Pages place={place} label="Pages of the list" next={value?.nextCursor} />
      </section>
      <NewKey tenant={tenant} issue={setIssued} />
    </>
  );
}

function Table({ items, issue }: { readonly items: readonly ApiKeyView[]; readonly issue: (issued: IssuedApiKey | undefined) => void }): JSX.Element {
  return (
    <div class="scroll">
      <table>
        <thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">Tenant</th><th scope="col">Made</th><th scope="col">Expires</th><th scope="col">Last used</th><th scope="col">What to do</th></tr></thead>
        <tbody>{items.map((item) => <KeyRow key={item.id} item={item} issue={issue} />)}</tbody>
      </table>
    </div>
  );
}

function Nothing({ place }: { readonly place: Place }): JSX.Element {
  if (place.query.has('cursor')) return <NothingLeft place={place} />;
  if (place.query.has('tenant')) return <Empty title="This tenant has no keys."><Link to={place.path}>Those of all that you see</Link></Empty>;
  return <Empty title="There are no API keys yet."><p>Make one below, or from a terminal:</p><Command line="npx wami key create dashboard --role viewer" /></Empty>;
}

function NotYours(): JSX.Element {
  return <div class="panel"><Empty title="Your role does not allow this."><p>Keys are made, listed and revoked by an administrator of the tenant.</p></Empty></div>;
}

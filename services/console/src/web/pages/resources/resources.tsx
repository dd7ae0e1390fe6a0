import type { JSX } from 'preact';
import { queryText } from '../../api/client';
import { pageOf, resourceSchema, type Resource } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { useConsole } from '../../console-context';
import { Link, usePlace, type Place } from '../../router';
import { Ago } from '../../ui/ago';
import { Chip, targetName } from '../../ui/chip';
import { mayChange } from '../../ui/may';
import { Command, Empty, Trouble } from '../../ui/notices';
import { NothingLeft, Pages } from '../../ui/pages';
import { useTitle } from '../../ui/title';
import { SavedViews } from '../../views/saved-views';
import { Filters } from './filters';
import { isFiltered, listQuery } from './list-query';

const PAGE = 50;
const listSchema = pageOf(resourceSchema);

/** Every resource that the token may see, page by page from the server: it never holds more than one page. */
export function Resources(): JSX.Element {
  useTitle('Resources');
  const place = usePlace();
  const { who: { role } } = useConsole();
  const query = listQuery(place.query);
  const { value, error, loading } = useLive(JSON.stringify(query), (client, signal) => client.get('/v1/resources', listSchema, { query: { ...query, include: 'states', limit: PAGE }, signal }));
  return (
    <>
      <div class="title"><h1>Resources</h1>{mayChange(role) && <Link to={newLink(place)}>Create</Link>}</div>
      <Filters place={place} />
      <SavedViews place={place} />
      <Trouble error={error} />
      <section class="panel" aria-label="Resources" aria-busy={loading}>
        {value && value.items.length > 0 && <Table items={value.items} />}
        {value?.items.length === 0 && value.nextCursor === undefined && <Nothing place={place} />}
        <Pages place={place} label="Pages of the list" next={value?.nextCursor} />
      </section>
    </>
  );
}

/** For what the filters are about. */
const newLink = ({ query }: Place): string => `/new${queryText({ kind: query.get('kind') ?? undefined, tenant: query.get('tenant') ?? undefined })}`;

function Table({ items }: { readonly items: readonly Resource[] }): JSX.Element {
  return (
    <div class="scroll">
      <table>
        <thead><tr><th scope="col">Name</th><th scope="col">Kind</th><th scope="col">Tenant</th><th scope="col">State at each target</th><th scope="col">Changed</th></tr></thead>
        <tbody>{items.map((item) => <Row key={item.id} {...item} />)}</tbody>
      </table>
    </div>
  );
}

function Row({ id, name, kind, tenant, states = [], updatedAt }: Resource): JSX.Element {
  return (
    <tr>
      <td><Link to={`/r/${id}`} class="name" data-row>{name === '' ? id : name}</Link></td>
      <td class="narrow">{kind}</td>
      <td>{tenant}</td>
      <td>{states.length === 0 ? <span class="quiet">no target is asked for</span> : <span class="chips">{states.map((one) => <Chip key={targetName(one)} state={one.state} target={targetName(one)} />)}</span>}</td>
      <td class="narrow"><Ago time={updatedAt} /></td>
    </tr>
  );
}

function Nothing({ place }: { readonly place: Place }): JSX.Element {
  if (place.query.has('cursor')) return <NothingLeft place={place} />;
  if (isFiltered(place.query)) return <Empty title="Nothing fits these filters."><Link to={place.path}>Clear the filters</Link></Empty>;
  return <Empty title="There are no resources yet."><p>A first user, seen here as soon as it is made:</p><Command line="npx wami user create ann --tag team=core --wait" /></Empty>;
}

import { REPORTS, type ReportName } from '@wami/contracts';
import type { JSX } from 'preact';
import { pageOf } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { Link, usePlace, type Place } from '../../router';
import { Ago } from '../../ui/ago';
import { Typed } from '../../ui/filter-fields';
import { Command, Empty, Trouble } from '../../ui/notices';
import { NothingLeft, Pages } from '../../ui/pages';
import { useTitle } from '../../ui/title';
import { tableOf, type Cell } from './report-tables';

const PAGE = 100;

/** One report at a time, as the address says; the same as `wami report`. */
export function Reports(): JSX.Element {
  const place = usePlace();
  const asked = place.query.get('name');
  const name = REPORTS.find((one) => one === asked) ?? 'sync-health';
  const { title, about } = tableOf(name);
  useTitle(title);
  return (
    <>
      <h1>{title}</h1>
      <nav class="chips" aria-label="Reports">{REPORTS.map((one) => <Link key={one} to={`/reports?name=${one}`} aria-current={one === name ? 'page' : undefined}>{tableOf(one).title}</Link>)}</nav>
      <p>{about}</p>
      <search><form class="filters" onSubmit={(event) => event.preventDefault()}><Typed place={place} name="tenant" label="Tenant" hint="with all below it" /></form></search>
      <Report key={name} name={name} place={place} />
    </>
  );
}

function Report({ name, place }: { readonly name: ReportName; readonly place: Place }): JSX.Element {
  const { title, row, head, cells, none } = tableOf(name);
  const tenant = place.query.get('tenant') ?? undefined;
  const cursor = place.query.get('cursor') ?? undefined;
  const { value, error, loading } = useLive(`${name} ${tenant} ${cursor}`, (client, signal) => client.get(`/v1/reports/${name}`, pageOf(row), { query: { tenant, limit: PAGE, cursor }, signal }));
  return (
    <>
      <Trouble error={error} />
      <section class="panel" aria-label={title} aria-busy={loading}>
        {value && value.items.length > 0 && (
          <div class="scroll">
            <table>
              <thead><tr>{head.map((one) => <th key={one} scope="col">{one}</th>)}</tr></thead>
              <tbody>{value.items.map((item, index) => <tr key={index}>{cells(item).map((cell, column) => <td key={column}><Shown cell={cell} /></td>)}</tr>)}</tbody>
            </table>
          </div>
        )}
        {value?.items.length === 0 && (cursor === undefined ? <Empty title={none} /> : <NothingLeft place={place} />)}
        <Pages place={place} label="Pages of the report" next={value?.nextCursor} />
      </section>
      <p>As a file: <Command line={`npx wami report ${name}${tenant === undefined ? '' : ` --tenant ${tenant}`} -o csv`} /></p>
    </>
  );
}

function Shown({ cell }: { readonly cell: Cell }): JSX.Element {
  return typeof cell === 'object' ? <Ago time={cell.time} /> : <>{cell}</>;
}

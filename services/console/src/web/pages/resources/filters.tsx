import { RESOURCE_KINDS, SYNC_ERROR_CODES, SYNC_STATES } from '@wami/contracts';
import type { JSX } from 'preact';
import { Link, type Place } from '../../router';
import { Chosen, Typed } from '../../ui/filter-fields';
import { isFiltered } from './list-query';

/** The filters are the address: what is shown can be sent to somebody, and gone back to. */
export function Filters({ place }: { readonly place: Place }): JSX.Element {
  return (
    <search>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <Typed place={place} name="q" label="Search" hint="name, id or ARN" id="search" wide />
        <Chosen place={place} name="kind" label="Kind" options={RESOURCE_KINDS} />
        <Chosen place={place} name="state" label="State" options={SYNC_STATES} />
        <Chosen place={place} name="code" label="Failed with" options={SYNC_ERROR_CODES} />
        <Typed place={place} name="tenant" label="Tenant, and below" hint="acme/core" />
        <Typed place={place} name="tag" label="Tag" hint="key or key=value" />
        {isFiltered(place.query) && <Link to={place.path}>Clear</Link>}
      </form>
    </search>
  );
}

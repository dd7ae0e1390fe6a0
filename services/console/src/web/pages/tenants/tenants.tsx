import { tenantViewSchema, type TenantView } from '@wami/contracts';
import type { JSX } from 'preact';
import { pageOf, type LogEvent } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { Link, usePlace, type Place } from '../../router';
import { Command, Empty, Trouble } from '../../ui/notices';
import { NothingLeft, Pages } from '../../ui/pages';
import { useTitle } from '../../ui/title';
import { OneTenant } from './one-tenant';
import { parentPart } from './tenant-path';

const PAGE = 50;
const listSchema = pageOf(tenantViewSchema);
const concerns = ({ type }: LogEvent): boolean => type.startsWith('wami.tenant.');

/** All that the token may see, or the one that the address names. */
export function Tenants(): JSX.Element {
  const place = usePlace();
  const tenant = place.query.get('tenant') ?? '';
  return tenant === '' ? <All place={place} /> : <OneTenant key={tenant} path={tenant}><List place={place} parent={tenant} /></OneTenant>;
}

function All({ place }: { readonly place: Place }): JSX.Element {
  useTitle('Tenants');
  return <><h1>Tenants</h1><p>Who owns resources, and how they are synced. What a tenant does not say itself it has from the one above.</p><List place={place} parent={undefined} /></>;
}

function List({ place, parent }: { readonly place: Place; readonly parent: string | undefined }): JSX.Element {
  const cursor = place.query.get('cursor') ?? undefined;
  const { value, error, loading } = useLive(`${parent} ${cursor}`, (client, signal) => client.get('/v1/tenants', listSchema, { query: { parent, cursor, limit: PAGE }, signal }), concerns);
  return (
    <>
      <Trouble error={error} />
      <section class="panel" aria-label="Tenants" aria-busy={loading}>
        {value && value.items.length > 0 && <Table items={value.items} />}
        {value?.items.length === 0 && <Nothing place={place} parent={parent} />}
        <Pages place={place} label="Pages of the list" next={value?.nextCursor} />
      </section>
    </>
  );
}

function Table({ items }: { readonly items: readonly TenantView[] }): JSX.Element {
  return (
    <div class="scroll">
      <table>
        <thead><tr><th scope="col">Tenant</th><th scope="col">Name</th><th scope="col">At most</th></tr></thead>
        <tbody>
          {items.map(({ id, name, status, quotas }) => (
            <tr key={id}>
              <td><span class="quiet">{parentPart(id)}</span><Link to={`/tenants?${new URLSearchParams({ tenant: id }).toString()}`} class="name" data-row>{id.slice(parentPart(id).length)}</Link></td>
              <td>{name} {status === 'deleting' && <strong class="not">! being deleted</strong>}</td>
              <td class="quiet">{Object.entries(quotas).map(([kind, most]) => `${most} ${kind}`).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Nothing({ place, parent }: { readonly place: Place; readonly parent: string | undefined }): JSX.Element {
  if (place.query.has('cursor')) return <NothingLeft place={place} />;
  if (parent !== undefined) return <Empty title="No tenant is below it."><Command line={`npx wami tenant create ${parent}/core --name Core`} /></Empty>;
  return <Empty title="There are no tenants yet."><p>A first one:</p><Command line="npx wami tenant create acme --name Acme" /></Empty>;
}

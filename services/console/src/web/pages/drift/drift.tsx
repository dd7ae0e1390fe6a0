import { conflictItemSchema, driftItemSchema, sweepViewSchema, type SweepView } from '@wami/contracts';
import type { JSX } from 'preact';
import { z } from 'zod';
import { pageOf } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { usePlace, type Place } from '../../router';
import { Ago } from '../../ui/ago';
import { targetName } from '../../ui/chip';
import { Typed } from '../../ui/filter-fields';
import { Command, Empty, Trouble } from '../../ui/notices';
import { NothingLeft, Pages } from '../../ui/pages';
import { useTitle } from '../../ui/title';
import { Conflict } from './conflict';
import { Drifted, SyncAll } from './drifted';
import { useDirections } from './use-directions';

const PAGE = 50;
const conflictsSchema = pageOf(conflictItemSchema);
const driftSchema = z.object({ items: z.array(driftItemSchema), nextCursor: z.string().optional(), sweeps: z.array(sweepViewSchema).default([]) });

/** What stands in the way in clouds, and what somebody else changed there: both sides beside each other. Each list has its own pages, which the address names. */
export function Drift(): JSX.Element {
  useTitle('Conflicts and drift');
  const place = usePlace();
  return (
    <>
      <h1>Conflicts and drift</h1>
      <search><form class="filters" onSubmit={(event) => event.preventDefault()}><Typed place={place} name="tenant" label="Tenant, and below" hint="acme/core" /></form></search>
      <Conflicts place={place} />
      <Drifts place={place} />
    </>
  );
}

const tenantOf = ({ query }: Place): string | undefined => query.get('tenant')?.trim() || undefined;

interface ListProps {
  readonly place: Place;
}

function Conflicts({ place }: ListProps): JSX.Element {
  const [tenant, cursor] = [tenantOf(place), place.query.get('conflicts') ?? undefined];
  const { value, error, loading } = useLive(`conflicts ${tenant} ${cursor}`, (client, signal) => client.get('/v1/conflicts', conflictsSchema, { query: { tenant, limit: PAGE, cursor }, signal }));
  return (
    <section class="section" aria-labelledby="conflicts" aria-busy={loading}>
      <h2 id="conflicts">Conflicts</h2>
      <Trouble error={error} />
      {value?.items.length === 0 && <div class="panel">{cursor === undefined ? <Empty title="No conflicts."><p>Nothing stands in the way of anything at any target.</p></Empty> : <NothingLeft place={place} name="conflicts" />}</div>}
      {value?.items.map((item) => <Conflict key={`${item.resource} ${targetName(item)}`} item={item} />)}
      <Pages place={place} label="Pages of conflicts" name="conflicts" next={value?.nextCursor} />
    </section>
  );
}

function Drifts({ place }: ListProps): JSX.Element {
  const [tenant, cursor] = [tenantOf(place), place.query.get('drift') ?? undefined];
  const { value, error, loading } = useLive(`drift ${tenant} ${cursor}`, (client, signal) => client.get('/v1/drift', driftSchema, { query: { tenant, limit: PAGE, cursor }, signal }));
  const directions = useDirections(value?.items.filter(({ state }) => state === 'open').map((item) => item.tenant) ?? []);
  return (
    <section class="section" aria-labelledby="drift" aria-busy={loading}>
      <h2 id="drift">Drift</h2>
      <Trouble error={error} />
      {value?.items.length === 0 && <div class="panel">{cursor === undefined ? <NoDrift sweeps={value.sweeps} /> : <NothingLeft place={place} name="drift" />}</div>}
      {value && <SyncAll items={value.items} />}
      {value?.items.map((item) => <Drifted key={`${item.resource} ${targetName(item)}`} item={item} direction={directions[item.tenant]} />)}
      <Pages place={place} label="Pages of drift" name="drift" next={value?.nextCursor} />
    </section>
  );
}

function NoDrift({ sweeps }: { readonly sweeps: readonly SweepView[] }): JSX.Element {
  const [last] = [...sweeps].sort((a, b) => (a.sweptAt < b.sweptAt ? 1 : -1));
  if (!last) return <Empty title="No drift was found."><p>No target was compared by itself yet: give a tenant a schedule, or compare now.</p><Command line="npx wami tenant sync-config default --schedule PT6H" /> <Command line="npx wami sync now" /></Empty>;
  return <Empty title="No drift."><p>Last compared <Ago time={last.sweptAt} /> at {targetName(last)}; next <Ago time={last.nextAt} />.</p></Empty>;
}

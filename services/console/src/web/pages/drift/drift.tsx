import { conflictItemSchema, driftItemSchema, sweepViewSchema, type DriftItem, type SweepView } from '@wami/contracts';
import type { JSX } from 'preact';
import { z } from 'zod';
import { pageOf } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { Link } from '../../router';
import { Action } from '../../ui/action';
import { Ago } from '../../ui/ago';
import { targetName } from '../../ui/chip';
import { Command, Empty, Trouble } from '../../ui/notices';
import { SideBySide } from '../../ui/side-by-side';
import { useTitle } from '../../ui/title';
import { Conflict } from './conflict';

/** More are the command's to tell: who has so many does not settle them one by one. */
const MOST = 50;
const conflictsSchema = pageOf(conflictItemSchema);
const driftSchema = z.object({ items: z.array(driftItemSchema), nextCursor: z.string().optional(), sweeps: z.array(sweepViewSchema).default([]) });

/** What stands in the way in clouds, and what somebody else changed there: both sides beside each other. */
export function Drift(): JSX.Element {
  useTitle('Conflicts and drift');
  return <><h1>Conflicts and drift</h1><Conflicts /><Drifts /></>;
}

function Conflicts(): JSX.Element {
  const { value, error } = useLive('conflicts', (client, signal) => client.get('/v1/conflicts', conflictsSchema, { query: { limit: MOST }, signal }));
  return (
    <section class="section" aria-labelledby="conflicts">
      <h2 id="conflicts">Conflicts</h2>
      <Trouble error={error} />
      {value?.items.length === 0 && <div class="panel"><Empty title="No conflicts."><p>Nothing stands in the way of anything at any target.</p></Empty></div>}
      {value?.items.map((item) => <Conflict key={`${item.resource} ${targetName(item)}`} item={item} />)}
      {value?.nextCursor !== undefined && <More line="npx wami conflicts" />}
    </section>
  );
}

function Drifts(): JSX.Element {
  const { value, error } = useLive('drift', (client, signal) => client.get('/v1/drift', driftSchema, { query: { limit: MOST }, signal }));
  return (
    <section class="section" aria-labelledby="drift">
      <h2 id="drift">Drift</h2>
      <Trouble error={error} />
      {value?.items.length === 0 && <div class="panel"><NoDrift sweeps={value.sweeps} /></div>}
      {value?.items.map((item) => <Drifted key={`${item.resource} ${targetName(item)}`} item={item} />)}
      {value?.nextCursor !== undefined && <More line="npx wami drift" />}
    </section>
  );
}

const More = ({ line }: { readonly line: string }): JSX.Element => <p class="section">Only the newest {MOST} are shown. All of them: <Command line={line} /></p>;

function NoDrift({ sweeps }: { readonly sweeps: readonly SweepView[] }): JSX.Element {
  const [last] = [...sweeps].sort((a, b) => (a.sweptAt < b.sweptAt ? 1 : -1));
  if (!last) return <Empty title="No drift was found."><p>No target was compared by itself yet: give a tenant a schedule, or compare now.</p><Command line="npx wami sync now" /></Empty>;
  return <Empty title="No drift."><p>Last compared <Ago time={last.sweptAt} /> at {targetName(last)}; next <Ago time={last.nextAt} />.</p></Empty>;
}

function Drifted({ item }: { readonly item: DriftItem }): JSX.Element {
  const { resource, kind, tenant, provider, drift, state, foundAt, differences } = item;
  const name = targetName(item);
  return (
    <article class="panel padded" aria-label={`${resource} at ${name}`}>
      <div class="title">
        <h3><Link to={`/r/${resource}`} data-row>{resource}</Link></h3>
        <span class="quiet">{kind} of {tenant}, at {name}, found <Ago time={foundAt} /></span>
        <strong class={state === 'open' ? 'not' : 'ok'}>{state === 'open' ? '! open' : '✓ agrees again'}</strong>
      </div>
      {drift === 'missing'
        ? <p>Nothing of ours stands there any more.</p>
        : <SideBySide columns={['Where', 'As it was left', 'As it was found']} rows={differences.map(({ at, expected, found }) => [at, expected, found])} />}
      {state === 'open' && (
        <div class="actions"><Action label="Sync now" line={`npx wami sync now ${resource} --provider ${provider}`} path="/v1/sync" body={{ resources: [resource], providers: [provider] }} /></div>
      )}
    </article>
  );
}

import { planStateSchema, planSummarySchema, type PlanSummary } from '@wami/contracts';
import type { JSX } from 'preact';
import type { Client } from '../../api/client';
import { pageOf, type LogEvent } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { Link, usePlace, type Place } from '../../router';
import { Ago, useNow } from '../../ui/ago';
import { Chosen } from '../../ui/filter-fields';
import { Command, Empty, Trouble } from '../../ui/notices';
import { NothingLeft, Pages } from '../../ui/pages';
import { useTitle } from '../../ui/title';
import { Held } from './held';
import { countsText, stateAt } from './plan-text';
import { StateWord } from './state-word';

const PAGE = 50;
const listSchema = pageOf(planSummarySchema);

/** What may be applied still, unless the address asks for others. */
export function Plans(): JSX.Element {
  useTitle('Plans');
  const place = usePlace();
  const state = planStateSchema.safeParse(place.query.get('state')).data;
  const cursor = place.query.get('cursor') ?? undefined;
  const { value, error, loading } = useLive(`${state} ${cursor}`, (client, signal) => readPlans(client, signal, state, cursor), isOfPlans);
  return (
    <>
      <h1>Plans</h1>
      <Held />
      <p>What a sync would do in the clouds, to be read before it is done.</p>
      <search>
        <form class="filters" onSubmit={(event) => event.preventDefault()}><Chosen place={place} name="state" label="State" none="not applied yet" options={planStateSchema.options} /></form>
      </search>
      <Trouble error={error} />
      <section class="panel" aria-label="Plans" aria-busy={loading}>
        {value && value.items.length > 0 && <Table items={value.items} />}
        {value?.items.length === 0 && <Nothing place={place} />}
        <Pages place={place} label="Pages of the list" next={value?.nextCursor} />
      </section>
    </>
  );
}

/** Whether a plan was made, got further, or was applied. */
export const isOfPlans = ({ type }: LogEvent): boolean => type.startsWith('wami.plan.') || type.startsWith('wami.sync.plan') || type === 'wami.sync.job-accepted.v1';

/** Those that still run are few, and stand before the first page of those that may be applied. */
async function readPlans(client: Client, signal: AbortSignal, state: PlanSummary['state'] | undefined, cursor: string | undefined): Promise<{ readonly items: readonly PlanSummary[]; readonly nextCursor?: string | undefined }> {
  const list = (of: PlanSummary['state'], after?: string): ReturnType<typeof readPlans> => client.get('/v1/plans', listSchema, { query: { state: of, limit: PAGE, cursor: after }, signal });
  if (state !== undefined || cursor !== undefined) return list(state ?? 'complete', cursor);
  const [running, complete] = await Promise.all([list('running'), list('complete')]);
  return { ...complete, items: [...running.items, ...complete.items.filter(({ id }) => !running.items.some((one) => one.id === id))] };
}

function Table({ items }: { readonly items: readonly PlanSummary[] }): JSX.Element {
  return (
    <div class="scroll">
      <table>
        <thead><tr><th scope="col">Plan</th><th scope="col">State</th><th scope="col">Would do</th><th scope="col">Tenant</th><th scope="col">Made</th><th scope="col">Expires</th></tr></thead>
        <tbody>{items.map((item) => <Row key={item.id} {...item} />)}</tbody>
      </table>
    </div>
  );
}

function Row(plan: PlanSummary): JSX.Element {
  const { id, tenant, counts, createdAt, createdBy, expiresAt } = plan;
  return (
    <tr>
      <td class="narrow"><Link to={`/plans/${id}`} class="name" data-row>{id}</Link></td>
      <td class="narrow"><StateWord state={stateAt(plan, useNow())} /></td>
      <td>{countsText(counts)}</td>
      <td>{tenant === '' ? 'all' : tenant}</td>
      <td class="narrow"><Ago time={createdAt} /> by {createdBy}</td>
      <td class="narrow">{plan.state !== 'applied' && <Ago time={expiresAt} />}</td>
    </tr>
  );
}

function Nothing({ place }: { readonly place: Place }): JSX.Element {
  if (place.query.has('cursor')) return <NothingLeft place={place} />;
  if (place.query.has('state')) return <Empty title="No plan is in this state."><Link to={place.path}>Those not applied yet</Link></Empty>;
  return <Empty title="No plan waits to be applied."><p>One that tells what a sync would do now, and writes nothing, seen here as soon as it is made:</p><Command line="npx wami sync plan" /></Empty>;
}

import { planActionSchema, planViewSchema, type PlanView } from '@wami/contracts';
import type { JSX } from 'preact';
import { ApiError } from '../../api/client';
import { useLive } from '../../api/use-live';
import { Link, usePlace, type Place } from '../../router';
import { Action } from '../../ui/action';
import { Ago, useNow } from '../../ui/ago';
import { targetName } from '../../ui/chip';
import { Chosen } from '../../ui/filter-fields';
import { Command, Empty, Trouble } from '../../ui/notices';
import { NothingLeft, Pages } from '../../ui/pages';
import { useTitle } from '../../ui/title';
import { Job } from './job';
import { Operation } from './operation';
import { countsText, guardText, stateAt, writesOf } from './plan-text';
import { isOfPlans } from './plans';
import { StateWord } from './state-word';

const PAGE = 50;
/** What agrees is only counted. */
const TOLD = planActionSchema.options.filter((action) => action !== 'none');

/** One plan: what it would do, field by field, and the button that approves just that. */
export function Plan({ id }: { readonly id: string }): JSX.Element {
  useTitle(id);
  const place = usePlace();
  const action = planActionSchema.safeParse(place.query.get('action')).data;
  const cursor = place.query.get('cursor') ?? undefined;
  const { value, error, loading } = useLive(`${action} ${cursor}`, (client, signal) => client.get(`/v1/plans/${id}`, planViewSchema, { query: { action, cursor, limit: PAGE }, signal }), isOfPlans);
  if (error instanceof ApiError && error.status === 404) return <NoPlan id={id} />;
  return (
    <>
      <p><Link to="/plans">All plans</Link></p>
      {value ? <Told plan={value} /> : <h1>{id}</h1>}
      <Trouble error={error} />
      <section class="section" aria-labelledby="changes" aria-busy={loading}>
        <h2 id="changes">Changes</h2>
        <form class="filters" onSubmit={(event) => event.preventDefault()}><Chosen place={place} name="action" label="Only" options={TOLD} none="everything" /></form>
        {value?.operations.map((one) => <Operation key={`${one.resource} ${targetName(one)}`} operation={one} />)}
        {value?.operations.length === 0 && <div class="panel"><Nothing place={place} plan={value} /></div>}
        <Pages place={place} label="Pages of the changes" next={value?.nextCursor} />
      </section>
    </>
  );
}

function Told({ plan }: { readonly plan: PlanView }): JSX.Element {
  const { id, tenant, counts, createdAt, createdBy, expiresAt, targets, guard, jobs } = plan;
  const state = stateAt(plan, useNow());
  return (
    <>
      <div class="title"><h1 class="name">{id}</h1><StateWord state={state} /></div>
      <p class="why">{countsText(counts)}</p>
      <dl class="facts">
        <div><dt>Tenant</dt><dd>{tenant === '' ? 'all' : tenant}</dd></div>
        <div><dt>Made</dt><dd><Ago time={createdAt} /> by {createdBy}</dd></div>
        {state !== 'applied' && <div><dt>{state === 'expired' ? 'Expired' : 'Expires'}</dt><dd><Ago time={expiresAt} /></dd></div>}
      </dl>
      <ul class="panel needs" aria-label="Targets">{targets.map((target) => <Target key={targetName(target)} {...target} />)}</ul>
      {guard.map((over) => <p key={`${targetName(over)} ${over.tenant} ${over.kind}`} class="trouble"><strong>{targetName(over)}</strong> {guardText(over)}</p>)}
      {jobs.map((job) => <Job key={job} id={job} />)}
      {state === 'complete' && <Approve plan={plan} />}
      {state === 'expired' && <p class="section">What was planned is too old to be done. A new plan tells how it stands now: <Command line="npx wami sync plan" /></p>}
    </>
  );
}

/** What each target told, or that it has not yet. */
function Target({ provider, account, state, counts, reason }: PlanView['targets'][number]): JSX.Element {
  return (
    <li>
      <strong>{provider}/{account}</strong> {state === 'planning' ? 'is being asked …' : countsText(counts)}
      {state === 'refused' && <strong class="not"> ! nothing of it was done there: {reason}</strong>}
    </li>
  );
}

/** With the hash of what is shown here: what is done is this, or nothing. */
function Approve({ plan: { id, hash, counts } }: { readonly plan: PlanView }): JSX.Element | null {
  const writes = writesOf(counts);
  if (hash === undefined || writes === 0) return null;
  return <div class="actions"><Action label={`Approve and apply ${writes === 1 ? 'this change' : `these ${writes} changes`}`} line={`npx wami sync apply ${id}`} path={`/v1/plans/${id}/apply`} body={{ hash }} /></div>;
}

function Nothing({ place, plan: { state, counts } }: { readonly place: Place; readonly plan: PlanView }): JSX.Element {
  if (place.query.has('cursor')) return <NothingLeft place={place} />;
  if (place.query.has('action')) return <Empty title="Nothing of this kind."><Link to={place.path}>Show everything</Link></Empty>;
  if (state === 'running') return <Empty title="The targets are being asked."><p>What they tell appears here.</p></Empty>;
  return <Empty title="Nothing would be done."><p>{counts.none ? `All ${counts.none} agree already.` : 'It is about nothing that is asked for at any target.'}</p></Empty>;
}

function NoPlan({ id }: { readonly id: string }): JSX.Element {
  useTitle('No such plan');
  return <><h1>No such plan</h1><Empty title={`There is no ${id}, or the token may not see it.`}><Link to="/plans">All plans</Link></Empty></>;
}

import type { JSX } from 'preact';
import { approvalViewSchema, deadLetterSchema, driftItemSchema, providerTargetSchema, type ProviderTargetView } from '@wami/contracts';
import { pageOf, summarySchema, type Summary } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { useConsole } from '../../console-context';
import { Link, usePlace } from '../../router';
import { Ago } from '../../ui/ago';
import { Typed } from '../../ui/filter-fields';
import { mayOperate } from '../../ui/may';
import { Command, Empty, Trouble } from '../../ui/notices';
import { Pauses } from '../../ui/pauses';
import { useTitle } from '../../ui/title';
import { Agreement } from './agreement';
import { needsOf, sentenceOf, within, type Needs } from './needs';
import { NeedsYou } from './needs-you';

const MOST = 100;
/** Less is what reading takes. */
const BEHIND_SECONDS = 5;
const driftSchema = pageOf(driftItemSchema);
const approvalsSchema = pageOf(approvalViewSchema);
const targetsSchema = pageOf(providerTargetSchema);
const lettersSchema = pageOf(deadLetterSchema);

/** What needs somebody, then how it stands: of all that the token may see, or of the tenant that the address names. */
export function Home(): JSX.Element {
  useTitle('Home');
  const place = usePlace();
  const { who } = useConsole();
  const tenant = place.query.get('tenant')?.trim() || undefined;
  const { value, error } = useLive(`home ${tenant}`, async (client, signal) => {
    const query = { tenant, limit: MOST };
    const [summary, drift, approvals, { items: targets }, letters] = await Promise.all([
      client.get('/v1/sync-summary', summarySchema, { query: { tenant }, signal }), client.get('/v1/drift', driftSchema, { query: { ...query, state: 'open' }, signal }),
      client.get('/v1/approvals', approvalsSchema, { query: { ...query, state: 'open' }, signal }), client.get('/v1/providers', targetsSchema, { query, signal }),
      mayOperate(who) ? client.get('/v1/dead-letters', lettersSchema, { query, signal }) : { items: [] },
    ]);
    const held = approvals.items.reduce((sum, one) => sum + one.held, 0);
    return { summary, targets, needs: needsOf(summary, { drift: drift.items.length, held, targets, parked: new Set(letters.items.map(({ event }) => event)).size, most: MOST, tenant }) };
  });
  return (
    <>
      <h1>{value ? sentenceOf(value.needs) : 'WAMI'}</h1>
      <search><form class="filters" onSubmit={(event) => event.preventDefault()}><Typed place={place} name="tenant" label="Tenant, and below" hint="all that you see" /></form></search>
      <Trouble error={error} />
      <Pauses tenant={tenant} />
      {value && <Standing {...value} tenant={tenant} />}
    </>
  );
}

interface StandingProps {
  readonly summary: Summary;
  readonly targets: readonly ProviderTargetView[];
  readonly needs: Needs;
  readonly tenant: string | undefined;
}

function Standing({ summary, targets, needs, tenant }: StandingProps): JSX.Element {
  const { counts, oldestPendingAt, lagSeconds, settleSeconds: { p50, p99 } } = summary;
  if (counts.length === 0 && needs.length === 0 && tenant !== undefined) return <div class="panel"><Empty title={`Nothing of ${tenant} is synced, or the token may not see it.`}><Link to="/">All that you see</Link></Empty></div>;
  if (counts.length === 0 && needs.length === 0) return <div class="panel"><Empty title="Nothing is synced yet."><p>A first user:</p><Command line="npx wami user create ann --tag team=core --wait" /></Empty></div>;
  return (
    <>
      {lagSeconds > BEHIND_SECONDS && <p class="trouble"><strong>Behind.</strong> What you see is {Math.round(lagSeconds)} s old.</p>}
      <NeedsYou needs={needs} tenant={tenant} />
      <section class="section" aria-labelledby="agreement">
        <h2 id="agreement">Agreement</h2>
        <Agreement counts={counts} targets={targets} tenant={tenant} />
        <p class="section"><Link to={within(tenant, '/reports?name=sync-health')}>Tenant by tenant</Link></p>
        <dl class="facts section">
          <div><dt>Oldest that waits</dt><dd>{oldestPendingAt === undefined ? 'nothing waits' : <Ago time={oldestPendingAt} />}</dd></div>
          <div><dt>What you see is</dt><dd>{lagSeconds > BEHIND_SECONDS ? `${Math.round(lagSeconds)} s old` : 'current'}</dd></div>
          <div><dt>From a change to agreement, last 7 days</dt><dd>{p50 === 0 && p99 === 0 ? 'nothing settled' : `half within ${seconds(p50)}, 99 % within ${seconds(p99)}`}</dd></div>
        </dl>
      </section>
    </>
  );
}

const seconds = (value: number): string => (value < 1 ? `${Math.max(1, Math.round(value * 1000))} ms` : `${value < 10 ? value.toFixed(1) : Math.round(value)} s`);

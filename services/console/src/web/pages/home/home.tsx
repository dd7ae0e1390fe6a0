import type { JSX } from 'preact';
import { approvalViewSchema, driftItemSchema, providerTargetSchema, type ProviderTargetView } from '@wami/contracts';
import { pageOf, summarySchema, type Summary } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { Ago } from '../../ui/ago';
import { Command, Empty, Trouble } from '../../ui/notices';
import { useTitle } from '../../ui/title';
import { Agreement } from './agreement';
import { needsOf, sentenceOf, type Needs } from './needs';
import { NeedsYou } from './needs-you';

const MOST = 100;
/** Less is what reading takes. */
const BEHIND_SECONDS = 5;
const driftSchema = pageOf(driftItemSchema);
const approvalsSchema = pageOf(approvalViewSchema);
const targetsSchema = pageOf(providerTargetSchema);

/** What needs somebody, then how it stands. */
export function Home(): JSX.Element {
  useTitle('Home');
  const { value, error } = useLive('home', async (client, signal) => {
    const [summary, drift, approvals, { items: targets }] = await Promise.all([
      client.get('/v1/sync-summary', summarySchema, { signal }), client.get('/v1/drift', driftSchema, { query: { state: 'open', limit: MOST }, signal }),
      client.get('/v1/approvals', approvalsSchema, { query: { state: 'open', limit: MOST }, signal }), client.get('/v1/providers', targetsSchema, { query: { limit: MOST }, signal }),
    ]);
    return { summary, targets, needs: needsOf(summary, { drift: drift.items.length, approvals: approvals.items.length, targets, most: MOST }) };
  });
  return (
    <>
      <h1>{value ? sentenceOf(value.needs) : 'WAMI'}</h1>
      <Trouble error={error} />
      {value && <Standing {...value} />}
    </>
  );
}

interface StandingProps {
  readonly summary: Summary;
  readonly targets: readonly ProviderTargetView[];
  readonly needs: Needs;
}

function Standing({ summary, targets, needs }: StandingProps): JSX.Element {
  const { counts, oldestPendingAt, lagSeconds, settleSeconds: { p50, p99 } } = summary;
  if (counts.length === 0 && needs.length === 0) return <div class="panel"><Empty title="Nothing is synced yet."><p>A first user:</p><Command line="npx wami user create ann --tag team=core --wait" /></Empty></div>;
  return (
    <>
      {lagSeconds > BEHIND_SECONDS && <p class="trouble"><strong>Behind.</strong> What you see is {Math.round(lagSeconds)} s old.</p>}
      <NeedsYou needs={needs} />
      <section class="section" aria-labelledby="agreement">
        <h2 id="agreement">Agreement</h2>
        <Agreement counts={counts} targets={targets} />
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

import { approvalViewSchema, type ApprovalView } from '@wami/contracts';
import type { JSX } from 'preact';
import { pageOf } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { Link } from '../../router';
import { Ago } from '../../ui/ago';
import { targetName } from '../../ui/chip';
import { Command } from '../../ui/notices';
import { isOfApprovals } from './approval';
import { removalsText } from './approval-text';

const MOST = 100;
const listSchema = pageOf(approvalViewSchema);

/** Lists of removals that wait for somebody; nothing where there are none, or the page itself says that it cannot be read. */
export function Held(): JSX.Element | null {
  const { value } = useLive('held', (client, signal) => client.get('/v1/approvals', listSchema, { query: { state: 'open', limit: MOST }, signal }), isOfApprovals);
  if (!value || value.items.length === 0) return null;
  return (
    <section class="section" aria-labelledby="held">
      <h2 id="held">Removals that wait for approval</h2>
      <ul class="panel needs">{value.items.map((one) => <List key={one.id} approval={one} />)}</ul>
      {value.nextCursor !== undefined && <p>These are the first {MOST}. All of them: <Command line="npx wami sync approvals --state open" /></p>}
    </section>
  );
}

function List({ approval }: { readonly approval: ApprovalView }): JSX.Element {
  const { id, tenant, held, askedAt } = approval;
  return <li><strong><Link to={`/plans/${id}`} data-row>{id}</Link></strong> {removalsText(held)} of {tenant} at {targetName(approval)}, since <Ago time={askedAt} /></li>;
}

import { approvalItemSchema, approvalViewSchema, type ApprovalItem, type ApprovalView } from '@wami/contracts';
import type { JSX } from 'preact';
import { ApiError, type Client } from '../../api/client';
import { pageOf, type LogEvent } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { Link, usePlace } from '../../router';
import { Action } from '../../ui/action';
import { Ago } from '../../ui/ago';
import { targetName } from '../../ui/chip';
import { Empty, Trouble } from '../../ui/notices';
import { NothingLeft, Pages } from '../../ui/pages';
import { useTitle } from '../../ui/title';
import { budgetText, losesText, removalsText, STATE_WORDS } from './approval-text';

const PAGE = 50;
const itemsSchema = pageOf(approvalItemSchema);

/** Whether more is held, or somebody decided. */
export const isOfApprovals = ({ type }: LogEvent): boolean => type.startsWith('wami.approval.') || type.startsWith('wami.sync.guard-');

/** Ids of approvals are told from those of plans by it. */
export const isApproval = (id: string): boolean => id.startsWith('apr_');

/** Removals that the guard holds: all of the list, and the button that lets just that go. */
export function Approval({ id }: { readonly id: string }): JSX.Element {
  useTitle(id);
  const place = usePlace();
  const cursor = place.query.get('cursor') ?? undefined;
  const { value, error, loading } = useLive(`${id} ${cursor}`, (client, signal) => read(client, signal, id, cursor), isOfApprovals);
  if (error instanceof ApiError && error.status === 404) return <NoApproval id={id} />;
  return (
    <>
      <p><Link to="/plans">All plans</Link></p>
      {value ? <Told approval={value.approval} /> : <h1>{id}</h1>}
      <Trouble error={error} />
      <section class="section" aria-labelledby="removals" aria-busy={loading}>
        <h2 id="removals">Removals</h2>
        {value && value.items.length > 0 && <ul class="panel needs">{value.items.map((item) => <Item key={item.resource} {...item} />)}</ul>}
        {value?.items.length === 0 && <div class="panel">{cursor === undefined ? <Empty title="The list is not read yet." /> : <NothingLeft place={place} />}</div>}
        <Pages place={place} label="Pages of the removals" next={value?.nextCursor} />
      </section>
    </>
  );
}

/** What is approved is the list as it was before its items were read: one that came meanwhile may be shown, and is asked for anew. */
async function read(client: Client, signal: AbortSignal, id: string, cursor: string | undefined): Promise<{ readonly approval: ApprovalView; readonly items: readonly ApprovalItem[]; readonly nextCursor?: string | undefined }> {
  const approval = await client.get(`/v1/approvals/${id}`, approvalViewSchema, { signal });
  return { approval, ...await client.get(`/v1/approvals/${id}/items`, itemsSchema, { query: { cursor, limit: PAGE }, signal }) };
}

function Told({ approval }: { readonly approval: ApprovalView }): JSX.Element {
  const { id, tenant, state, held, budgets, askedAt, expiresAt, decidedAt, decidedBy } = approval;
  const [look, word] = STATE_WORDS[state];
  return (
    <>
      <div class="title"><h1 class="name">{id}</h1><strong class={look}>{word}</strong></div>
      <p class="why">{removalsText(held)} of {tenant} at {targetName(approval)}</p>
      {budgets.map((budget) => <p key={budget.kind}>{budgetText(budget)}</p>)}
      <dl class="facts">
        <div><dt>Asked for</dt><dd><Ago time={askedAt} /></dd></div>
        {decidedAt !== undefined && <div><dt>Decided</dt><dd><Ago time={decidedAt} />{decidedBy !== undefined && ` by ${decidedBy}`}</dd></div>}
        {(state === 'open' || state === 'rejected') && <div><dt>Expires</dt><dd><Ago time={expiresAt} /></dd></div>}
      </dl>
      <Decide approval={approval} />
    </>
  );
}

/** With the hash of what is shown here: just that goes. What was kept held may be let go after all. */
function Decide({ approval: { id, state, held, hash } }: { readonly approval: ApprovalView }): JSX.Element | null {
  if (state !== 'open' && state !== 'rejected') return null;
  return (
    <div class="actions">
      <Action label={held === 1 ? 'Let this removal go' : `Let these ${held} removals go`} line={`npx wami sync approve ${id} --hash ${hash}`} path={`/v1/approvals/${id}/approve`} body={{ hash }} done="Approved: they go now." />
      {state === 'open' && <Action label="Keep all of it held" line={`npx wami sync reject ${id}`} path={`/v1/approvals/${id}/reject`} body={{}} done="Kept held." />}
    </div>
  );
}

function Item({ resource, kind, name = resource, ...loss }: ApprovalItem): JSX.Element {
  return <li><strong>{kind} <Link to={`/r/${resource}`} data-row>{name}</Link></strong> {losesText(loss)}</li>;
}

function NoApproval({ id }: { readonly id: string }): JSX.Element {
  useTitle('No such list');
  return <><h1>No such list of removals</h1><Empty title={`There is no ${id}, or the token may not see it.`}><Link to="/plans">All plans</Link></Empty></>;
}

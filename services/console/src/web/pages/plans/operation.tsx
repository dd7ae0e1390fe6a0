import type { PlanOperation } from '@wami/contracts';
import type { JSX } from 'preact';
import { Link } from '../../router';
import { targetName } from '../../ui/chip';
import { SideBySide } from '../../ui/side-by-side';

/** Why one was left out when the plan was applied, in the words of docs/plans.md. */
const REFUSED: Readonly<Record<NonNullable<PlanOperation['refused']>, string>> = {
  'desired-moved': 'what is wanted changed since the plan', 'observed-moved': 'what stands at the cloud changed since the plan', 'observe-only': 'the connection may not write',
  gone: 'it was deleted everywhere', expired: 'the plan expired before its turn came',
};

/** What would be done to one thing at one target, field by field. */
export function Operation({ operation }: { readonly operation: PlanOperation }): JSX.Element {
  const { resource, kind, tenant, action, name = resource, reason, code, changes, more, refused } = operation;
  const at = targetName(operation);
  return (
    <article class="panel padded" aria-label={`${action} ${name} at ${at}`}>
      <div class="title">
        <h3>{action} <Link to={`/r/${resource}`} data-row>{name}</Link></h3>
        <span class="quiet">{kind} of {tenant}, at {at}</span>
        {refused !== undefined && <strong class="not">! not done: {REFUSED[refused]}</strong>}
      </div>
      {(reason !== undefined || code !== undefined) && <p>{code !== undefined && <><strong>{code}</strong> </>}{reason}</p>}
      {changes.length > 0 && <SideBySide columns={['Field', 'There now', 'Would be']} rows={changes.map(({ field, from, to }) => [field, from, to])} />}
      {more > 0 && <p class="quiet">{changes.length > 0 && 'and '}{more} more that {more === 1 ? 'is' : 'are'} not told here</p>}
    </article>
  );
}

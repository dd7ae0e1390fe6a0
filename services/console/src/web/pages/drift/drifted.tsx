import type { DriftItem } from '@wami/contracts';
import type { JSX } from 'preact';
import { useConsole } from '../../console-context';
import { Link } from '../../router';
import { Action } from '../../ui/action';
import { Ago } from '../../ui/ago';
import { targetName } from '../../ui/chip';
import { DriftWord, Found } from '../../ui/found';
import { mayChange } from '../../ui/may';
import { isEditable } from '../editing/kinds';
import { wayOf } from './drift-text';
import type { Direction } from './use-directions';

interface Props {
  readonly item: DriftItem;
  readonly direction: Direction | undefined;
}

/** What somebody else changed of one resource at one target, and what can be done about it. */
export function Drifted({ item, direction }: Props): JSX.Element {
  const { resource, name = resource, kind, tenant, drift, state, foundAt, differences } = item;
  const at = targetName(item);
  return (
    <article class="panel padded" aria-label={`${name} at ${at}`}>
      <div class="title">
        <h3><Link to={`/r/${resource}`} data-row>{name}</Link></h3>
        {name !== resource && <code class="quiet">{resource}</code>}
        <span class="quiet">{kind} of {tenant}, at {at}, found <Ago time={foundAt} /></span>
        <DriftWord state={state} />
      </div>
      <Found drift={drift} differences={differences} />
      {state === 'open' && <Ways item={item} direction={direction} />}
    </article>
  );
}

function Ways({ item, direction }: Props): JSX.Element {
  const { who: { role } } = useConsole();
  const { resource, kind, tenant, provider, account, drift } = item;
  const { label, decided, becomes } = wayOf(item, direction);
  const same = { resource, provider, account, strategy: 'overwrite' };
  return (
    <div class="actions">
      {direction !== undefined && <p class="quiet"><Link to={`/tenants?${new URLSearchParams({ tenant }).toString()}`}>Direction of {tenant}: {direction}</Link>. What somebody else {drift === 'missing' ? 'took away' : 'changed'} {becomes}.</p>}
      {label !== undefined && (decided
        ? <Action label={label} line={`npx wami sync resolve ${resource} --provider ${provider} --account ${account} --strategy overwrite`} path="/v1/sync/resolve" body={same} />
        : <Action label={label} line={`npx wami sync now ${resource} --provider ${provider}`} path="/v1/sync" body={{ resources: [resource], providers: [provider] }} />)}
      {direction === 'push' && drift === 'changed' && mayChange(role) && isEditable(kind) && <p><Link to={`/r/${resource}?edit=fields`}>Or edit it here, as it was found</Link></p>}
    </div>
  );
}

/** The same for all that is shown and open, where that is more than one. */
export function SyncAll({ items }: { readonly items: readonly DriftItem[] }): JSX.Element | null {
  const open = items.filter(({ state }) => state === 'open');
  const [resources, providers] = [[...new Set(open.map(({ resource }) => resource))].sort(), [...new Set(open.map(({ provider }) => provider))].sort()];
  const [provider] = providers.length === 1 ? providers : [];
  if (open.length < 2) return null;
  return <div class="panel padded"><Action label={`Sync the ${resources.length} that are open here`} line={`npx wami sync now ${resources.join(' ')}${provider === undefined ? '' : ` --provider ${provider}`}`} path="/v1/sync" body={{ resources, providers }} /></div>;
}

import { providerTargetSchema } from '@wami/contracts';
import type { JSX } from 'preact';
import { pageOf } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { Link, usePlace, type Place } from '../../router';
import { targetName } from '../../ui/chip';
import { Empty, Trouble } from '../../ui/notices';
import { NothingLeft, Pages } from '../../ui/pages';
import { useTitle } from '../../ui/title';
import { Target } from './target';

const PAGE = 20;
const listSchema = pageOf(providerTargetSchema);

/** Every target that the token may see, or those that the address names: whether each can be called, and what it can hold. */
export function Providers(): JSX.Element {
  useTitle('Providers');
  const place = usePlace();
  const [provider, account, cursor] = ['provider', 'account', 'cursor'].map((name) => place.query.get(name) ?? undefined);
  const { value, error, loading } = useLive(`${provider} ${account} ${cursor}`, (client, signal) => client.get('/v1/providers', listSchema, { query: { provider, account, cursor, limit: PAGE }, signal }));
  const one = provider !== undefined || account !== undefined;
  return (
    <>
      <h1>Providers</h1>
      <p>The clouds that identities are brought to: whether each can be called, and what it can hold. Whether it agrees is another thing, and stands beside.</p>
      {one && <p><Link to={place.path}>All providers</Link></p>}
      <Trouble error={error} />
      <section aria-label="Providers" aria-busy={loading}>
        {value?.items.map((target) => <Target key={targetName(target)} target={target} open={one} />)}
        {value?.items.length === 0 && <div class="panel"><Nothing place={place} /></div>}
        <Pages place={place} label="Pages of the list" next={value?.nextCursor} />
      </section>
    </>
  );
}

function Nothing({ place }: { readonly place: Place }): JSX.Element {
  if (place.query.has('cursor')) return <NothingLeft place={place} />;
  if (place.query.has('provider') || place.query.has('account')) return <Empty title="There is no such target, or the token may not see it."><Link to={place.path}>All providers</Link></Empty>;
  return <Empty title="No cloud may be used yet."><p>Whoever runs WAMI connects one in the connections file, which <code>WAMI_CONNECTIONS</code> names; it appears here as soon as it is read.</p></Empty>;
}

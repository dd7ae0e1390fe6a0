import type { JSX } from 'preact';
import { Link } from '../../router';
import { Action } from '../../ui/action';
import { Command, Prose } from '../../ui/notices';
import { wami, type Need, type Needs } from './needs';

interface Props {
  readonly needs: Needs;
  /** Only of this one and those below it. */
  readonly tenant: string | undefined;
}

export function NeedsYou({ needs, tenant }: Props): JSX.Element {
  if (needs.length === 0) return <p>Every target agrees as far as it was asked, nothing failed, and nothing waits for approval.</p>;
  return <ul class="panel needs">{needs.map((need) => <Item key={need.title} need={need} tenant={tenant} />)}</ul>;
}

function Item({ need: { title, hint, line, code, count, to }, tenant }: { readonly need: Need } & Pick<Props, 'tenant'>): JSX.Element {
  return (
    <li>
      <strong>{to === undefined ? title : <Link to={to} data-row>{title}</Link>}</strong>
      <p class="hint"><Prose text={hint} /></p>
      <p class="action">See it: <Command line={line} /></p>
      {code !== undefined && <Action label={`Retry ${count === 1 ? 'it' : `all ${count}`}`} line={wami(tenant, `sync retry --code ${code}`)} path="/v1/sync/retry" body={{ filter: { state: 'Failed', code, ...(tenant === undefined ? {} : { tenant }) } }} />}
    </li>
  );
}

import type { JSX } from 'preact';
import { Link } from '../../router';
import { Action } from '../../ui/action';
import { Command, Prose } from '../../ui/notices';
import type { Need, Needs } from './needs';

export function NeedsYou({ needs }: { readonly needs: Needs }): JSX.Element {
  if (needs.length === 0) return <p>Every target agrees as far as it was asked, nothing failed, and nothing waits for approval.</p>;
  return <ul class="panel needs">{needs.map((need) => <Item key={need.title} {...need} />)}</ul>;
}

function Item({ title, hint, line, code, count, to }: Need): JSX.Element {
  return (
    <li>
      <strong>{to === undefined ? title : <Link to={to} data-row>{title}</Link>}</strong>
      <p class="hint"><Prose text={hint} /></p>
      <p class="action">See it: <Command line={line} /></p>
      {code !== undefined && <Action label={`Retry ${count === 1 ? 'it' : `all ${count}`}`} line={`npx wami sync retry --code ${code}`} path="/v1/sync/retry" body={{ filter: { state: 'Failed', code } }} />}
    </li>
  );
}

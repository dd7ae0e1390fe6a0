import type { JSX } from 'preact';
import { Link } from '../../router';
import { Action } from '../../ui/action';
import { Command } from '../../ui/notices';
import type { Need, Needs } from './needs';

export function NeedsYou({ needs }: { readonly needs: Needs }): JSX.Element {
  if (needs.length === 0) return <p>Every target agrees as far as it was asked, nothing failed, and nothing waits for approval.</p>;
  return <ul class="panel needs">{needs.map((need) => <Item key={need.title} {...need} />)}</ul>;
}

function Item({ title, hint, line, code, count }: Need): JSX.Element {
  return (
    <li>
      <strong>{code === undefined ? title : <Link to={`/r?code=${code}`} data-row>{title}</Link>}</strong>
      <span><Command line={line} /></span>
      <p class="hint">{hint}</p>
      {code !== undefined && <Action label={`Retry ${count === 1 ? 'it' : `all ${count}`}`} line={`POST /v1/sync/retry {"filter": {"code": "${code}"}}`} path="/v1/sync/retry" body={{ filter: { state: 'Failed', code } }} />}
    </li>
  );
}

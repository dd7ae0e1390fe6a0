import type { JSX } from 'preact';
import { Link } from '../../router';
import type { Settings } from './read-settings';
import { effectiveTexts, FIELDS, sayers, type Line } from './settings';

/** Every setting that holds, and who says so. */
export function SettingsTable({ settings: { line, effective } }: { readonly settings: Settings }): JSX.Element {
  const holds = effectiveTexts(effective);
  return (
    <div class="panel scroll">
      <table>
        <thead><tr><th scope="col">Setting</th><th scope="col">Holds</th><th scope="col">Comes from</th></tr></thead>
        <tbody>{FIELDS.map(({ id, label }) => <tr key={id}><th scope="row" class="narrow">{label}</th><td><Text text={holds[id] ?? ''} /></td><td class="narrow"><From line={line} field={id} /></td></tr>)}</tbody>
      </table>
    </div>
  );
}

/** Of several lines each for itself. */
function Text({ text }: { readonly text: string }): JSX.Element {
  return text.includes('\n') ? <ul>{text.split('\n').map((one) => <li key={one}>{one}</li>)}</ul> : <>{text}</>;
}

/** Its own, that of a tenant above, or what holds where nobody says anything. */
function From({ line, field }: { readonly line: readonly Line[]; readonly field: string }): JSX.Element {
  const said = field === 'kinds' ? sayers(line, field) : sayers(line, field).slice(-1);
  const [first, own] = [line[0]?.tenant ?? '', line.at(-1)?.tenant];
  if (said.length === 0) return <span class="quiet">{first.includes('/') ? `above ${first}` : 'nobody: it is so by default'}</span>;
  return <>{said.map((tenant) => (tenant === own ? <strong key={tenant}>own </strong> : <span key={tenant}><Link to={`/tenants?${new URLSearchParams({ tenant }).toString()}`}>{tenant}</Link> </span>))}</>;
}
